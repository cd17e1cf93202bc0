/**
 * Every scenario of the library passes its audit, and shows the signature of its archetype: checks beside
 * those of its own truth, in `signatures/<id>.ts`.
 *
 * `npm test` audits all of them at their own seed, and tries of what each says of actions the first that
 * helps and the first that harms. `npm run test:full` tries all that they say, at more seeds as well.
 * The reports, which say why each is worth playing, are in `tests/.output/audit`.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadLibrary } from '../../cli/library.ts';
import { auditMarkdown } from '../../cli/output/audit-report.ts';
import { auditSimulated } from '../../engine/audit/index.ts';
import { parseAction, type SimulatedScenario } from '../../engine/scenario/index.ts';
import { effort } from '../support/effort.ts';
import { root } from '../support/workbench.ts';
import type { Signature } from './signature.ts';

/** An audit simulates its scenario once for each fault and each claim, ms. */
const timeout = 180_000;
const folder = join(root, 'scenarios');
const output = join(root, 'tests/.output/audit');
const everything = effort > 1;
mkdirSync(output, { recursive: true });

describe.each(loadLibrary(folder))('$id', ({ id, scenario }) => {
  if (scenario.kind !== 'simulated') throw new Error(`${id} is no simulation`);
  const asked = everything ? scenario : withFirstClaims(scenario);
  const seeds = everything ? [scenario.seed, 1, 2, 3] : [scenario.seed];

  test.each(seeds)(
    'passes its audit and shows its signature, seed %i',
    { timeout },
    async (seed) => {
      const { default: signature } = (await import(`./signatures/${id}.ts`)) as {
        default: Signature;
      };
      expect(signature.length).toBeGreaterThan(0);
      const told = { ...asked.truth, clues: [...asked.truth.clues, ...signature] };
      const audit = auditSimulated(
        { ...asked, truth: told },
        { seed, library: true, readAction: (text) => actionOf(scenario, text) },
      );
      if (seed === scenario.seed) {
        writeFileSync(join(output, `${id}.md`), auditMarkdown([audit], { spoilers: true }));
      }
      const refusals = audit.rules.filter(({ level }) => level === 'refuse');
      expect(refusals).toEqual([]);
      const shown = audit.play?.clues.slice(-signature.length) ?? [];
      expect(shown.filter(({ holds }) => !holds)).toEqual([]);
    },
  );

  test('has a page for those who play it', () => {
    expect(existsSync(join(folder, id, 'README.md'))).toBe(true);
  });
});

function withFirstClaims(scenario: SimulatedScenario): SimulatedScenario {
  const { truth } = scenario;
  const helpful = truth.helpful.slice(0, 1);
  return { ...scenario, truth: { ...truth, helpful, harmful: truth.harmful.slice(0, 1) } };
}

function actionOf(scenario: SimulatedScenario, text: string) {
  const read = parseAction(scenario, text);
  return 'action' in read ? read.action : null;
}
