/** What detectors said for the first time, in one run and in the other. */
import { limits } from '../limits.ts';
import type { Micros } from '../sdk/index.ts';
import { changeOf, differenceOf } from './diff-change.ts';
import type { DiffedFinding, DiffedFindings, FindingFacts } from './diff-types.ts';
import type { RunReader } from './reader.ts';

export function diffFindings(a: RunReader, b: RunReader, until: Micros): DiffedFindings {
  const [firstA, firstB] = [firstFindings(a, until), firstFindings(b, until)];
  const keys = [...new Set([...firstA.keys(), ...firstB.keys()])];
  const all = keys.map((key) => aligned(key, firstA.get(key) ?? null, firstB.get(key) ?? null));
  const differing = all
    .filter(({ change }) => change !== 'same')
    .sort((one, other) => timeOf(one) - timeOf(other));
  const more = [firstA, firstB].some(({ size }) => size >= limits.queryRowsMax);
  return { differing, same: all.length - differing.length, more };
}

function aligned(key: string, a: FindingFacts | null, b: FindingFacts | null): DiffedFinding {
  const [detector = '', subject = '', message = ''] = key.split('\0');
  const [timeA, timeB] = [a?.firstAt ?? null, b?.firstAt ?? null];
  const [change, byUs] = [changeOf(timeA, timeB) ?? 'same', differenceOf(timeA, timeB)];
  return { detector, subject, message, change, byUs, a, b };
}

function timeOf({ a, b }: DiffedFinding): Micros {
  return Math.min(a?.firstAt ?? Infinity, b?.firstAt ?? Infinity);
}

function firstFindings(run: RunReader, until: Micros): ReadonlyMap<string, FindingFacts> {
  const rows = run.tuples<
    [detector: string, subject: string, message: string, first: Micros, count: number]
  >(
    `SELECT detector.name, subject, message, min(t) AS first, count(*) FROM finding
     JOIN detector ON detector.id = detector_id
     WHERE k < ? GROUP BY detector_id, subject, message ORDER BY first LIMIT ?`,
    run.keyAfter('finding', until),
    limits.queryRowsMax,
  );
  return new Map(
    rows.map(([detector, subject, message, firstAt, count]) => [
      [detector, subject, message].join('\0'),
      { firstAt, count },
    ]),
  );
}
