// What a miner learns from many lines, and what it keeps to whatever the lines are.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  createMiner,
  mine,
  overflowTemplate,
  parametersOf,
  resolve,
  snapshot,
  templateOf,
  templatesOf,
  type Miner,
} from '../../engine/templates/index.ts';
import { limits } from '../../engine/limits.ts';
import { tries } from '../support/effort.ts';

const people = ['root', 'news', 'cyrus', 'mail', 'daemon', 'bin', 'guest', 'nobody'];

function mineAll(miner: Miner, lines: readonly string[]): number[] {
  return lines.map((line) => mine(miner, line));
}

/** Every template that speaks for itself, in the order of the ids. */
function textsOf(miner: Miner): string[] {
  return templatesOf(miner)
    .filter(({ id, mergedInto }) => id !== overflowTemplate && mergedInto === null)
    .map(({ text }) => text);
}

/** Lines of few words, so that they have much in common: what makes templates widen and merge. */
const words = fc.constantFrom(
  ...people,
  'opened',
  'closed',
  'for',
  '12',
  'a=',
  'b=',
  '(',
  ',',
  '"x"',
);
const similarLine = fc.array(words, { minLength: 1, maxLength: 7 }).map((parts) => parts.join(' '));
const anyLine = fc.oneof(similarLine, fc.string({ unit: 'binary', maxLength: 60 }));

describe('what is learned', () => {
  test('two words in one place are two templates, many are a variable', () => {
    const miner = createMiner();
    const line = (who: string) => `session opened for user ${who} by (uid=0)`;
    const [first, second] = mineAll(miner, people.slice(0, 2).map(line));
    expect(first).not.toBe(second);
    mineAll(miner, people.map(line));
    expect(textsOf(miner)).toEqual(['session opened for user <*> by (uid=<*>)']);
    expect(resolve(miner, second ?? -1)).toBe(first);
    expect(templatesOf(miner)[second ?? -1]).toEqual({
      id: second,
      text: 'session opened for user <*> by (uid=<*>)',
      mergedInto: first,
    });
    const never = 'session opened for user somebody by (uid=3)';
    expect(mine(miner, never)).toBe(first);
    expect(parametersOf(miner, first ?? -1, never)).toEqual(['somebody', '3']);
  });

  test('a word where a variable was seen is one of its values, a truth value is not', () => {
    const miner = createMiner();
    mineAll(miner, ['lookup of host 10.0.0.1 failed', 'lookup of host localhost failed']);
    mineAll(miner, ['restart of the unit pid=12 forced', 'restart of the unit pid=true forced']);
    expect(textsOf(miner)).toEqual([
      'lookup of host <*> failed',
      'restart of the unit pid=<*> forced',
      'restart of the unit pid=true forced',
    ]);
  });

  test('what a line begins with, and the value of a message key, take more to vary', () => {
    for (const line of [
      (who: string) => `${who} startup succeeded`,
      (who: string) => `n=1 msg=${who}`,
    ]) {
      const miner = createMiner();
      mineAll(miner, people.map(line));
      expect(textsOf(miner)).toHaveLength(people.length);
    }
  });

  test('keys are never variables', () => {
    const miner = createMiner();
    mineAll(
      miner,
      people.map((who) => `values of it ${who}=1 set`),
    );
    mineAll(
      miner,
      people.map((who) => `{"kind":"of","${who}":"set"}`),
    );
    expect(textsOf(miner)).toHaveLength(2 * people.length);
  });

  test('messages of structured lines are told apart although their keys are alike', () => {
    const miner = createMiner();
    const verbs = ['flushed', 'dropped', 'loaded', 'sent'];
    const messages = verbs.flatMap((verb) => [`${verb} all the ${verb}s`, `${verb} once`]);
    mineAll(
      miner,
      messages.map((msg) => `{"level":30,"time":17,"pid":1,"hostname":"a-1","msg":"${msg}"}`),
    );
    expect(textsOf(miner)).toHaveLength(messages.length);
  });
});

