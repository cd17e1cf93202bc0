/**
 * The views of a series. Each says how strange the newest value is in one respect, as a distance in
 * units of the series' spread, and holds it against its own record (`record-bar.ts`): what counts is
 * the ratio, so distances of different views compare without weights.
 */
import {
  dayProfile,
  expectedNow,
  observeNow,
  running,
  spreadOf,
  take,
  type DayProfile,
  type Running,
} from '../shared/index.ts';
import { distanceFromDays, dayShape, type DayShape } from './day-shape.ts';
import { heldAgainst, recordBar, type BarRules, type RecordBar } from './record-bar.ts';
import { distanceFromPast, windowMemory, type WindowMemory } from './window-memory.ts';

/** What is strange: the value itself, for this time of day, its values together, or their changes. */
export type View = 'level' | 'hour' | 'shape' | 'values' | 'changes';

/** How far beyond everything before, in the view that finds it strangest; 1 is a record. */
export interface Strangeness {
  readonly ratio: number;
  /** Index of the view in `viewKinds` and `Views.bars`. */
  readonly view: number;
}

export interface Views {
  rows: number;
  firstAt: number;
  previous: number | null;
  readonly values: Running;
  readonly changes: Running;
  readonly usual: Running;
  readonly day: DayProfile;
  readonly shape: DayShape;
  readonly valueWindows: readonly WindowMemory[];
  readonly changeWindows: readonly WindowMemory[];
  /** One for each view. */
  readonly bars: readonly RecordBar[];
}

/** Rows: each four times the one before, so that any incident fills one of them well. */
const valueWindowRows = [8, 32, 128, 512];
const changeWindowRows = [32, 128];

const level = 0;
const hour = 1;
const shape = 2;
const firstWindow = 3;
export const viewKinds: readonly View[] = [
  'level',
  'hour',
  'shape',
  ...valueWindowRows.map((): View => 'values'),
  ...changeWindowRows.map((): View => 'changes'),
];

/** A record of less than this share of the spread is nothing. */
const dustShare = 1e-3;
/** Rows over which the usual level is a mean. */
const levelMemory = 2_000;
const dayUs = 86_400_000_000;
const profileSlotUs = dayUs / 288;

export function viewsOf(cadenceUs: number): Views {
  return {
    rows: 0,
    firstAt: 0,
    previous: null,
    values: running(),
    changes: running(),
    usual: running(),
    day: dayProfile({ periodUs: dayUs, slotUs: profileSlotUs, cadenceUs, keep: 7, near: 1 }),
    shape: dayShape(cadenceUs),
    valueWindows: valueWindowRows.map(windowMemory),
    changeWindows: changeWindowRows.map(windowMemory),
    bars: viewKinds.map(recordBar),
  };
}

/** Looks at the next value from all sides. */
export function strangeness(
  views: Views,
  value: number,
  now: number,
  { memory, youth }: BarRules,
): Strangeness {
  if (views.rows === 0) views.firstAt = now;
  views.rows += 1;
  const days = (now - views.firstAt) / dayUs;
  const look: Look = {
    views,
    rules: { memory, youth },
    // A daily view needs half a day more than a day to be trusted by half, whatever the cadence.
    dailyRules: { memory, youth: Math.max(youth, (views.rows * 0.5) / Math.max(days, 1e-9)) },
    strangest: { ratio: 0, view: level },
  };
  take(views.values, value, memory);
  const spread = spreadOf(views.values);
  lookAtValue(look, value, spread, now);
  lookAtWindows(look, views.valueWindows, { value, spread, from: firstWindow });
  const change = value - (views.previous ?? value);
  views.previous = value;
  take(views.changes, change, memory);
  const from = firstWindow + valueWindowRows.length;
  lookAtWindows(look, views.changeWindows, {
    value: change,
    spread: spreadOf(views.changes),
    from,
  });
  return look.strangest;
}

interface Look {
  readonly views: Views;
  readonly rules: BarRules;
  readonly dailyRules: BarRules;
  strangest: Strangeness;
}

/** Each view is asked before it learns. */
function lookAtValue(look: Look, value: number, spread: number, now: number): void {
  const { usual, day, shape: shapes, bars } = look.views;
  const dust = dustShare * spread;
  if (usual.count >= 3) hold(look, level, Math.abs(value - usual.mean), dust);
  take(usual, value, levelMemory);
  const expected = expectedNow(day, now);
  if (expected !== null) hold(look, hour, Math.abs(value - expected), dust);
  observeNow(day, value);
  const furthest = (bars[shape]?.highest ?? 0) * spread;
  const distance = distanceFromDays(shapes, value, now, furthest);
  if (distance !== null && spread > 0) hold(look, shape, distance / spread, dustShare);
}

function lookAtWindows(
  look: Look,
  windows: readonly WindowMemory[],
  {
    value,
    spread,
    from,
  }: { readonly value: number; readonly spread: number; readonly from: number },
): void {
  windows.forEach((window, i) => {
    const furthest = (look.views.bars[from + i]?.highest ?? 0) * spread;
    const distance = distanceFromPast(window, value, furthest);
    if (distance !== null && spread > 0) hold(look, from + i, distance / spread, dustShare);
  });
}

function hold(look: Look, view: number, value: number, dust: number): void {
  const bar = look.views.bars[view];
  if (bar === undefined) return;
  const rules = view === hour || view === shape ? look.dailyRules : look.rules;
  const ratio = heldAgainst(bar, { value, row: look.views.rows, dust }, rules);
  if (ratio > look.strangest.ratio) look.strangest = { ratio, view };
}
