/** Audits as a page of Markdown: why each scenario is worth playing. What gives it away is on request only. */
import type { ActionFacts, Audit, ClueFacts, PlayFacts } from '../../engine/audit/index.ts';
import { lengthText, momentText, numberText } from '../../engine/wording.ts';
import { plural } from './format.ts';
import { plain } from './markdown-text.ts';

export interface ReportOptions {
  /** Tells the cause, the clues and what to do. */
  readonly spoilers: boolean;
}

export function auditMarkdown(audits: readonly Audit[], options: ReportOptions): string {
  const [only] = audits;
  if (audits.length === 1 && only) return `${scenarioBlocks(only, '#', options).join('\n\n')}\n`;
  const blocks = [
    '# Scenarios',
    overview(audits),
    ...audits.flatMap((audit) => scenarioBlocks(audit, '##', options)),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function overview(audits: readonly Audit[]): string {
  const rows = audits.map(({ title, difficulty, play, accepted, rules }) => {
    const against = rules.filter(({ level }) => level === 'refuse').map(({ rule }) => rule);
    const verdict = accepted ? 'accepted' : `refused: ${against.join(', ')}`;
    const length = play ? lengthText(play.durationUs) : '';
    return `| ${plain(title)} | ${difficulty ?? ''} | ${length} | ${play?.services ?? ''} | ${verdict} |`;
  });
  const head = ['| scenario | difficulty | length | services | audit |', '|---|---|---|---|---|'];
  return [...head, ...rows].join('\n');
}

function scenarioBlocks(audit: Audit, head: '#' | '##', options: ReportOptions): string[] {
  const { title, play } = audit;
  const blocks = [`${head} ${plain(title)}`, facts(audit, options)];
  const why = audit.accepted ? 'Why it is worth playing' : 'What there is to play, so far';
  if (play) blocks.push(`${head}# ${why}`, reasons(play));
  blocks.push(`${head}# What was checked`, checks(audit, options));
  if (play && options.spoilers) blocks.push(`${head}# Spoilers`, ...spoilers(play));
  return blocks;
}

function facts(audit: Audit, { spoilers }: ReportOptions): string {
  const { name, difficulty, tags, category, accepted, kind, seed, play } = audit;
  const size = play
    ? `${lengthText(play.durationUs)}, ${plural(play.services, 'service')}, ${numberText(play.usersPerSecond)} requests of users a second`
    : kind;
  const verdict = `${accepted ? 'accepted' : 'refused'}${kind === 'simulated' ? ` (seed ${seed})` : ''}`;
  return [
    `- Scenario: ${plain(name)}, ${size}`,
    `- Difficulty: ${difficulty ?? 'not told'}`,
    `- Category: ${spoilers ? (category ?? 'not told') : 'hidden'}`,
    // Tags say what it is as plainly as the category.
    ...(spoilers && tags.length > 0 ? [`- Tags: ${tags.map(plain).join(', ')}`] : []),
    `- Audit: ${verdict}`,
  ].join('\n');
}

function reasons(play: PlayFacts): string {
  const lines = [
    ...timing(play),
    ...cost(play),
    clues(play.clues),
    herrings(play.herrings),
    ...oneLine(play),
  ];
  return lines.map((line) => `- ${line}`).join('\n');
}

function timing({ troubleAt, firstObservable, firstUserImpact, isIncident }: PlayFacts): string[] {
  if (!isIncident) return ['Users are well from beginning to end.'];
  if (troubleAt === null) return [];
  const after = (at: number): string =>
    at - troubleAt < 10e6 ? 'at once' : `${lengthText(at - troubleAt)} after the trouble begins`;
  const sign =
    firstObservable === null
      ? 'The records show nothing by themselves'
      : `The records show something ${after(firstObservable)}`;
  const impact =
    firstUserImpact === null ? 'users never feel it' : `users feel it ${after(firstUserImpact)}`;
  return [`${sign}; ${impact}.`];
}

function cost({ isIncident, lostMinutes, actions }: PlayFacts): string[] {
  if (!isIncident) return [];
  const of = (claim: ActionFacts['claim']): string[] =>
    actions
      .filter((action) => action.claim === claim)
      .map(({ at, lostMinutes: lost }) => `${minutes(lost)} (at ${momentText(at)})`);
  const parts = [`Doing nothing costs users ${minutes(lostMinutes)}`];
  const [helpful, harmful] = [of('helpful'), of('harmful')];
  if (helpful.length > 0) parts.push(`what helps leaves ${helpful.join(' or ')}`);
  if (harmful.length > 0) parts.push(`what tempts and harms makes it ${harmful.join(' or ')}`);
  return [`${parts.join('; ')}.`];
}

function minutes(lost: number): string {
  const shown = lost < 9.95 ? Number(lost.toFixed(1)) : Math.round(lost);
  return `${shown} lost ${shown === 1 ? 'minute' : 'minutes'}`;
}

function clues(all: readonly ClueFacts[]): string {
  if (all.length === 0) return 'No clues are told.';
  const holding = all.filter(({ holds }) => holds);
  const streams = holding.map(({ streams: own }) => own.join(' and '));
  const where = streams.length === 0 ? '' : ` (${streams.join(', ')})`;
  const lead = plural(holding.length, 'clue');
  return `${lead} ${holding.length === 1 ? 'leads' : 'lead'} to the cause${where}.`;
}

function herrings(all: readonly ClueFacts[]): string {
  if (all.length === 0) return 'No red herrings.';
  const fair = all.filter(({ holds }) => holds).length;
  return `${plural(all.length, 'red herring')}, of which ${fair} can be falsified from the data.`;
}

function oneLine({ oneLine: rules }: PlayFacts): string[] {
  if (rules.length === 0) return [];
  const verdicts = rules.map(
    ({ name, findsTheCause }) => `${name} ${findsTheCause ? 'finds' : 'misses'} the cause`,
  );
  return [`Rules of one line: ${verdicts.join(', ')}.`];
}

function checks({ rules }: Audit, { spoilers: told }: ReportOptions): string {
  const rows = rules.map(({ rule, level, says }) => `| ${rule} | ${level} | ${plain(says)} |`);
  const table = ['| rule | verdict | in short |', '|---|---|---|', ...rows].join('\n');
  const details = rules.flatMap(({ rule, findings }) =>
    findings.map(({ level, says }) => `- ${rule}, ${level}: ${plain(says)}`),
  );
  return told && details.length > 0 ? `${table}\n\n${details.join('\n')}` : table;
}

function spoilers({ clues, herrings, oneLine, actions }: PlayFacts): string[] {
  const blocks: string[] = [];
  const list = (title: string, lines: readonly string[]): void => {
    if (lines.length > 0) blocks.push(`${title}:`, lines.map((line) => `- ${line}`).join('\n'));
  };
  const clueLine = ({ says, measured }: ClueFacts): string =>
    `${plain(says)} (${measured.map(plain).join('; ')})`;
  list('Clues', clues.map(clueLine));
  list('Red herrings, and what falsifies them', herrings.map(clueLine));
  list(
    'Rules of one line',
    oneLine.map(({ name, service, because }) =>
      plain(`${name}: ${service ?? 'nobody'}, ${because}`),
    ),
  );
  list(
    'Actions',
    actions.map(({ claim, actions: texts, at, says, lostMinutes }) =>
      plain(
        `${claim}: ${texts.join(' and ')} at ${momentText(at)}, ${minutes(lostMinutes)}. ${says}`,
      ),
    ),
  );
  return blocks;
}
