/** What is told of templates step by step is at each line what a miner knows that has seen no more. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DetectorHost } from '../../engine/detect/host.ts';
import { BatchReader, makeSlot, noText } from '../../engine/replay/batch.ts';
import { MiningWriter } from '../../engine/replay/mining-writer.ts';
import type { LogTemplate } from '../../engine/sdk/index.ts';
import {
  createLearner,
  createMiner,
  mine,
  parametersOf,
  parametersOfText,
  resolve,
  stepsWithin,
  TemplateBook,
  templateOf,
  templatesOf,
} from '../../engine/templates/index.ts';
import { tries } from '../support/effort.ts';

const words = ['user', 'root', 'mail', 'news', 'ftp', 'disk', 'full', 'opened', '17', '=', ':'];
const lines = fc.array(
  fc.array(fc.constantFrom(...words), { maxLength: 6 }).map((line) => line.join(' ')),
  { minLength: 1, maxLength: 60 },
);

/** Each template that speaks for itself, as a miner of these lines knows it. */
function known(seen: readonly string[]): LogTemplate[] {
  const miner = createMiner();
  for (const line of seen) mine(miner, line);
  const all = templatesOf(miner).slice(1);
  return all
    .filter(({ mergedInto }) => mergedInto === null)
    .map(({ id, text }) => {
      const absorbed = all.filter((one) => one.id !== id && resolve(miner, one.id) === id);
      return { id, text, absorbed: absorbed.map((one) => one.id) };
    });
}

const sorted = (templates: readonly LogTemplate[]): LogTemplate[] =>
  templates.map((one) => ({ ...one, absorbed: [...one.absorbed].sort((a, b) => a - b) }));

test('a book that follows the steps knows what a miner of the same lines knows', () => {
  fc.assert(
    fc.property(lines, (given) => {
      const learner = createLearner();
      const book = new TemplateBook();
      for (const [i, line] of given.entries()) {
        const id = learner.learn(line);
        for (const lesson of learner.lessons) book.apply(lesson);
        learner.lessons.length = 0;
        const now = known(given.slice(0, i + 1));
        expect(sorted(book.snapshot())).toEqual(now);
        expect(book.at(id).text).toBe(now.find((one) => one.id === id)?.text);
      }
    }),
    { numRuns: tries(60) },
  );
});

test('a detector is shown the template as it is known at the record, wherever ranges are cut', () => {
  fc.assert(
    fc.property(lines, fc.array(fc.nat(60), { maxLength: 4 }), (given, at) => {
      const writer = new MiningWriter(makeSlot(), createLearner());
      for (const [t, body] of given.entries()) writer.log(t, 0, 9, { ...noText, body });
      const shown: LogTemplate[] = [];
      const reader = new BatchReader(writer.columns.t.buffer as SharedArrayBuffer);
      reader.open(writer);
      let host = openHost(shown);
      let from = 0;
      for (const to of [...at, given.length].sort((a, b) => a - b)) {
        if (to < from || to > given.length) continue;
        const templates = stepsWithin(writer.templates, from, to);
        const { failures } = host.run(reader, { from, to, through: to, templates });
        expect(failures).toEqual([]);
        const snapshot = host.snapshot();
        host = openHost(shown);
        host.restore(snapshot);
        from = to;
      }
      const miner = createMiner();
      const expected = given.map((line) => {
        const id = mine(miner, line);
        return { id, text: templateOf(miner, id) };
      });
      expect(shown.map(({ id, text }) => ({ id, text }))).toEqual(expected);
    }),
    { numRuns: tries(60) },
  );
});

test('the text of a template tells what a line has in its places, as the template itself does', () => {
  const odd = fc.string({ unit: fc.constantFrom(...'<*> "=(),:/a1 '), maxLength: 30 });
  fc.assert(
    fc.property(lines, fc.array(odd, { maxLength: 8 }), (plain, strange) => {
      const miner = createMiner();
      const given = [...plain, ...strange];
      for (const line of given) mine(miner, line);
      for (const line of given) {
        const id = mine(miner, line);
        const values = parametersOfText(templateOf(miner, id) ?? '', line);
        expect(values).toEqual(parametersOf(miner, id, line));
      }
    }),
    { numRuns: tries(100) },
  );
});

/** A host with one detector that keeps the templates it is shown. */
function openHost(shown: LogTemplate[]): DetectorHost {
  const metadata = {
    ...{ apiVersion: 1 as const, id: 'reader', summary: '', per: 'run' as const, options: {} },
    ...{ messages: {}, hooks: ['log' as const] },
  };
  const detector = {
    ...metadata,
    init: () => ({}),
    on: { log: (_: object, record: { template: LogTemplate }) => void shown.push(record.template) },
  };
  return new DetectorHost({
    detectors: [{ index: 0, loaded: { id: 'reader', config: {}, metadata, file: '' }, detector }],
    header: {
      ...{
        startUnixUs: 0,
        durationUs: 1e6,
        dependencies: [],
        objectives: [],
        series: [],
        intervals: [],
      },
      ...{ intake: null, services: [{ name: 'a', kind: 'service', entry: true }] },
    },
    ...{ seed: 1, shard: { index: 0, count: 1 }, startAt: 0, scoreStep: 0 },
    ...{ marker: new Int32Array(4), beat: null },
  });
}
