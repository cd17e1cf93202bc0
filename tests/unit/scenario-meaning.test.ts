// Scenarios that are well formed and mean nothing, and what the good ones become.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { formatProblems, scenarioJsonSchema } from '../../engine/scenario/index.ts';
import { minimal, parse, verdict } from '../support/scenario-text.ts';

const plus = (text: string) => `${minimal}${text}\n`;
const instead = (from: string, to: string) => minimal.replace(from, to);
const fault = (rest: string) => plus(`faults:\n  - { id: f, service: web, ${rest} }`);
const services = (...lines: string[]) =>
  instead('traffic:', `${lines.map((line) => `  - ${line}\n`).join('')}traffic:`);
const time = 'service_time: { p50: 1ms, p99: 2ms }';

// prettier-ignore
const cases: readonly (readonly [string, string, string])[] = [
  ['missing key', instead('duration: 30m\n', ''), '1:1 missing-key: missing key "duration" [How long it lasts. Written as 250ms, 30s, 5m or 1h30m.]'],
  ['wrong type', instead('30m', '[30m]'), '4:1 wrong-type: duration must be text, not a list'],
  ['unknown service', instead('entry: web', 'entry: wbe'), '9:14 reference: no service "wbe" [did you mean "web"? known services: web]'],
  ['name that is a path', instead('name: small', 'name: ../../Small Shop'), '3:7 bad-value: name "../../Small Shop" must be lower-case words and digits joined by hyphens ["small-shop" would do]'],
  ['same name, other case', services(`{ name: WEB, ${time} }`), '8:13 duplicate: service "WEB" for the second time ["web" counts as the same name]'],
  ['same name, other Unicode form', services(`{ name: "caf\\u00e9", ${time} }`, `{ name: "cafe\\u0301", ${time} }`), '9:13 duplicate: service "cafe\u0301" for the second time ["caf\u00e9" counts as the same name]'],
  ['duplicate traffic', plus('  - { entry: web, rate: 1/s }'), '10:14 duplicate: steady traffic into this endpoint of web for the second time [add the rates up]'],
  ['cycle', services(`{ name: a, ${time}, endpoints: [{ name: x, calls: [{ to: b }] }] }`, `{ name: b, ${time}, endpoints: [{ name: z, calls: [{ to: a }] }] }`), '9:91 cycle: calls go in a circle: a "x" → b "z" → a "x"'],
  ['fault of nothing', plus('faults:\n  - { id: f, kind: errors, at: 1m, service: db, rate: 5% }'), '11:45 reference: no service "db" [known services: web]'],
  ['fault without kind', fault('at: 1m'), '11:5 missing-key: missing key "kind" in faults[0] [one of: latency, errors, crash, pool-leak, traffic-spike, memory-leak, cpu-steal, lock-queue, cache-flush, certificate-expiry, dns, network, disk-fill, write-burst, poison-message, exhaustion, clock-skew, telemetry-loss]'],
  ['zero duration', instead('30m', '0s'), '4:11 bad-value: duration must be more than zero'],
  ['negative duration', instead('30m', '-5m'), '4:11 bad-value: "-5m" is negative; durations count from zero'],
  ['huge duration', instead('30m', '400d'), '4:11 bad-value: "400d" is longer than 366d'],
  ['number too great', plus('seed: 1e309'), '10:7 wrong-type: seed must be a finite number, not the number 1e309'],
  ['not a number', plus('seed: .nan'), '10:7 wrong-type: seed must be a finite number, not the number .nan'],
  ['no exact integer', plus('seed: 9007199254740993'), '10:7 bad-value: seed must be at most 9007199254740991, not 9007199254740992'],
  ['no unit', instead('30m', '30'), '4:11 wrong-type: "30" needs a unit: write 30ms, 30s or 30m'],
  ['space before the unit', instead('30m', '5 m'), '4:11 bad-value: "5 m" has a space in it; write 5m'],
  ['long unit', instead('30m', '5mins'), '4:11 bad-value: "5mins" is no duration; write 5m'],
  ['day that is none', plus('start: 2026-02-30T00:00:00Z'), '10:8 bad-value: "2026-02-30T00:00:00Z" names a day that does not exist'],
  ['no zone', plus('start: 2026-02-03T00:00:00'), '10:8 bad-value: "2026-02-03T00:00:00" needs a zone: write 2026-03-02T09:00:00Z'],
  ['end before start', fault('kind: errors, rate: 5%, at: 9m, until: 8m'), '11:67 bad-value: the fault ends (8m) before it begins (9m)'],
  ['fault after the end', fault('kind: errors, rate: 5%, at: 30m'), '11:56 bad-value: the fault comes at 30m, after the end of the run [make the duration longer]'],
  ['more than all', fault('kind: errors, rate: 101%, at: 9m'), '11:48 bad-value: "101%" is more than 100%'],
  ['p99 below p50', instead('p99: 20ms', 'p99: 2ms'), '7:36 bad-value: p99 (2ms) is less than p50 (4ms)'],
  ['too much', instead('30/s', '30000/s'), '8:1 limit: about 54,000,000 requests, calls between services counted; the limit is 50,000,000 [lower the rates or the duration]'],
  ['newer format', instead('workbench/v1', 'workbench/v2'), '1:13 version: apiVersion "workbench/v2" is not known here [write workbench/v1; a newer file needs a newer workbench]'],
  ['truth without fault', plus('truth: { root_cause: { service: web, fault: nope } }'), '10:45 reference: no fault "nope" [there are none]'],
  ['unknown pool', plus('faults:\n  - { id: f, service: web, kind: pool-leak, pool: db, rate: 1%, at: 1m }'), '11:51 reference: no pool of web "db" [there are none]'],
];

