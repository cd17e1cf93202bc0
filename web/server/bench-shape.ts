/**
 * Whether a board from a results file has the shape that the page draws. The file is a stranger's: it
 * says that it is ours, and is JSON, and that is all that is known of it.
 */
import type { MadeBoard } from '../../engine/benchmark/index.ts';
import { limits } from '../../engine/limits.ts';
import { compileCheck, type Check } from './schema.ts';

const text = { type: 'string', maxLength: limits.benchmarkNameBytesMax };
const names = { type: 'array', items: text, maxItems: limits.benchmarkEntriesMax };
/** JSON has no NaN: a figure that is none is null there. */
const figure = { type: ['number', 'null'] };
const count = { type: 'integer', minimum: 0 };
const moment = { type: 'number', minimum: 0, maximum: Number.MAX_SAFE_INTEGER };

const object = (properties: Readonly<Record<string, object>>) => ({
  type: 'object',
  required: Object.keys(properties),
  properties,
});
const orNull = (schema: object) => ({ anyOf: [schema, { type: 'null' }] });
const list = (items: object, maxItems: number) => ({ type: 'array', items, maxItems });

const interval = orNull(object({ low: figure, high: figure }));

const board = object({
  suite: text,
  engineVersion: text,
  items: list(
    object({
      id: text,
      kind: { enum: ['outage', 'series'] },
      hash: text,
      title: text,
      category: orNull(text),
      durationUs: orNull(moment),
      source: text,
    }),
    limits.benchmarkFilesMax,
  ),
  seeds: list(count, limits.benchmarkSeedsMax),
  columns: list(
    object({
      id: text,
      title: text,
      unit: { enum: ['share', 'score', 's', 'ns', 'bytes', 'count', '/h'] },
      better: { enum: ['high', 'low'] },
      says: text,
    }),
    limits.benchmarkColumnsMax,
  ),
  rankedBy: text,
  rows: list(
    object({
      entry: text,
      role: text,
      detectors: text,
      figures: {
        type: 'object',
        maxProperties: limits.benchmarkColumnsMax,
        additionalProperties: orNull(object({ value: figure, interval })),
      },
      rank: count,
      tiesWith: names,
      againstRandom: orNull(object({ verdict: { enum: ['better', 'alike', 'worse'] } })),
      failures: list(text, limits.benchmarkCellsMax),
      scores: list(figure, limits.benchmarkFilesMax),
    }),
    limits.benchmarkEntriesMax,
  ),
  notes: list(text, limits.benchmarkColumnsMax),
});

const curve = object({
  basis: { enum: ['incidents', 'rows'] },
  points: list(
    object({ threshold: figure, precision: figure, recall: figure, f1: figure }),
    limits.benchmarkCurvePointsMax,
  ),
  area: figure,
});
const delays = orNull(object({ caughtS: list(figure, limits.benchmarkCellsMax), missed: count }));

const details = object({
  entries: list(
    object({
      entry: text,
      curves: object({ held: curve, onset: curve }),
      delays: object({ observable: delays, onset: delays }),
      calibration: orNull(
        object({
          basis: { enum: ['rows', 'findings'] },
          brier: figure,
          bins: list(
            object({ rows: count, meanScore: figure, abnormalShare: figure }),
            limits.benchmarkColumnsMax,
          ),
        }),
      ),
      threshold: figure,
      costColumn: text,
      mistakes: list(
        object({
          item: text,
          seed: count,
          kind: { enum: ['miss', 'late', 'false-alarm'] },
          tUs: moment,
          untilUs: moment,
          title: text,
          cost: figure,
          score: figure,
        }),
        limits.benchmarkMistakesMax,
      ),
      mistakeCount: count,
    }),
    limits.benchmarkEntriesMax,
  ),
});

/** What is wrong with it, or null. */
export function boardCheck(): (made: MadeBoard) => string | null {
  const [checkBoard, checkDetails]: Check[] = [compileCheck(board), compileCheck(details)];
  return (made) => {
    const wrong = checkBoard?.(made.board) ?? null;
    if (wrong !== null) return `its board: ${wrong}`;
    const behind = checkDetails?.(made.details) ?? null;
    return behind === null ? null : `what lies behind its board: ${behind}`;
  };
}
