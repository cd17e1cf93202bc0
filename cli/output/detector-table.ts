/** What is bundled, for those who choose: from the detectors themselves and what their pages say of them. */
import type { DetectorMetadata } from '../../engine/detect/contract.ts';

export interface DetectorEntry {
  readonly metadata: DetectorMetadata;
  /** The text of its README. */
  readonly page: string;
  readonly isDefault: boolean;
}

/** Records that a detector asks for; ticks and ends come to all. */
const records = ['log', 'metric', 'span', 'change'];

/** In the order of the list, which is that of what they are for. */
export function detectorTable(entries: readonly DetectorEntry[]): string {
  const rows = entries.map(({ metadata, page, isDefault }) => {
    const { id, per, hooks, summary } = metadata;
    const reads = hooks.filter((hook) => records.includes(hook)).join(', ');
    return [
      `[${id}](${id}/README.md)${isDefault ? ' ●' : ''}`,
      per,
      reads === '' ? 'nothing' : reads,
      summary,
      firstSentence(page, 'Cost'),
    ]
      .map((cell) => cell.replaceAll('|', '\\|'))
      .join(' | ');
  });
  return [
    '| detector | per | reads | what it looks for | cost |',
    '|---|---|---|---|---|',
    ...rows.map((row) => `| ${row} |`),
  ].join('\n');
}

/** What a page says first under a bold word; '' where it has none. */
function firstSentence(page: string, word: string): string {
  const [, text = ''] = page.split(`**${word}.** `);
  return (/^(.*?[^.\d]|.*?\d)\.(?=\s|$)/s.exec(text)?.[1] ?? '').replaceAll(/\s+/g, ' ');
}
