import { expect, test } from 'vitest';
import { lineBudget, LineCutter } from '../../engine/detect/line-cutter.ts';
import { limits } from '../../engine/limits.ts';

test('lines are told whole however they arrive, and what has no end at the end', () => {
  const told: string[] = [];
  const cutter = new LineCutter(lineBudget(), (line) => told.push(line));
  for (const part of ['a', 'b\nc', '\n', '\nd']) cutter.add(part);
  expect(told).toEqual(['ab', 'c', '']);
  cutter.end();
  expect(told).toEqual(['ab', 'c', '', 'd']);
});

test('two streams share a budget, do not mix their lines, and say once that no more is shown', () => {
  const told: string[] = [];
  const budget = lineBudget();
  const [out, err] = [1, 2].map(() => new LineCutter(budget, (line) => told.push(line)));
  out?.add('half of ');
  err?.add('a warning\n');
  out?.add('a line\n');
  expect(told).toEqual(['a warning', 'half of a line']);
  for (let i = 0; i < 3 * limits.pluginLinesMax; i++) err?.add('again\n');
  out?.add('unheard\n');
  expect(told).toHaveLength(limits.pluginLinesMax + 1);
  expect(told.at(-1)).toBe('what it prints from here on is not shown');
});

test('a line without end is cut, and takes no more memory than that', () => {
  const told: string[] = [];
  const cutter = new LineCutter(lineBudget(), (line) => told.push(line));
  for (let i = 0; i < 100; i++) cutter.add('x'.repeat(1_000));
  expect(told.length).toBeGreaterThan(10);
  expect(Math.max(...told.map((line) => line.length))).toBe(limits.pluginLineCharsMax);
});
