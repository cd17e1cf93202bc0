import { expect, test } from 'vitest';
import type { FaultModel, SimulatedScenario } from '../../engine/scenario/model.ts';
import { createSimulatorSource } from '../../engine/simulator/index.ts';
import { drain, shop, type PlainRecord } from '../support/simulated.ts';

const second = 1_000_000;

/** The shop; from 60 s on the clock of the first instance of checkout is ten seconds behind. */
function skewed(): SimulatedScenario {
  const fault: FaultModel = {
    id: 'clock',
    kind: 'clock-skew',
    at: 60 * second,
    until: null,
    service: 1,
    scope: { instances: 1, zone: null, node: null, version: null, flag: null, config: null },
    pulse: null,
    offsetUs: -10 * second,
    driftUsPerSecond: 0,
  };
  return { ...shop(), faults: [fault] };
}

const spansOf = (scenario: SimulatedScenario): readonly PlainRecord[] =>
  drain(createSimulatorSource(scenario, { seed: 5 })).records.filter(({ kind }) => kind === 'span');

test('spans begin by the clock of their instance: those of one that is behind before their parents', () => {
  const scenario = skewed();
  const spans = spansOf(scenario);
  const startMs = ({ attributes }: PlainRecord): number =>
    Date.parse((JSON.parse(attributes) as { start: string }).start);
  const byId = new Map(spans.map((one) => [one.span, one]));
  const early = spans.filter((one) => {
    const parent = byId.get(one.parent);
    return parent !== undefined && startMs(one) < startMs(parent) - 5_000;
  });
  expect(early.length).toBeGreaterThan(100);
  expect(new Set(early.map(({ subject }) => subject))).toEqual(new Set([1]));
  expect(early.every(({ attributes }) => attributes.includes('"instance":"checkout-0"'))).toBe(
    true,
  );
  expect(Math.min(...early.map(({ t }) => t))).toBeGreaterThanOrEqual(60 * second);
  // What is known when, and how long it took, is not the clock's affair.
  const usual = spansOf({ ...scenario, faults: [] });
  const plain = ({ t, value, span }: PlainRecord): string => `${t} ${value} ${span}`;
  expect(spans.map(plain)).toEqual(usual.map(plain));
});

test('nobody says when a span began where all clocks are right', () => {
  expect(spansOf(shop()).every(({ attributes }) => !attributes.includes('"start"'))).toBe(true);
});
