/**
 * Metastable failures: a trigger pushes a system over, a loop of its own keeps it there, and only what
 * breaks the loop ends it. Measured with telemetry off, for seeds that nobody chose.
 */
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { loadScenario, parseAction, type SimulatedScenario } from '../../engine/scenario/index.ts';
import type { ActionInput } from '../../engine/scenario/model.ts';
import type { Micros } from '../../engine/sdk/index.ts';
import { measureOutcome, type Outcome } from '../../engine/simulator/index.ts';
import { effort } from '../support/effort.ts';
import { minute } from './signature.ts';

/** `npm test` tries one of them. */
const seeds = effort > 1 ? [1, 2, 3] : [1];
/** Before the trigger, and long after it, and after anybody did something about it. */
const before = { from: 0, to: 10 * minute };
const late = { from: 26 * minute, to: 36 * minute };

describe.each(seeds)('retry-storm, seed %i', (seed) => {
  const storm = load('retry-storm');
  const good = (outcome: Outcome, window: Window = late): number =>
    goodShare(storm, outcome, { ...window, objective: 'search' });

  test('stays down after its trigger is gone and the base load is back', () => {
    const outcome = measureOutcome(storm, { seed });
    expect(good(outcome, before)).toBeGreaterThan(0.99);
    expect(good(outcome)).toBeLessThan(0.02);
    // Users who reload count too: a third of those who get an error.
    expect(growth(storm, outcome, 'edge')).toBeLessThan(1.1);
    expect(growth(storm, outcome, 'search')).toBeGreaterThan(3);
    expect(growth(storm, outcome, 'search')).toBeLessThan(10);
  });

  test('recovers by shedding load for three minutes, and serves everybody afterwards', () => {
    const outcome = acting(storm, seed, [
      [16, 'shed-load:search=80%'],
      [19, 'shed-load:search=0%'],
    ]);
    expect(good(outcome, { from: 20 * minute, to: late.to })).toBeGreaterThan(0.99);
    expect(growth(storm, outcome, 'search')).toBeLessThan(1.1);
  });

  test('recovers while the load is still shed, as far as the door is open', () => {
    const outcome = acting(storm, seed, [[16, 'shed-load:search=80%']]);
    // Five attempts at a door that opens for one in five: 1 − 0.8⁵ of them get in.
    expect(good(outcome)).toBeGreaterThan(0.6);
  });

  test('recovers without the retries of the edge', () => {
    expect(good(acting(storm, seed, [[16, 'disable-retries:edge']]))).toBeGreaterThan(0.99);
  });

  test.each(['restart:search', 'restart:search=rolling', 'scale:search=6'])(
    'does not recover by %s',
    (text) => {
      expect(good(acting(storm, seed, [[16, text]]))).toBeLessThan(0.02);
    },
  );

  test('never locks in without retries', () => {
    const outcome = measureOutcome(withoutRetries(storm), { seed });
    // The mailing alone is too much for search, but only as long as it lasts.
    expect(good(outcome, { from: 11 * minute, to: 13 * minute })).toBeLessThan(0.9);
    expect(good(outcome, { from: 16 * minute, to: late.to })).toBeGreaterThan(0.99);
  });
});

describe.each(seeds)('double-stampede-storm, seed %i', (seed) => {
  const double = load('double-stampede-storm');
  const orders = (...texts: readonly string[]): number => {
    const outcome = acting(
      double,
      seed,
      texts.map((text) => [16, text]),
    );
    return goodShare(double, outcome, { ...late, objective: 'checkout' });
  };
  const warm = ['warm-cache:catalog/products', 'warm-cache:catalog/featured'];

  test('stays down by itself, and when only one half of it is mended', () => {
    expect(orders()).toBeLessThan(0.02);
    expect(orders(...warm)).toBeLessThan(0.02);
    expect(orders('disable-retries:storefront')).toBeLessThan(0.02);
  });

  test('recovers when both are', () => {
    expect(orders(...warm, 'disable-retries:storefront')).toBeGreaterThan(0.99);
  });
});

function acting(
  scenario: SimulatedScenario,
  seed: number,
  taken: readonly (readonly [number, string])[],
): Outcome {
  const inputs = taken.map(([at, text]): ActionInput => {
    const read = parseAction(scenario, text);
    if (!('action' in read)) throw new Error(read.problem);
    return { at: at * minute, action: read.action, text };
  });
  return measureOutcome(scenario, { seed, inputs });
}

function withoutRetries(scenario: SimulatedScenario): SimulatedScenario {
  const services = scenario.services.map((service) => ({
    ...service,
    endpoints: service.endpoints.map((endpoint) => ({
      ...endpoint,
      calls: endpoint.calls.map((call) => ({ ...call, retries: { ...call.retries, max: 0 } })),
    })),
  }));
  return { ...scenario, services };
}

interface Window {
  readonly from: Micros;
  readonly to: Micros;
}

/** Share of the requests of an objective that were good. */
function goodShare(
  { objectives }: SimulatedScenario,
  outcome: Outcome,
  { objective, ...window }: Window & { readonly objective: string },
): number {
  const counts = outcome.objectives[objectives.findIndex(({ name }) => name === objective)];
  if (!counts) throw new Error(`no objective ${objective}`);
  return 1 - sum(counts.bad, outcome, window) / sum(counts.total, outcome, window);
}

/** How many times as many requests a service gets late as at first. */
function growth({ services }: SimulatedScenario, outcome: Outcome, name: string): number {
  const counts = outcome.services[services.findIndex((service) => service.name === name)];
  if (!counts) throw new Error(`no service ${name}`);
  const rate = (window: Window): number =>
    sum(counts.total, outcome, window) / (window.to - window.from);
  return rate(late) / rate(before);
}

function sum(values: Float64Array, { windowUs }: Outcome, { from, to }: Window): number {
  return values.subarray(from / windowUs, to / windowUs).reduce((a, b) => a + b, 0);
}

function load(id: string): SimulatedScenario {
  const file = fileURLToPath(new URL(`../../scenarios/${id}/scenario.yaml`, import.meta.url));
  const loaded = loadScenario(file);
  if (loaded.kind !== 'simulated') throw new Error(`${id} is no simulation`);
  return loaded;
}
