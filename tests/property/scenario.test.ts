// What must hold for any text, whoever wrote it.
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse as parseYaml, stringify } from 'yaml';
import { formatMicros, formatProblems } from '../../engine/scenario/index.ts';
import { parseUnit } from '../../engine/scenario/units.ts';
import { printable } from '../../engine/terminal-text.ts';
import { full } from '../support/full-scenario.ts';
import { scenarioFolder } from '../support/scenario-folder.ts';
import { minimal, parse } from '../support/scenario-text.ts';
import { tries } from '../support/effort.ts';

const runs = { numRuns: tries(150) };
const outage = readFileSync(
  new URL('../../scenarios/checkout-pool-exhaustion/scenario.yaml', import.meta.url),
  'utf8',
);

test('a duration is read back as it was written', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 366 * 86_400 * 1e6 }), (us) => {
      expect(parseUnit('duration', formatMicros(us))).toEqual({ value: us });
    }),
  );
});

test('a share is the decimal that was written', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 100_000 }), (thousandths) => {
      const parsed = parseUnit('share', `${thousandths / 1000}%`);
      expect(parsed).toEqual({ value: Number(`${thousandths}e-5`) });
    }),
  );
});

test('bytes are whole, of powers of two, and rates of them per second', () => {
  const units = fc.constantFrom(['B', 1], ['KiB', 2 ** 10], ['MiB', 2 ** 20], ['GiB', 2 ** 30]);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 100_000 }), units, (count, [unit, factor]) => {
      const value = count * Number(factor);
      expect(parseUnit('bytes', `${count}${unit}`)).toEqual({ value });
      expect(parseUnit('bytes-rate', `${count}${unit}/s`)).toEqual({ value });
      expect(parseUnit('bytes-rate', `${count}${unit}/m`)).toEqual({ value: value / 60 });
    }),
  );
  expect(parseUnit('bytes', '1.5KiB')).toEqual({ value: 1536 });
  for (const [wrong, right] of [
    ['5', '"5" needs a unit: write 5B, 5KiB or 5MiB'],
    ['5MB', '"5MB" is no size; write 5MiB'],
    ['5g', '"5g" is no size; write 5GiB'],
    ['-5MiB', '"-5MiB" is no size; write 100B, 64KiB, 512MiB or 2GiB'],
    ['2000TiB', '"2000TiB" is too much'],
  ] as const) {
    expect(parseUnit('bytes', wrong)).toEqual({ problem: right });
  }
});

test('a signed duration is the duration, or its opposite', () => {
  fc.assert(
    fc.property(fc.integer({ min: -1e12, max: 1e12 }), (us) => {
      const text = `${us < 0 ? '-' : ''}${formatMicros(Math.abs(us))}`;
      expect(parseUnit('signed-duration', text)).toEqual({ value: us });
    }),
  );
  expect(parseUnit('signed-duration', '-0s')).toEqual({ value: 0 });
});

test('an instant of RFC 3339 agrees with the calendar', () => {
  const range = { min: new Date('1970-01-02'), max: new Date('2099-12-30'), noInvalidDate: true };
  fc.assert(
    fc.property(fc.date(range), (date) => {
      expect(parseUnit('instant', date.toISOString())).toEqual({ value: date.getTime() * 1000 });
    }),
  );
});

function expectPlaced(text: string): void {
  const result = parse(text);
  const problems = result.scenario ? result.warnings : result.problems;
  const lines = text.replace(/^\ufeff/, '').split(/\r\n?|\n/);
  for (const { line, column } of problems) {
    const found = lines[line - 1];
    expect(found).toBeDefined();
    expect(column).toBeGreaterThanOrEqual(1);
    expect(column).toBeLessThanOrEqual((found ?? '').length + 1);
  }
  const shown = formatProblems('case.yaml', { problems, omitted: 0 });
  for (const line of shown.split('\n')) expect(printable(line)).toBe(line);
}

test('no bytes make the reader throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      expect(parse(bytes)).toHaveProperty('scenario');
    }),
    runs,
  );
});

