/** `workbench new scenario <name>`: an outage of one's own that works as it is, audited. */
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Audit } from '../../engine/audit/index.ts';
import { ExitCode, reasonOf, WorkbenchError } from '../../engine/errors.ts';
import type { ParseResult, SimulatedScenario } from '../../engine/scenario/index.ts';
import { parseUnit } from '../../engine/scenario/index.ts';
import { similarName } from '../../engine/similar.ts';
import { printable } from '../../engine/terminal-text.ts';
import type { Io } from '../io.ts';
import { auditLines } from '../output/audit.ts';
import { painter } from '../output/style.ts';
import { packageFolder } from '../package-files.ts';
import { recipes } from '../scenario-recipes.ts';
import { scenarioPage, scenarioText, type Draft } from '../scenario-text.ts';

export interface NewScenarioFlags {
  readonly fault?: string;
  readonly at?: string;
  readonly duration?: string;
  readonly title?: string;
}

const base = 'base/shop.yaml';
const minuteUs = 60_000_000;
/** From the first impact until somebody acts. */
const minutesToFindOut = 3;
/** Whoever pipes nonsense in gets an error in the end. */
const triesMax = 5;

export async function newScenario(io: Io, name: string, flags: NewScenarioFlags): Promise<number> {
  checkName(name);
  const folder = resolve(io.cwd, name);
  if (existsSync(folder)) {
    const reason = `${name} exists already; nothing was written`;
    throw new WorkbenchError('USAGE', { reason, next: `workbench new scenario ${name}-2` });
  }
  const draft = await askDraft(io, name, flags);
  const { auditSimulated } = await import('../../engine/audit/index.ts');
  const whole = await withClues(io, folder, draft);
  write(io, folder, { 'scenario.yaml': scenarioText(whole) });
  const scenario = await readBack(folder);
  const { durationUs } = scenario;
  write(io, folder, { 'README.md': scenarioPage(whole, { durationUs, program: io.program }) });
  const audit = auditSimulated(scenario, {});
  say(io, name, audit);
  return audit.accepted ? ExitCode.ok : ExitCode.assertionFailed;
}

function checkName(name: string): void {
  if (/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name) && name !== 'base') return;
  throw new WorkbenchError('USAGE', {
    reason: `"${name}" is no name of a scenario: lower-case words joined by hyphens`,
    next: 'workbench new scenario slow-search',
  });
}

/** From flags, and where a person sits at the terminal, from answers; Enter takes what is offered. */
async function askDraft(io: Io, name: string, flags: NewScenarioFlags): Promise<Draft> {
  const kinds = Object.keys(recipes);
  if (flags.fault === undefined && io.stdin.isTty) {
    io.stderr.write(`What goes wrong? ${kinds.join(' · ')}\n`);
  }
  const fault = await answerOf(io, flags.fault, {
    question: 'Fault',
    usual: 'latency',
    complaint: faultComplaint,
  });
  const recipe = recipes[fault];
  if (!recipe) {
    const near = similarName(fault, kinds);
    const reason = faultComplaint(fault) ?? '';
    throw new WorkbenchError('USAGE', { reason, next: `--fault ${near ?? kinds[0]}` });
  }
  const at = await answerOf(io, flags.at, {
    question: 'When it begins',
    usual: '8m',
    complaint: durationComplaint,
  });
  const title = await answerOf(io, flags.title, {
    question: 'Title that gives nothing away',
    usual: 'Something is wrong in the shop',
    complaint: () => null,
  });
  const duration = await answerOf(io, flags.duration, {
    question: 'How long the scenario is',
    usual: '30m',
    complaint: (text) => durationComplaint(text) ?? orderComplaint(at, text),
  });
  return { name, fault, recipe, at, helpAt: at, title, duration, clues: [] };
}

/** A flag is taken as it is; an answer is asked for again while something is wrong with it. */
async function answerOf(
  io: Io,
  given: string | undefined,
  asked: {
    readonly question: string;
    readonly usual: string;
    readonly complaint: (text: string) => string | null;
  },
): Promise<string> {
  const { question, usual, complaint } = asked;
  if (given !== undefined || !io.stdin.isTty) return given ?? usual;
  for (let tries = 0; tries < triesMax; tries++) {
    const answer = (await io.stdin.ask(`${question} (${usual}): `))?.trim();
    if (answer === undefined || answer === '') return usual;
    const wrong = complaint(answer);
    if (wrong === null) return answer;
    io.stderr.write(`${printable(wrong)}\n`);
  }
  const reason = `no answer that will do to "${question}"`;
  throw new WorkbenchError('USAGE', { reason, next: 'workbench new scenario --help' });
}

