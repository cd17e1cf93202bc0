/**
 * The shape of boards that come from outside: a report of another day, or a results file, which may be a
 * stranger's. What has passed can be printed and compared without a second look.
 */
import { Ajv } from 'ajv';
import { Type } from 'typebox';
import type { Board, BoardDetails } from '../engine/benchmark/index.ts';

const optionalNumber = Type.Union([Type.Null(), Type.Number()]);
const text = Type.String();

/** Whatever of a board is compared; the rest of it may be of another version. */
const comparedColumn = { id: text, better: Type.Enum(['high', 'low']) };
const figures = Type.Record(text, Type.Union([Type.Null(), Type.Object({ value: Type.Number() })]));
const comparedRow = { entry: text, role: text, figures, scores: Type.Array(optionalNumber) };
const compared = {
  suite: text,
  engineVersion: text,
  seeds: Type.Array(Type.Integer({ minimum: 0 })),
  rankedBy: text,
  columns: Type.Array(Type.Object(comparedColumn)),
  items: Type.Array(Type.Object({ id: text, hash: text })),
  rows: Type.Array(Type.Object(comparedRow)),
};

const interval = Type.Union([
  Type.Null(),
  Type.Object({ low: Type.Number(), high: Type.Number() }),
]);
const units = ['share', 'score', 's', 'ns', 'bytes', 'count', '/h'];
const shown = {
  ...compared,
  columns: Type.Array(
    Type.Object({ ...comparedColumn, title: text, unit: Type.Enum(units), says: text }),
  ),
  items: Type.Array(
    Type.Object({
      ...{ id: text, hash: text, title: text, source: text },
      kind: Type.Enum(['outage', 'series']),
    }),
  ),
  rows: Type.Array(
    Type.Object({
      ...comparedRow,
      figures: Type.Record(
        text,
        Type.Union([Type.Null(), Type.Object({ value: Type.Number(), interval })]),
      ),
      detectors: text,
      rank: Type.Integer(),
      tiesWith: Type.Array(text),
      againstRandom: Type.Union([
        Type.Null(),
        Type.Object({ verdict: Type.Enum(['better', 'alike', 'worse']) }),
      ]),
      failures: Type.Array(text),
    }),
  ),
  notes: Type.Array(text),
};

const details = Type.Object({
  entries: Type.Array(
    Type.Object({
      entry: text,
      threshold: optionalNumber,
      costColumn: text,
      mistakeCount: Type.Integer({ minimum: 0 }),
      mistakes: Type.Array(
        Type.Object({
          ...{ item: text, title: text },
          seed: Type.Integer({ minimum: 0 }),
          kind: Type.Enum(['miss', 'late', 'false-alarm']),
          tUs: Type.Number({ minimum: 0 }),
          untilUs: Type.Number({ minimum: 0 }),
          cost: Type.Number(),
          score: optionalNumber,
          rows: Type.Union([
            Type.Null(),
            Type.Object({ first: Type.Integer(), last: Type.Integer() }),
          ]),
        }),
      ),
    }),
  ),
});

export type Shaped<Value> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly reason: string };

/** As far as boards are compared. */
export function comparedBoard(json: unknown): Shaped<Board> {
  const shaped = check<Board>(Type.Object(compared), json);
  return shaped.ok ? paired(shaped.value) : shaped;
}

/** As far as it is shown, too. */
export function shownBoard(json: unknown): Shaped<Board> {
  const shaped = check<Board>(Type.Object(shown), json);
  return shaped.ok ? paired(shaped.value) : shaped;
}

export function shownDetails(json: unknown): Shaped<BoardDetails> {
  return check<BoardDetails>(details, json);
}

function check<Value>(shape: object, json: unknown): Shaped<Value> {
  const ajv = new Ajv();
  if (ajv.validate<Value>(shape, json)) return { ok: true, value: json };
  return { ok: false, reason: ajv.errorsText(ajv.errors, { dataVar: 'board' }) };
}

function paired(value: Board): Shaped<Board> {
  const odd = value.rows.find(({ scores }) => scores.length !== value.items.length);
  if (!odd) return { ok: true, value };
  return { ok: false, reason: `board/rows: ${odd.entry} has not one score for each item` };
}
