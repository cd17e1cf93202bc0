/**
 * What the library holds, for those who choose what to play. The id of a scenario and its tags tell what
 * it is about, so the table has neither: its title leads to the briefing.
 */
import { formatMicros, type Scenario } from '../../engine/scenario/index.ts';

export interface LibraryEntry {
  /** The name of its folder. */
  readonly id: string;
  readonly scenario: Scenario;
}

/** The easiest first. */
export function libraryTable(entries: readonly LibraryEntry[]): string {
  const rows = entries
    .map(({ id, scenario: { title, difficulty, durationUs } }) => ({
      title: title ?? id,
      difficulty: difficulty ?? 0,
      length: durationUs === null ? '' : formatMicros(durationUs),
      id,
    }))
    .sort((a, b) => a.difficulty - b.difficulty || a.title.localeCompare(b.title, 'en'))
    .map((one) => `| [${one.title}](${one.id}/README.md) | ${one.difficulty} | ${one.length} |`);
  return ['| what people say | difficulty | length |', '|---|---|---|', ...rows].join('\n');
}
