/** Suites of recorded outages that others published: each case as `workbench import` makes it. */
import { join, resolve } from 'node:path';
import { outageItem, type BenchItem } from '../engine/benchmark/index.ts';
import { WorkbenchError } from '../engine/errors.ts';
import { pathKind } from '../engine/path-kind.ts';
import type { Dataset } from '../engine/recording/index.ts';
import { loadScenario } from '../engine/scenario/index.ts';
import { homeFolders } from './home.ts';
import type { Io } from './io.ts';
import { packageFolder } from './package-files.ts';
import { rememberPaths } from './source-paths.ts';

export interface DatasetItems {
  readonly items: readonly BenchItem[];
  /** What a reader of the board must know of them. */
  readonly notes: readonly string[];
}

const published: Readonly<Record<Dataset, string>> = {
  nezha: 'https://github.com/IntelligentDDS/Nezha (MIT licence)',
  petshop: 'https://github.com/amazon-science/petshop-root-cause-analysis (CC-BY-4.0)',
};

/**
 * Scenarios are written below the home folder, so that each can be played by itself with `workbench
 * run`; they are made anew each time, the recordings behind them are not.
 * @throws WorkbenchError USAGE, and what importing throws
 */
export async function datasetItems(
  io: Io,
  dataset: Dataset,
  dir: string | undefined,
): Promise<DatasetItems> {
  const folder = requireDataset(io, dataset, dir);
  const { datasetCases } = await import('../engine/recording/index.ts');
  const { ids, quietIds, withoutNormal } = await datasetCases(dataset, folder);
  const items: BenchItem[] = [];
  for (const id of ids) items.push(await itemOf(io, { dataset, folder, id }));
  for (const id of quietIds) items.push(await itemOf(io, { dataset, folder, id }));
  return {
    items,
    notes: [
      'Recorded outages: an alarm counts up to one sample after the fault, which is when its last moment shows.',
      ...(withoutNormal.length === 0
        ? []
        : [
            `${withoutNormal.length} cases without a normal period are left out: nobody could say what is unusual there.`,
          ]),
    ],
  };
}

function requireDataset(io: Io, dataset: Dataset, dir: string | undefined): string {
  const next = `get it from ${published[dataset]}; cases.csv in it lists the cases`;
  if (dir === undefined) {
    const reason = `--suite ${dataset} needs --dir, the folder of the dataset`;
    throw new WorkbenchError('USAGE', { reason, next });
  }
  const folder = resolve(io.cwd, dir);
  const found = pathKind(join(folder, 'cases.csv')).kind;
  if (found === 'file') return folder;
  const reason =
    pathKind(folder).kind === 'folder'
      ? `--dir ${dir} is no ${dataset} dataset: it has no cases.csv`
      : `--dir ${dir} is no folder`;
  throw new WorkbenchError('USAGE', { reason, next });
}

interface Case {
  readonly dataset: Dataset;
  readonly folder: string;
  readonly id: string;
}

async function itemOf(io: Io, { dataset, folder, id }: Case): Promise<BenchItem> {
  const { importRecording } = await import('../engine/recording/index.ts');
  const { home, cache } = homeFolders(io);
  const name = id.replaceAll(/[^\w-]+/g, '-');
  const outFile = join(home, 'bench', dataset, name, 'scenario.yaml');
  const { draft, recording } = await importRecording(
    { kind: dataset, folder, case: id },
    {
      outFile,
      schemaFile: join(packageFolder(), 'scenarios/scenario.schema.json'),
      force: true,
      cacheFolder: cache,
    },
  );
  // Who names a dataset trusts its scenarios with it.
  rememberPaths(
    home,
    draft.sources.map(({ path }) => path),
  );
  return outageItem(name, loadScenario(outFile), recording.cacheFile);
}
