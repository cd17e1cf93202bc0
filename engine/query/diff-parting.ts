/** Where two runs that begin alike part: told from the hashes that both have kept on the way. */
import type { Micros } from '../sdk/index.ts';
import type { Parting, RunDiff } from './diff-types.ts';
import { inputsOf, type RunInput } from './inputs.ts';
import type { RunReader } from './reader.ts';

/**
 * Digests of keyframes cover everything before them, detectors included, and what people decided, whether
 * it has come to anything or not: from the first input that only one run has they cannot be the same. The
 * worlds of a simulation lie closer together, know nothing of detectors, and wait until an input works.
 */
export function partingOf(
  a: RunReader,
  b: RunReader,
  {
    detectors,
    untilUs = Infinity,
  }: Pick<RunDiff['alike'], 'detectors'> & { readonly untilUs?: Micros },
): Parting {
  const decidedAt = firstUnlikeInput(inputsOf(a), inputsOf(b));
  const digests = detectors ? shared(keyframeDigests(a), keyframeDigests(b)) : [];
  const marks = [
    ...shared(worldHashes(a), worldHashes(b)),
    ...digests.filter(({ t }) => t <= decidedAt),
  ].filter(({ t }) => t <= untilUs);
  const differing = marks.filter(({ same }) => !same).map(({ t }) => t);
  const before = differing.reduce((first, t) => Math.min(first, t), Infinity);
  const differBy = before === Infinity ? null : before;
  const same = marks.filter((mark) => mark.same && mark.t < before).map(({ t }) => t);
  return { sameUntil: same.reduce((last, t) => Math.max(last, t), 0), differBy };
}

function firstUnlikeInput(a: readonly RunInput[], b: readonly RunInput[]): Micros {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const [one, other] = [a[i], b[i]];
    if (one?.t === other?.t && one?.text === other?.text) continue;
    return Math.min(one?.t ?? Infinity, other?.t ?? Infinity);
  }
  return Infinity;
}

/** The moments that both runs have a hash of. */
function shared(a: ReadonlyMap<Micros, string>, b: ReadonlyMap<Micros, string>) {
  const marks: { readonly t: Micros; readonly same: boolean }[] = [];
  for (const [t, hash] of a) {
    const other = b.get(t);
    if (other !== undefined) marks.push({ t, same: other === hash });
  }
  return marks;
}

/** The newest of more than can be held. */
function worldHashes(run: RunReader): ReadonlyMap<Micros, string> {
  return hashes(run, 'SELECT t, hash FROM checkpoint ORDER BY t DESC LIMIT ?');
}

function keyframeDigests(run: RunReader): ReadonlyMap<Micros, string> {
  return hashes(run, 'SELECT t, digest FROM keyframe ORDER BY t DESC LIMIT ?');
}

/** Of a run of any length: a keyframe is due ever more rarely, and a day has 1,440 worlds. */
const hashesMax = 100_000;

function hashes(run: RunReader, sql: string): ReadonlyMap<Micros, string> {
  return new Map(run.tuples<[t: Micros, hash: string]>(sql, hashesMax));
}
