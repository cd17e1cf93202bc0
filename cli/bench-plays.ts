/** Runs that the page asks for, of what a benchmark played: one at a time, hosted by this process. */
import { existsSync } from 'node:fs';
import type { LoadedDetector } from '../engine/detect/index.ts';
import { WorkbenchError } from '../engine/errors.ts';
import type { Run, SourcePlan } from '../engine/replay/index.ts';
import type { Scenario } from '../engine/scenario/index.ts';
import { sealClosedRun } from '../engine/store/index.ts';
import type { BenchPlays, PlayRecipe } from '../web/server/index.ts';
import { collectDetector } from './commands/options.ts';
import { homeFolders } from './home.ts';
import type { Io } from './io.ts';
import { startLiveRun } from './live-run.ts';
import { newRunFile } from './run-files.ts';
import { allowedPaths } from './source-paths.ts';

export interface HostedPlays extends BenchPlays {
  /** The run that goes on now. */
  readonly runs: () => readonly Run[];
  /** Ends what goes on; what is stored of it stays. Call when nobody reads any more. */
  close(): Promise<void>;
}

export function benchPlays(io: Io, runsFolder: string): HostedPlays {
  let isBusy = false;
  let current: Run | null = null;
  const played: string[] = [];
  return {
    isBusy: () => isBusy,
    runs: () => (current ? [current] : []),
    async start(recipe) {
      isBusy = true;
      try {
        const run = await startPlay(io, recipe, runsFolder);
        current = run;
        played.push(run.file);
        // It resolves, never rejects.
        void run.done.then(() => {
          isBusy = false;
          current = null;
        });
        return { run: run.runId };
      } catch (error) {
        isBusy = false;
        throw error;
      }
    },
    async close() {
      current?.interrupt('the workbench was closed');
      await current?.done;
      // The page's readers may have kept a file from being sealed; one may be deleted by now.
      for (const file of played) if (existsSync(file)) sealClosedRun(file);
    },
  };
}

/** @throws WorkbenchError PLAY_REFUSED, and what loading a scenario and starting a run throw */
async function startPlay(io: Io, recipe: PlayRecipe, runsFolder: string): Promise<Run> {
  const { loadScenario } = await import('../engine/scenario/index.ts');
  const { outageItem } = await import('../engine/benchmark/index.ts');
  const { source, hash, seed } = recipe;
  const scenario = loadScenario(source);
  const plan = await planOf(io, scenario, seed);
  const cacheFile = plan.kind === 'recorded' ? plan.cacheFile : null;
  if (outageItem(scenario.name, scenario, cacheFile).hash !== hash) {
    const reason = `${source} has changed since: play the benchmark again`;
    throw new WorkbenchError('PLAY_REFUSED', { reason });
  }
  const detectors = await bundledDetectors(io, recipe.detectors);
  const target = newRunFile(scenario.name, runsFolder, undefined, io.cwd);
  const pace = { speed: 'max', watched: true, paused: false } as const;
  return startLiveRun(io, { target, scenario, plan, seed, detectors, ...pace });
}

async function planOf(io: Io, scenario: Scenario, seed: number): Promise<SourcePlan> {
  if (scenario.kind === 'simulated') return { kind: 'simulated', scenario, seed, inputs: [] };
  const { prepareRecording } = await import('../engine/recording/index.ts');
  const { home, cache } = homeFolders(io);
  const within = allowedPaths({ home, scenarioFile: scenario.file, allow: [], cwd: io.cwd });
  const { cacheFile } = await prepareRecording(scenario, { cacheFolder: cache, within });
  return { kind: 'recorded', cacheFile, objectives: scenario.objectives };
}

/** By their ids: a path that a results file names is never loaded. */
async function bundledDetectors(
  io: Io,
  texts: readonly string[],
): Promise<readonly LoadedDetector[]> {
  const { loadDetectors } = await import('../engine/detect/index.ts');
  const { builtIns } = await import('../plugins/index.ts');
  const flags = texts.flatMap((text) => collectDetector(text, []));
  const foreign = flags.find(({ id }) => !builtIns.some((one) => one.id === id));
  if (foreign) {
    throw new WorkbenchError('PLAY_REFUSED', { reason: `detector ${foreign.id} is not bundled` });
  }
  const choices = flags.map((flag) => ({ ...flag, typed: true }));
  return loadDetectors(choices, { builtIns, cwd: io.cwd });
}
