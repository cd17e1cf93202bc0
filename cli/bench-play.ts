/** The playing part of `workbench bench`: which detectors, and the plays that are missing. */
import type { BenchEntry, ResultsFile } from '../engine/benchmark/index.ts';
import type { LoadedDetector } from '../engine/detect/index.ts';
import type { Suite } from './bench-suites.ts';
import { loadChosen } from './chosen-detectors.ts';
import type { DetectorFlag } from './commands/options.ts';
import type { Io, StopSignal } from './io.ts';
import { BenchTalk } from './output/bench-progress.ts';
import type { TrustFlags } from './trust.ts';

export async function chooseDetectors(
  io: Io,
  {
    detector: wanted,
    trust,
  }: { readonly detector: readonly DetectorFlag[]; readonly trust: TrustFlags },
  isSeries: boolean,
) {
  const { loadDetectors } = await import('../engine/detect/index.ts');
  const { baselineIds } = await import('../engine/benchmark/index.ts');
  const { builtIns, defaultDetectors } = await import('../plugins/index.ts');
  const load = (choices: Parameters<typeof loadDetectors>[0]): Promise<LoadedDetector[]> =>
    loadDetectors(choices, { builtIns, cwd: io.cwd });
  const bundled = (ids: readonly string[]) =>
    load(builtIns.filter(({ id }) => ids.includes(id)).map(({ id }) => ({ id, config: {} })));
  const all = await bundled(builtIns.map(({ id }) => id).filter((id) => id !== 'skeleton'));
  const asked =
    wanted.length > 0
      ? await loadChosen(
          io,
          wanted.map((flag) => ({ ...flag, typed: true })),
          trust,
        )
      : all;
  return {
    // A detector that reads no metric has nothing to say of a series.
    asked: isSeries ? asked.filter(({ metadata }) => metadata.hooks.includes('metric')) : asked,
    together: isSeries ? [] : await bundled(defaultDetectors),
    baselines: await bundled(baselineIds),
  };
}

export interface Playing extends Suite {
  readonly entries: readonly BenchEntry[];
}

export interface PlayOptions {
  readonly results: ResultsFile;
  readonly engineVersion: string;
  readonly workers: number;
  readonly quiet: boolean;
}

/** Plays what is missing; the signal that stopped it, or null. */
export async function playMissing(
  io: Io,
  playing: Playing,
  { results, engineVersion, workers, quiet }: PlayOptions,
): Promise<StopSignal | null> {
  const { runBenchmark, storedItem } = await import('../engine/benchmark/index.ts');
  results.setUp({
    items: playing.items.map(storedItem),
    entries: playing.entries.map(({ name, role, hash, detectors }) => ({
      ...{ name, role, hash },
      detectors: detectors.map(detectorText).join(', '),
    })),
    seeds: playing.seeds,
    notes: playing.notes,
  });
  const talk = new BenchTalk(io, { quiet, workers });
  const stop = new AbortController();
  let signal: StopSignal | null = null;
  const stopListening = io.onSignal((one) => {
    signal = one;
    stop.abort();
  });
  try {
    await runBenchmark(playing, results, {
      ...{ engineVersion, workers },
      onProgress: (progress) => talk.show(progress),
      signal: stop.signal,
    });
    return null;
  } catch (error) {
    if (signal === null) throw error;
    talk.say('stopped; the same command goes on from here');
    return signal;
  } finally {
    stopListening();
    talk.end();
  }
}

/** As `--detector` takes it: options that differ from what they are by default, and a file by its path. */
function detectorText({ id, origin, file, config, metadata }: LoadedDetector): string {
  const options = Object.entries(config)
    .filter(([name, value]) => metadata.options[name]?.default !== value)
    .map(([name, value]) => `${name}=${value}`);
  const word = origin === 'file' ? file : id;
  return options.length === 0 ? word : `${word}:${options.join(',')}`;
}