test('problems of any text lie within it', () => {
  const yamlish = fc
    .array(fc.constantFrom('a', '- ', ': ', '\n', '  ', '[', ']', '{', '}', '"', "'", '&a ', '*a', '|', '>', '#', '!', '%', '---', '?', ',', '\t', '\u001b', '\u202e'), { maxLength: 80 })
    .map((parts) => parts.join('')); // prettier-ignore
  fc.assert(fc.property(yamlish, expectPlaced), runs);
});

test('a scenario with a part cut out, doubled or overwritten is judged, never thrown at', () => {
  for (const text of [minimal, outage, full]) {
    const position = fc.integer({ min: 0, max: text.length });
    fc.assert(
      fc.property(position, fc.nat(40), fc.string({ maxLength: 8 }), (at, length, put) => {
        expectPlaced(text.slice(0, at) + put + text.slice(at + length));
      }),
      runs,
    );
  }
  expect(Object.keys(Object.prototype)).toEqual([]);
});

/** A document in two, which laid over one another are the document again. */
function split(value: unknown, choose: () => number, at = ''): [unknown, unknown] {
  const lists = ['services', 'services.pools', 'services.caches', 'services.endpoints', 'faults', 'actions.add']; // prettier-ignore
  if (Array.isArray(value) && lists.includes(at)) {
    const parts = value.map((item) => split(item, choose, at));
    return [parts.map(([base]) => base), parts.map(([, own]) => own)];
  }
  const base: Record<string, unknown> = {};
  const own: Record<string, unknown> = {};
  const listed = lists.includes(at);
  for (const [key, part] of Object.entries(value as Record<string, unknown>)) {
    const below = at === '' ? key : `${at}.${key}`;
    const identity = listed && (key === 'id' || key === 'name');
    const isMap = typeof part === 'object' && part !== null && !Array.isArray(part);
    const choice = choose();
    if (identity) base[key] = own[key] = part;
    else if (isMap || lists.includes(below)) [base[key], own[key]] = split(part, choose, below);
    else if (choice === 0) base[key] = part;
    else if (choice === 1) own[key] = part;
    // Parameters of another kind of fault would go with it.
    else [base[key], own[key]] = [choice === 2 || key === 'kind' ? part : 'replaced', part];
  }
  return [base, own];
}

test('a scenario in two files means what it means in one', () => {
  const folder = scenarioFolder();
  try {
    const whole = parse(full).scenario;
    const { apiVersion, kind, name, ...document } = parseYaml(full) as Record<string, unknown>;
    fc.assert(
      fc.property(fc.array(fc.nat(3), { minLength: 50, maxLength: 200 }), (choices) => {
        let next = 0;
        const [base, own] = split(document, () => choices[next++ % choices.length] ?? 0);
        const both = { kind: 'base', ...(base as object) };
        const above = { apiVersion, kind, name, extends: './base.yaml', ...(own as object) };
        folder.write('base.yaml', JSON.stringify(both));
        folder.write('own.yaml', stringify(above));
        const { scenario } = folder.read('own.yaml');
        const same = { file: '', source: '', hash: '' };
        expect({ ...scenario, ...same }).toEqual({ ...whole, ...same });
        const again = parse(scenario?.source ?? '').scenario;
        expect({ ...again, file: '' }).toEqual({ ...scenario, file: '' });
      }),
      { numRuns: tries(20) },
    );
  } finally {
    folder.remove();
  }
});

test('what is printable stays, and nothing else comes through', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      const shown = printable(text);
      expect(shown).not.toMatch(/[^\P{C}\t]|[\u2028\u2029]/u);
      expect(printable(shown)).toBe(shown);
    }),
  );
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'aZ 09~\té→'), maxLength: 50 }), (text) => {
      expect(printable(text)).toBe(text);
    }),
  );
  expect(printable(`a${'\u0301'.repeat(100)}b`)).toBe(`a${'\u0301'.repeat(4)}⟨+96 marks⟩b`);
});
