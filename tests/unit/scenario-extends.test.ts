// A scenario laid over another file: what comes of it, and where its mistakes are shown.
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { formatProblems, parseScenario, scenarioJsonSchema } from '../../engine/scenario/index.ts';
import type { SimulatedScenario } from '../../engine/scenario/index.ts';
import { full } from '../support/full-scenario.ts';
import { scenarioFolder } from '../support/scenario-folder.ts';
import { minimal } from '../support/scenario-text.ts';

const folder = scenarioFolder();
afterAll(() => folder.remove());

const base = `kind: base
apiVersion: workbench/v1
title: The shop
duration: 30m
services:
  - name: web
    instances: 3
    pools: [{ name: db, size: 10 }, { name: cache, size: 5 }]
    endpoints:
      - { name: GET /, service_time: { p50: 4ms, p99: 20ms }, calls: [{ to: db, pool: db }] }
      - { name: POST /, service_time: { distribution: exponential, mean: 5ms } }
  - { name: db, kind: database, service_time: { p50: 1ms, p99: 2ms } }
  - { name: old, service_time: { p50: 1ms, p99: 2ms } }
traffic:
  - { entry: web, endpoint: GET /, rate: 10/s }
  - { entry: web, endpoint: POST /, rate: 10/s }
faults:
  - { id: slow, kind: latency, at: 5m, service: db, add: 1s, factor: 2 }
  - { id: wrong, kind: errors, at: 6m, service: db, rate: 1% }
telemetry: { log_sample: 10%, trace_sample: 2% }
`;
const own = `apiVersion: workbench/v1
kind: simulated
name: outage
extends: ../base/shop.yaml
`;

beforeEach(() => {
  folder.write('base/shop.yaml', base);
});

function merged(text: string): SimulatedScenario {
  folder.write('outage/scenario.yaml', own + text);
  const { scenario } = folder.read('outage/scenario.yaml');
  if (scenario?.kind !== 'simulated') {
    throw new Error(folder.verdict('outage/scenario.yaml').join('\n'));
  }
  return scenario;
}

function verdict(text: string): string[] {
  folder.write('outage/scenario.yaml', own + text);
  return folder.verdict('outage/scenario.yaml');
}

const withoutOld = 'services: [{ name: old, remove: true }]\n';

test('maps merge key by key', () => {
  const scenario = merged(`${withoutOld}title: Another shop\ntelemetry: { trace_sample: 5% }\n`);
  expect(scenario).toMatchObject({
    name: 'outage',
    title: 'Another shop',
    durationUs: 1800e6,
    telemetry: { logSample: 0.1, traceSample: 0.05 },
  });
});

test('services, pools, endpoints and faults merge by name, in the order of the base', () => {
  const scenario = merged(`services:
  - { name: cdn, service_time: { p50: 1ms, p99: 2ms }, endpoints: [{ name: GET, calls: [{ to: web, endpoint: GET / }] }] }
  - { name: old, remove: true }
  - name: web
    instances: 5
    pools: [{ name: extra, size: 1 }, { name: db, size: 20 }, { name: cache, remove: true }]
    endpoints: [{ name: POST /, service_time: { p50: 7ms, p99: 9ms } }, { name: GET /, service_time: { p99: 50ms } }]
traffic: [{ entry: cdn, rate: 1/s }, { entry: web, endpoint: POST /, rate: 2/s }]
faults:
  - { id: slow, at: 7m, kind: latency, add: 2s }
  - { id: wrong, kind: crash, at: 8m, service: web }
`);
  expect(scenario.services.map((service) => service.name)).toEqual(['web', 'db', 'cdn']);
  const [web] = scenario.services;
  expect(web).toMatchObject({
    instances: 5,
    pools: [
      { name: 'db', size: 20 },
      { name: 'extra', size: 1 },
    ],
    endpoints: [
      { name: 'GET /', serviceTime: { p50Us: 4000, p99Us: 50_000 }, calls: [{ pool: 0 }] },
      // Another distribution takes the place of the one that was there.
      { name: 'POST /', serviceTime: { kind: 'lognormal', p50Us: 7000, p99Us: 9000 } },
    ],
  });
  // Other lists take the place of the one that was there.
  expect(scenario.traffic.map(({ rate }) => rate)).toEqual([1, 2]);
  expect(scenario.faults).toMatchObject([
    { id: 'slow', kind: 'latency', at: 420e6, addUs: 2e6, factor: 2, service: 1 },
    // Nor do parameters of another kind of fault stay.
    { id: 'wrong', kind: 'crash', at: 480e6, service: 0 },
  ]);
});

