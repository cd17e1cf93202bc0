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
  readonly view: View;
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
  readonly valueWindows: readonly Watched[];
  readonly changeWindows: readonly Watched[];
  readonly levelBar: RecordBar;
  readonly hourBar: RecordBar;
  readonly shapeBar: RecordBar;
}

interface Watched {
  readonly windows: WindowMemory;
  readonly bar: RecordBar;
}

/** Rows: each four times the one before, so that any incident fills one of them well. */
const valueWindowRows = [8, 32, 128, 512];
const changeWindowRows = [32, 128];
/** A record of less than this share of the spread is nothing. */
const dustShare = 1e-3;
/** Rows over which the usual level is a mean. */
const levelMemory = 2_000;
const dayUs = 86_400_000_000;
const profileSlotUs = dayUs / 288;

export function viewsOf(cadenceUs: number): Views {
  const watched = (rows: number): Watched => ({ windows: windowMemory(rows), bar: recordBar() });
  return {
    rows: 0,
    firstAt: 0,
    previous: null,
    values: running(),
    changes: running(),
    usual: running(),
    day: dayProfile({ periodUs: dayUs, slotUs: profileSlotUs, cadenceUs, keep: 7, near: 1 }),
    shape: dayShape(cadenceUs),
    valueWindows: valueWindowRows.map(watched),
    changeWindows: changeWindowRows.map(watched),
    levelBar: recordBar(),
    hourBar: recordBar(),
    shapeBar: recordBar(),
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
  const rules = { memory, youth };
  const days = (now - views.firstAt) / dayUs;
  // A daily view needs half a day more than a day to be trusted by half, whatever the cadence.
  const dailyRules = { memory, youth: Math.max(youth, (views.rows * 0.5) / Math.max(days, 1e-9)) };
  take(views.values, value, memory);
  let strangest: Strangeness = { ratio: 0, view: 'level' };
  const spread = spreadOf(views.values);
  const hold = (view: View, bar: RecordBar, value: number, unit: number): void => {
    const how = view === 'hour' || view === 'shape' ? dailyRules : rules;
    const ratio = heldAgainst(bar, { value, row: views.rows, dust: dustShare * unit }, how);
    if (ratio > strangest.ratio) strangest = { ratio, view };
  };
  if (views.usual.count >= 3)
    hold('level', views.levelBar, Math.abs(value - views.usual.mean), spread);
  take(views.usual, value, levelMemory);
  const expected = expectedNow(views.day, now);
  if (expected !== null) hold('hour', views.hourBar, Math.abs(value - expected), spread);
  observeNow(views.day, value);
  const shape = distanceFromDays(views.shape, value, now, views.shapeBar.highest * spread);
  if (shape !== null && spread > 0) hold('shape', views.shapeBar, shape / spread, 1);
  for (const { windows, bar } of views.valueWindows) {
    const distance = distanceFromPast(windows, value, bar.highest * spread);
    if (distance !== null && spread > 0) hold('values', bar, distance / spread, 1);
  }
  const change = value - (views.previous ?? value);
  views.previous = value;
  take(views.changes, change, memory);
  const changeSpread = spreadOf(views.changes);
  for (const { windows, bar } of views.changeWindows) {
    const distance = distanceFromPast(windows, change, bar.highest * changeSpread);
    if (distance !== null && changeSpread > 0) hold('changes', bar, distance / changeSpread, 1);
  }
  return strangest;
}
