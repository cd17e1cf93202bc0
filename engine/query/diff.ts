/**
 * Two runs, aligned. An instructor's question: it reads ground truth, so it is none of the page's.
 */
import { WorkbenchError } from '../errors.ts';
import { diffBudget } from './diff-budget.ts';
import { diffFindings } from './diff-findings.ts';
import { diffHealth, diffProblems } from './diff-health.ts';
import { diffIncidents } from './diff-incidents.ts';
import { partingOf } from './diff-parting.ts';
import { spanOf } from './diff-span.ts';
import type { DiffedRun, RunDiff } from './diff-types.ts';
import { inputsOf } from './inputs.ts';
import { summaryOf } from './overview.ts';
import type { RunReader } from './reader.ts';

/**
 * @param options.force compares runs of different scenarios too
 * @throws WorkbenchError RUNS_DIFFER, RUN_FILE_DAMAGED
 */
export function diffRuns(
  a: RunReader,
  b: RunReader,
  options: { readonly force?: boolean } = {},
): RunDiff {
  return a.snapshot(() => b.snapshot(() => diff(a, b, options.force === true)));
}

function diff(a: RunReader, b: RunReader, force: boolean): RunDiff {
  const [rowA, rowB] = [a.run(), b.run()];
  if (rowA.scenario_name !== rowB.scenario_name && !force) {
    throw new WorkbenchError('RUNS_DIFFER', { a: rowA.scenario_name, b: rowB.scenario_name });
  }
  const alike = {
    scenario: rowA.scenario_hash === rowB.scenario_hash,
    seed: rowA.seed === rowB.seed,
    engine: rowA.engine_version === rowB.engine_version,
    detectors: detectorsOf(a) === detectorsOf(b),
  };
  const span = spanOf(a, b);
  const { untilUs, limitedBy, lastUs } = span;
  return {
    a: factsOf(a),
    b: factsOf(b),
    untilUs,
    limitedBy,
    alike,
    parting: alike.scenario && alike.seed ? partingOf(a, b, { ...alike, untilUs }) : null,
    incidents: diffIncidents(a, b, lastUs),
    findings: diffFindings(a, b, lastUs),
    health: diffHealth(a, b, span),
    problems: diffProblems(a, b, lastUs),
    budget: diffBudget(a, b, span),
  };
}

function factsOf(run: RunReader): DiffedRun {
  const { id, title, scenario, seed, state, digest, parent } = summaryOf(run);
  const { engine_version: engineVersion } = run.run();
  const inputs = inputsOf(run);
  return { id, title, scenario, seed, engineVersion, state, digest, parent, inputs };
}

/** What decides what detectors say, as one text. */
function detectorsOf(run: RunReader): string {
  return JSON.stringify(run.tuples('SELECT name, config FROM detector ORDER BY name'));
}