test('actions of the scenario merge by id', () => {
  folder.write(
    'base/shop.yaml',
    `${base}actions: { add: [{ id: a, title: A, service: web, takes: 1m, ends: [slow] }, { id: b, title: B, service: web, takes: 1m, ends: [slow] }] }\n`,
  );
  const scenario = merged(
    `${withoutOld}actions: { add: [{ id: b, title: Better }, { id: a, remove: true }] }\n`,
  );
  expect(scenario.actions.custom).toMatchObject([{ id: 'b', title: 'Better', takesUs: 60e6 }]);
});

test('a base may extend another, and a scenario may be a base', () => {
  folder.write('base/common.yaml', `${minimal}tags: [common]\n`);
  folder.write('base/shop.yaml', 'kind: base\nextends: ./common.yaml\ndifficulty: 3\n');
  expect(merged('duration: 5m\n')).toMatchObject({
    name: 'outage',
    // Neither its name nor the title made of it is inherited.
    title: 'outage',
    tags: ['common'],
    difficulty: 3,
    durationUs: 300e6,
  });
});

test('the text that a run keeps says all of it, and means the same', () => {
  const scenario = merged(`${withoutOld}title: "no"\ntags: [deploy]\n`);
  const again = parseScenario({ file: scenario.file, text: scenario.source });
  expect(again).toEqual({ scenario, warnings: [] });
  expect(scenario.source).toMatch(/^apiVersion: workbench\/v1\nkind: simulated\nname: outage\n/);
  expect(scenario.source).not.toContain('extends');
  // Nothing extended: the text as it is.
  folder.write('alone.yaml', minimal);
  expect(folder.read('alone.yaml').scenario?.source).toBe(minimal);
});

test('a change of the base is a change of the scenario', () => {
  const before = merged(withoutOld).hash;
  folder.write('base/shop.yaml', base.replace('instances: 3', 'instances: 4'));
  expect(merged(withoutOld).hash).not.toBe(before);
});

test('text at hand extends what lies beside its file', () => {
  const text = own + withoutOld;
  const file = `${folder.path}/outage/unsaved.yaml`;
  expect(parseScenario({ file, text }).scenario).toMatchObject({ name: 'outage' });
});

