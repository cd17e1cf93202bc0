/** `workbench validate <files…>`: checks scenario files without running them. */
import { ExitCode, WorkbenchError } from '../../engine/errors.ts';
import type { ParseResult, Scenario, ScenarioReader } from '../../engine/scenario/index.ts';
import { printable } from '../../engine/terminal-text.ts';
import type { Io } from '../io.ts';
import { failureFacts, sayFailure } from '../output/failure.ts';
import { emit } from '../output/json.ts';
import { detectorCheck } from '../scenario-detectors.ts';
import { scenarioFile } from '../scenario-file.ts';
import type { RegisterCommand } from './command.ts';

export const registerValidate: RegisterCommand = (program, { io, run }) => {
  program
    .command('validate')
    .description('check scenario files without running them')
    .argument('<files...>', 'scenario files, or folders with a scenario.yaml')
    .option('--json', 'one JSON object a file on stdout')
    .action(
      run((files: readonly string[], flags: { json?: boolean }) => validate(io, files, flags)),
    );
};

type Checked = ParseResult | { readonly scenario: null; readonly error: WorkbenchError };

async function validate(
  io: Io,
  files: readonly string[],
  flags: { readonly json?: boolean },
): Promise<number> {
  const scenarios = await import('../../engine/scenario/index.ts');
  const reader = scenarios.scenarioReader({ checkDetector: await detectorCheck(io) });
  let valid = true;
  for (const typed of files) {
    const { file, checked } = check(io, reader, typed);
    valid &&= checked.scenario !== null || isBase(checked);
    if (flags.json) emit(io, asJson(file, checked));
    else say(io, file, checked, scenarios);
  }
  return valid ? ExitCode.ok : ExitCode.badInput;
}

/** A file that can't be read is that file's answer; the others are still checked. */
function check(
  io: Io,
  reader: ScenarioReader,
  typed: string,
): { readonly file: string; readonly checked: Checked } {
  try {
    const { path, shownAs } = scenarioFile(io, typed);
    return { file: shownAs, checked: reader.read(path) };
  } catch (error) {
    if (error instanceof WorkbenchError) return { file: typed, checked: { scenario: null, error } };
    throw error;
  }
}

/** What scenarios extend is no mistake where somebody checks a whole folder. */
function isBase(checked: Checked): boolean {
  return 'problems' in checked && checked.problems.some(({ kind }) => kind === 'base');
}

function say(
  io: Io,
  file: string,
  checked: Checked,
  {
    formatProblems,
    formatMicros,
  }: Pick<typeof import('../../engine/scenario/index.ts'), 'formatProblems' | 'formatMicros'>,
): void {
  if ('error' in checked) {
    sayFailure(io, checked.error);
  } else if (isBase(checked)) {
    io.stdout.write(`base ${printable(file)} (checked through the scenarios that extend it)\n`);
  } else if (checked.scenario === null) {
    io.stderr.write(formatProblems(file, checked));
  } else {
    if (checked.warnings.length > 0) {
      io.stderr.write(formatProblems(file, { problems: checked.warnings, omitted: 0 }));
    }
    const { durationUs } = checked.scenario;
    const facts = [
      ...summary(checked.scenario),
      ...(durationUs === null ? [] : [formatMicros(durationUs)]),
    ];
    io.stdout.write(`ok ${printable(file)} (${facts.join(', ')})\n`);
  }
}

function summary(scenario: Scenario): string[] {
  const facts: string[] = [scenario.kind];
  if (scenario.kind === 'recorded') facts.push(counted(scenario.sources.length, 'source'));
  if (scenario.services.length > 0) facts.push(counted(scenario.services.length, 'service'));
  return facts;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function asJson(file: string, checked: Checked): Readonly<Record<string, unknown>> {
  const base = { type: 'validation', file, valid: checked.scenario !== null };
  if ('error' in checked) {
    const { code, message, hint } = failureFacts(checked.error);
    return { ...base, code, problems: [{ severity: 'error', message, hint }] };
  }
  if (checked.scenario) {
    const { kind, name, hash } = checked.scenario;
    return { ...base, kind, name, hash, problems: checked.warnings };
  }
  const { problems, omitted } = checked;
  if (isBase(checked)) return { ...base, valid: true, kind: 'base', problems: [] };
  return { ...base, code: 'SCENARIO_INVALID', problems, omitted };
}
