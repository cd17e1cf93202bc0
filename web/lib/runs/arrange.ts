/** The order of the runs list, and which runs answer to what was typed. */
import type { RunSummary } from '../../../engine/query/types.ts';
import { severityOrder } from '../state/look.ts';
import { forkText } from './fork.ts';

export type RunColumn = 'incidents' | 'length' | 'records' | 'size' | 'created';

export interface Arrangement {
  readonly text: string;
  readonly by: RunColumn;
  readonly descending: boolean;
}

export function arrange(
  runs: readonly RunSummary[],
  { text, by, descending }: Arrangement,
): readonly RunSummary[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const found = runs.filter((run) => {
    const fork = run.parent ? forkText(run.parent) : '';
    const said = `${run.title} ${run.id} ${fork} ${run.scenario} ${run.kind} ${run.state} ${run.detectors.join(' ')}`;
    return words.every((word) => said.toLowerCase().includes(word));
  });
  const compare = (a: RunSummary, b: RunSummary) => {
    const [left, right] = [measure(a, by), measure(b, by)];
    const first = left.findIndex((value, index) => value !== right[index]);
    return first < 0 ? 0 : (left[first] ?? 0) - (right[first] ?? 0);
  };
  return found.toSorted((a, b) => (descending ? compare(b, a) : compare(a, b)));
}

/** What a run counts for in a column; later numbers decide between equal earlier ones. */
function measure(run: RunSummary, by: RunColumn): readonly number[] {
  switch (by) {
    case 'incidents':
      return severityOrder.map((severity) => run.incidents[severity]);
    case 'length':
      return [run.durationUs];
    case 'records':
      return [run.records];
    case 'size':
      return [run.fileBytes];
    case 'created':
      return [run.createdUnixMs];
    default:
      return by satisfies never;
  }
}