// prettier-ignore
test.each([
  ['a key that is missing in both', base.replace('duration: 30m\n', ''), withoutOld, ['1:1 missing-key: missing key "duration" [How long it lasts. Written as 250ms, 30s, 5m or 1h30m.]']],
  ['a wrong value of the base', base.replace('size: 10', 'size: 0'), withoutOld, ['../base/shop.yaml:8:31 bad-value: size must be at least 1, not 0']],
  ['a wrong value over it', base, `services: [{ name: old, remove: true }, { name: web, instances: 0 }]`, ['5:65 bad-value: instances must be at least 1, not 0']],
  ['a misspelt key of the base', base.replace('instances', 'instnces'), withoutOld, ['../base/shop.yaml:7:5 unknown-key: unknown key "instnces" in services[0] [did you mean "instances"? allowed: name, kind, runtime, version, config, flags, instances, instances_max, workers, queue, cpus, memory and 12 more]']],
  ['an unknown name in the base', base.replace('to: db', 'to: bd'), withoutOld, ['../base/shop.yaml:10:77 reference: no service "bd" [did you mean "db"? known services: web, db]']],
  ['one that is gone', base, 'services: [{ name: old, remove: true }, { name: web, pools: [{ name: db, remove: true }] }]', ['../base/shop.yaml:10:87 reference: no pool of web "db" [known pools of web: cache]']],
  ['a warning of the base', base, '', ['ok', '../base/shop.yaml:13:13 warning no-effect: no request ever reaches old']],
  ['the syntax of the base', base.replace('title: The', 'title: "The'), withoutOld, ['../base/shop.yaml:3:8 syntax: a quote that is never closed']],
  ['YAML 1.1 in the base', base.replace('title: The shop', 'title: on'), withoutOld, ['ok', '../base/shop.yaml:3:8 warning portability: "on" is text here, and something else to tools of YAML 1.1 [quote it: "on"]']],
  ['nothing to remove', base, 'services: [{ name: odl, remove: true }]', ['5:20 reference: nothing to remove: no "odl" in what is extended [did you mean "old"? known: web, db, old]']],
  ['remove and more', base, 'services: [{ name: old, remove: true, instances: 2 }]', ['5:25 forbidden: remove beside other keys: what is removed has none']],
  ['the same twice over one', base, 'services: [{ name: old, remove: true }, { name: web }, { name: web }]', ['5:64 duplicate: service "web" for the second time', '5:64 missing-key: missing key "service_time" for service "web" [for example: service_time: { p50: 4ms, p99: 20ms }]']],
] as const)('%s', (_name, text, over, expected) => {
  folder.write('base/shop.yaml', text);
  expect(verdict(over === '' ? '' : `${over}\n`)).toEqual(expected);
});

test('what extends nothing has nothing to remove', () => {
  folder.write('alone.yaml', minimal.replace('name: web', 'name: web\n    remove: true'));
  expect(folder.verdict('alone.yaml')[0]).toMatch(/^7:5 unknown-key: unknown key "remove"/);
});

test('people see the file that a mistake is in, and its lines', () => {
  folder.write('base/shop.yaml', base.replace('size: 10', 'size: 0'));
  folder.write('outage/scenario.yaml', `${own}${withoutOld}duraton: 5m\n`);
  const result = folder.read('outage/scenario.yaml');
  if (result.scenario) throw new Error('the scenario is valid');
  expect(formatProblems('scenarios/outage/scenario.yaml', result)).toBe(
    `scenarios/outage/scenario.yaml:6:1: unknown key "duraton"
  4 | extends: ../base/shop.yaml
  5 | services: [{ name: old, remove: true }]
  6 | duraton: 5m
    | ^^^^^^^
  did you mean "duration"? allowed: apiVersion, name, title, description, tags, difficulty, seed, objectives, truth, detectors, kind, start and 9 more

scenarios/base/shop.yaml:8:31: size must be at least 1, not 0
  6 |   - name: web
  7 |     instances: 3
  8 |     pools: [{ name: db, size: 0 }, { name: cache, size: 5 }]
    |                               ^
`,
  );
});

test('a base by itself is no scenario', () => {
  expect(folder.verdict('base/shop.yaml')).toEqual([
    '1:7 base: a base is no scenario: it is checked through the scenarios that extend it [write one beside it: extends: and the path of this file]',
  ]);
});

test('editors judge a base, and what extends one, by what stands there', () => {
  const ajv = new Ajv2020({
    strict: true,
    discriminator: true,
    allowUnionTypes: true,
    keywords: ['x-unit', 'x-tag'],
  });
  const validate = ajv.compile(scenarioJsonSchema());
  const valid = (text: string) => validate(parseYaml(text));
  expect(valid(minimal)).toBe(true);
  expect(valid(full)).toBe(true);
  expect(valid(minimal.replace('duration: 30m\n', ''))).toBe(false);
  expect(valid(base)).toBe(true);
  expect(valid(own)).toBe(true);
  expect(valid(`${own}${withoutOld}`)).toBe(true);
  expect(valid(`${own}faults: [{ id: slow, at: 7m }]`)).toBe(true);
  expect(valid(`${own}faults: [{ at: 7m }]`)).toBe(false);
  expect(valid(`${own}services: [{ name: web, instnces: 7 }]`)).toBe(false);
  expect(valid(`${own}duration: 7`)).toBe(false);
});