function faultComplaint(fault: string): string | null {
  const kinds = Object.keys(recipes);
  return Object.hasOwn(recipes, fault)
    ? null
    : `no recipe for "${fault}"; there are ${kinds.join(', ')}`;
}

function durationComplaint(text: string): string | null {
  const parsed = parseUnit('duration', text);
  return 'problem' in parsed ? parsed.problem : null;
}

function orderComplaint(at: string, duration: string): string | null {
  const [begins, ends] = [parseUnit('duration', at), parseUnit('duration', duration)];
  if ('problem' in begins || 'problem' in ends || begins.value < ends.value) return null;
  return `it begins at ${at}: the scenario must be longer than that`;
}

/** Simulates the draft and adds what its records show: the audit asks for evidence. */
async function withClues(io: Io, folder: string, draft: Draft): Promise<Draft> {
  const { proposeClues } = await import('../../engine/audit/index.ts');
  const { formatMicros, scenarioReader } = await import('../../engine/scenario/index.ts');
  const { measureTruth } = await import('../../engine/simulator/index.ts');
  writeBase(io);
  // What it extends is looked for from where it will stand.
  mkdirSync(folder);
  const file = join(folder, 'scenario.yaml');
  const result = scenarioReader().parse({ file, text: scenarioText(draft) });
  if (result.scenario?.kind !== 'simulated') {
    rmdirSync(folder);
    throw invalid(result);
  }
  const { scenario } = result;
  const { seed } = scenario;
  const { impacts, firstUserImpact } = measureTruth(scenario, { seed, inputs: [] });
  const first = Math.min(...impacts.map(({ from }) => from), firstUserImpact ?? Infinity);
  const impactAt = first < Infinity ? first : Math.min(...scenario.faults.map(({ at }) => at));
  const clues = proposeClues(scenario, { seed, impactAt });
  const lastAt = scenario.durationUs - minuteUs;
  const foundOutAt = Math.min(
    lastAt,
    (Math.ceil(impactAt / minuteUs) + minutesToFindOut) * minuteUs,
  );
  return { ...draft, clues, helpAt: formatMicros(foundOutAt) };
}

/** Only what was typed can be wrong: no file is named, because none was written. */
function invalid(result: ParseResult): WorkbenchError {
  if (result.scenario) return new WorkbenchError('INTERNAL', { reason: 'it is no simulation' });
  const said = result.problems.slice(0, 3).map(({ message }) => message);
  return new WorkbenchError('USAGE', {
    reason: `${said.join('; ')}; nothing was written`,
    next: 'choose other values for --fault, --at, --duration and --title',
  });
}

async function readBack(folder: string): Promise<SimulatedScenario> {
  const { loadScenario } = await import('../../engine/scenario/index.ts');
  const scenario = loadScenario(join(folder, 'scenario.yaml'));
  if (scenario.kind !== 'simulated') throw new TypeError('what was written is no simulation');
  return scenario;
}

/** The shop beside the scenario, where it is not there yet. */
function writeBase(io: Io): void {
  const target = resolve(io.cwd, base);
  if (existsSync(target)) return;
  const text = readFileSync(join(packageFolder(), 'scenarios', base), 'utf8');
  write(io, resolve(io.cwd, 'base'), { 'shop.yaml': text });
}

function write(io: Io, folder: string, files: Readonly<Record<string, string>>): void {
  try {
    mkdirSync(folder, { recursive: true });
    for (const [file, text] of Object.entries(files)) {
      writeFileSync(join(folder, file), text, { flag: 'wx' });
      io.stdout.write(`${join(folder, file).slice(io.cwd.length + 1)}\n`);
    }
  } catch (error) {
    const details = { file: folder, reason: reasonOf(error) };
    throw new WorkbenchError('STORAGE_FAILED', details, { cause: error });
  }
}

function say(io: Io, name: string, audit: Audit): void {
  const next = [`${io.program} run ./${name} --open`, `${io.program} audit ./${name}`];
  io.stderr.write(`${auditLines(audit, painter(io, io.stderr)).join('\n')}\n`);
  io.stderr.write(`\nnext\n${next.map((line) => `  ${line}\n`).join('')}`);
}
