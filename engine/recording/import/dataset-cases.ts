/** Which cases a dataset has, each of which can be imported. */
import { caseIds } from './case-table.ts';
import { nezhaCaseTable, quietPrefix } from './nezha-draft.ts';
import { petshopCaseTable } from './petshop-draft.ts';
import { petshopFiles } from '../petshop.ts';

export type Dataset = 'nezha' | 'petshop';

export interface DatasetCases {
  readonly ids: readonly string[];
  /** Of days that had faults, the stretches that have none. */
  readonly quietIds: readonly string[];
  /** Without a normal period before it nobody can tell what is unusual. */
  readonly withoutNormal: readonly string[];
}

/** Throws SOURCE_MISSING, or RECORDING_UNREADABLE for the table of another dataset. */
export async function datasetCases(dataset: Dataset, folder: string): Promise<DatasetCases> {
  if (dataset === 'petshop') {
    const ids = await caseIds(petshopCaseTable(folder));
    const hasNormal = (id: string): boolean => petshopFiles(folder, id).normal !== null;
    return {
      ids: ids.filter(hasNormal),
      quietIds: [],
      withoutNormal: ids.filter((id) => !hasNormal(id)),
    };
  }
  const ids = await caseIds(nezhaCaseTable(folder));
  const days = [...new Set(ids.flatMap((id) => /\d{4}-\d\d-\d\d/.exec(id)?.[0] ?? []))];
  return { ids, quietIds: days.map((day) => `${quietPrefix}${day}`), withoutNormal: [] };
}
