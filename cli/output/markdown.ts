/** A run on one page of Markdown, for a ticket or a post-mortem. */
import type { LostBudget } from '../../engine/query/index.ts';
import type { IncidentDetail, RunOverview } from '../../engine/query/types.ts';
import { momentText } from '../../engine/wording.ts';
import { foldedTimeline } from './folded-timeline.ts';
import { count, duration, plural } from './format.ts';
import { plain } from './markdown-text.ts';

export interface RunPage {
  readonly overview: RunOverview;
  /** In the order of opening, as they stand at the end. */
  readonly incidents: readonly IncidentDetail[];
  /** By service, as telemetry tells it. */
  readonly lost: readonly LostBudget[];
  /** Set where it was asked for. */
  readonly truth: readonly TruthLine[] | null;
}

export interface TruthLine {
  readonly what: string;
  readonly service: string;
  readonly from: number | null;
  readonly to: number | null;
}

export function runMarkdown({ overview, incidents, lost, truth }: RunPage): string {
  const blocks = [
    `# ${plain(overview.title)}`,
    [facts(overview), ...lostLines(lost)].join('\n'),
    '## Incidents',
    incidents.length === 0 ? 'None.' : table(incidents),
    ...incidents.flatMap(incidentBlocks),
    '## Detectors',
    detectors(overview),
  ];
  if (truth) blocks.push('## Ground truth', ...truthBlocks(truth));
  return `${blocks.join('\n\n')}\n`;
}

function facts(run: RunOverview): string {
  const reason = run.stateReason ? ` (${plain(run.stateReason)})` : '';
  const started = new Date(run.startUnixUs / 1000).toISOString();
  const intake = run.intake
    ? ` of ${count(run.intake.read)} read, ${count(run.intake.rejected)} rejected, ${plural(run.intake.duplicates, 'duplicate')}`
    : '';
  return [
    `- Run: ${plain(run.id)}, ${run.state}${reason}`,
    `- Scenario: ${plain(run.scenario)} (${run.kind}, seed ${run.seed})`,
    `- Time: ${started}, ${duration(run.throughUs)} of ${duration(run.durationUs)}`,
    `- Services: ${run.services.map(({ name }) => plain(name)).join(', ')}`,
    `- Records: ${count(run.records)} stored${intake}`,
    `- Digest: ${run.digest === null ? 'none, the run did not end' : `\`${run.digest}\``}`,
  ].join('\n');
}

function lostLines(lost: readonly LostBudget[]): string[] {
  if (lost.length === 0) return [];
  const parts = lost.map(({ service, minutes }) => `${plain(service)} ${minutes.toFixed(2)} min`);
  return [`- Error budget lost: ${parts.join(', ')} (minutes of full outage, by error ratio)`];
}

function table(incidents: readonly IncidentDetail[]): string {
  const rows = incidents.map(({ incident }) => {
    const ended = incident.resolvedAt === null ? '' : momentText(incident.resolvedAt);
    return `| ${incident.id} | ${incident.severity} | ${incident.status} | ${momentText(incident.openedAt)} | ${ended} | ${plain(incident.title)} |`;
  });
  return [
    '| # | severity | status | opened | resolved | title |',
    '|---|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

function incidentBlocks({ incident, timeline, insights }: IncidentDetail): string[] {
  const lines = foldedTimeline(timeline).map(({ t, text, actor }) => {
    const who = actor === null ? '' : `${plain(actor)}: `;
    return `- ${momentText(t)} ${who}${plain(text)}`;
  });
  const blocks = [`### #${incident.id} ${plain(incident.title)}`, lines.join('\n')];
  if (insights.length > 0) {
    const claims = insights.map(({ title, category }) => `- ${plain(title)} (${plain(category)})`);
    blocks.push('Insights, not yet calibrated:', claims.join('\n'));
  }
  return blocks;
}

function detectors(run: RunOverview): string {
  if (run.detectorStates.length === 0) return 'None.';
  return run.detectorStates
    .map(({ name, state, failure, findings, recordsFed }) => {
      const failed = state === 'failed' ? `, failed: ${plain(failure)}` : '';
      return `- ${plain(name)}: ${plural(findings, 'finding')} from ${plural(recordsFed, 'record')}${failed}`;
    })
    .join('\n');
}

function truthBlocks(truth: readonly TruthLine[]): string[] {
  if (truth.length === 0) return ['None known.'];
  const lines = truth.map(({ what, service, from, to }) => {
    const until = to === null ? 'the end' : momentText(to);
    const window = from === null ? '' : ` from ${momentText(from)} to ${until}`;
    return `- ${plain(what)} in ${plain(service)}${window}`;
  });
  return [lines.join('\n')];
}
