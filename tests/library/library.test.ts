/**
 * Every outage of the library passes its audit, and shows the signature of its archetype: checks beside
 * those of its own truth, in `signatures/<id>.ts`.
 */
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { auditSimulated } from '../../engine/audit/index.ts';
import { loadScenario, parseAction, type SimulatedScenario } from '../../engine/scenario/index.ts';
import type { Signature } from './signature.ts';

/** An audit simulates its scenario once for each fault and each claim, ms. */
const timeout = 180_000;
const folder = fileURLToPath(new URL('../../scenarios', import.meta.url));
const ids = readdirSync(folder).filter((id) => existsSync(`${folder}/${id}/scenario.yaml`));

describe.each(ids)('%s', (id) => {
  test('passes its audit and shows its signature', { timeout }, async () => {
    const scenario = load(id);
    const { default: signature } = (await import(`./signatures/${id}.ts`)) as {
      default: Signature;
    };
    expect(signature.length).toBeGreaterThan(0);
    const told = { ...scenario.truth, clues: [...scenario.truth.clues, ...signature] };
    const audit = auditSimulated(
      { ...scenario, truth: told },
      { library: true, readAction: (text) => actionOf(scenario, text) },
    );
    const refusals = audit.rules.filter(({ level }) => level === 'refuse');
    expect(refusals).toEqual([]);
    const shown = audit.play?.clues.slice(-signature.length) ?? [];
    expect(shown.filter(({ holds }) => !holds)).toEqual([]);
  });

  test('has a page for those who play it', () => {
    expect(existsSync(`${folder}/${id}/README.md`)).toBe(true);
  });
});

function load(id: string): SimulatedScenario {
  const scenario = loadScenario(`${folder}/${id}/scenario.yaml`);
  if (scenario.kind !== 'simulated') throw new Error(`${id} is no simulation`);
  return scenario;
}

function actionOf(scenario: SimulatedScenario, text: string) {
  const read = parseAction(scenario, text);
  return 'action' in read ? read.action : null;
}