test('one value that is wrong by itself does not hide another', () => {
  expect(verdict(instead('duration: 30m', 'start: 2026-13-01T00:00:00Z\nduration: 30'))).toEqual([
    '4:8 bad-value: "2026-13-01T00:00:00Z" names a day that does not exist',
    '5:11 wrong-type: "30" needs a unit: write 30ms, 30s or 30m',
  ]);
});

test.each(cases)('%s', (_name, text, expected) => {
  expect(verdict(text)).toEqual([expected]);
});

test('warnings do not keep a scenario from running', () => {
  expect(verdict(plus('detectors: []'))).toEqual([
    'ok',
    '10:1 warning no-effect: no detectors: nothing will be found [leave the key out for those that come with the workbench]',
  ]);
});

test('templates are text', () => {
  const result = parse(plus('title: "${process.exit(1)}"'));
  expect(result.scenario?.title).toBe('${process.exit(1)}');
});

test('queueing theory runs through the format', () => {
  const text = minimal
    .replace('{ p50: 4ms, p99: 20ms }', '{ distribution: exponential, mean: 10ms }')
    .concat('telemetry: { log_sample: 0%, trace_sample: 0%, metric_interval: none }\n');
  const { scenario } = parse(text);
  expect(scenario).toMatchObject({
    services: [
      { endpoints: [{ name: '*', serviceTime: { kind: 'exponential', meanUs: 10_000 } }] },
    ],
    telemetry: { logSample: 0, traceSample: 0, metricIntervalUs: Infinity },
  });
});

test('all mistakes at once, each with its lines, and safe to print', () => {
  const text = minimal
    .replace('duration: 30m', 'duraton: 30m')
    .replace('entry: web', 'entry: "w\\e[2J\u202eb"');
  const result = parse(text);
  if (result.scenario) throw new Error('the scenario is valid');
  expect(formatProblems('outage.yaml', result)).toMatchInlineSnapshot(`
    "outage.yaml:4:1: unknown key "duraton"
      2 | kind: simulated
      3 | name: small
      4 | duraton: 30m
        | ^^^^^^^
      did you mean "duration"? allowed: apiVersion, name, title, description, tags, difficulty, seed, objectives, truth, detectors, kind, start and 9 more

    outage.yaml:9:14: entry "w␛[2J⟨U+202E⟩b" must not begin or end with a space, nor have control characters
      7 |     service_time: { p50: 4ms, p99: 20ms }
      8 | traffic:
      9 |   - { entry: "w\\e[2J⟨U+202E⟩b", rate: 30/s }
        |              ^^^^^^^^^^^^^^^^^
    "
  `);
});

test('the schema beside the scenarios is the schema of the code (npm run generate)', () => {
  const file = new URL('../../scenarios/scenario.schema.json', import.meta.url);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(scenarioJsonSchema());
});