describe('whatever the lines are', () => {
  test('a template matches its lines: its text and their values make the line', () => {
    const bare = (text: string) =>
      text.replace(/\x1b\[[0-?]*[@-~]|[\s\0-\x20\x7f\u200b\ufeff]/g, '');
    // A line that says <*> itself has a template that cannot be read back from its text.
    const lines = fc.array(
      anyLine.filter((line) => !line.includes('*')),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(lines, (drawn) => {
        const miner = createMiner();
        const ids = mineAll(miner, drawn);
        drawn.forEach((line, i) => {
          const id = ids[i] ?? -1;
          const values = [...parametersOf(miner, id, line)];
          const filled = templateOf(miner, id)?.replace(/<\*>/g, () => values.shift() ?? '?');
          expect(values).toEqual([]);
          expect(bare(filled ?? '')).toBe(bare(line));
        });
      }),
      { numRuns: tries(300) },
    );
  });

  test('ids are stable: a line keeps the template that it was given', () => {
    fc.assert(
      fc.property(fc.array(similarLine, { maxLength: 60 }), (lines) => {
        const miner = createMiner();
        const ids = mineAll(miner, lines);
        const again = mineAll(miner, lines);
        expect(again).toEqual(ids.map((id) => resolve(miner, id)));
        expect(mineAll(createMiner(), lines)).toEqual(ids);
      }),
      { numRuns: tries(300) },
    );
  });

  test('a miner goes on from a snapshot as if there had been no break', () => {
    const drawn = fc.tuple(
      fc.array(anyLine, { maxLength: 40 }),
      fc.array(anyLine, { maxLength: 40 }),
    );
    const bounds = { templatesMax: 12, shapesMax: 9 };
    fc.assert(
      fc.property(drawn, fc.boolean(), ([before, after], isTight) => {
        const options = isTight ? { bounds } : {};
        const whole = createMiner(options);
        mineAll(whole, before);
        const state = JSON.parse(JSON.stringify(snapshot(whole))) as ReturnType<typeof snapshot>;
        const resumed = createMiner({ ...options, state });
        expect(mineAll(resumed, after)).toEqual(mineAll(whole, after));
        expect(snapshot(resumed).templates).toEqual(snapshot(whole).templates);
      }),
      { numRuns: tries(200) },
    );
  });

  test('memory is bounded, and lines that no longer fit share one template', () => {
    const bounds = { templatesMax: 20, templateCharsMax: 300, shapesMax: 15, shapeCharsMax: 200 };
    // Each part counts as one, and what it says; what was learned to vary says nothing.
    const charsOf = (parts: readonly string[]) =>
      parts.reduce((sum, part) => sum + (part === '\0' ? 0 : part.length), parts.length);
    fc.assert(
      fc.property(fc.array(anyLine, { minLength: 30, maxLength: 120 }), (lines) => {
        const miner = createMiner({ bounds });
        const ids = mineAll(miner, lines);
        const state = snapshot(miner);
        const live = state.templates.slice(1);
        expect(state.templates.length).toBeLessThanOrEqual(bounds.templatesMax);
        expect(live.reduce((sum, { parts }) => sum + charsOf(parts), 0)).toBeLessThanOrEqual(
          bounds.templateCharsMax,
        );
        expect(state.shapes.length).toBeLessThanOrEqual(bounds.shapesMax);
        expect(Math.max(...ids)).toBeLessThan(state.templates.length);
      }),
      { numRuns: tries(100) },
    );
  });

  test('a flood of lines unlike any other ends in one template, and known ones are still told', () => {
    const bounds = { templatesMax: 400 };
    const miner = createMiner({ bounds });
    const id = mine(miner, 'the pool is exhausted');
    // Each of another number of marks, so that no two are alike.
    const flood = Array.from(
      { length: 2 * bounds.templatesMax },
      (_, n) => 'so = '.repeat(n / 10) + '+'.repeat(n % 10),
    );
    const ids = mineAll(
      miner,
      flood.map((line, n) => `${line}${'; '.repeat(n % 50)}`),
    );
    expect(miner.templates.length).toBe(bounds.templatesMax);
    expect(mine(miner, 'the pool is exhausted')).toBe(id);
    expect(ids.at(-1)).toBe(overflowTemplate);
    expect(templateOf(miner, overflowTemplate)).toBe('<*>');
    expect(parametersOf(miner, overflowTemplate, 'all of it')).toEqual(['all of it']);
  });

  test('templates that differ in words alone are bounded too: the nearest one takes the line', () => {
    const miner = createMiner();
    const letters = (n: number) => n.toString(2).replace(/0/g, 'o').replace(/1/g, 'l');
    // Any two differ in all but one word, which is too little to be kin.
    const lines = Array.from({ length: 2 * limits.templatesPerBucketMax }, (_, n) =>
      ['a', 'b', 'c']
        .map((letter) => letter + letters(n))
        .concat('same')
        .join(' '),
    );
    const ids = mineAll(miner, lines);
    expect(miner.templates.length).toBeLessThanOrEqual(1 + limits.templatesPerBucketMax);
    expect(ids).not.toContain(overflowTemplate);
    expect(textsOf(miner)).toContain('<*> <*> <*> same');
  });
});
