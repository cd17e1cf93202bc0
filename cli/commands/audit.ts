/** `workbench audit <files…>`: whether scenarios are fair, honest and worth playing, and why. */
import { resolve } from 'node:path';
import type { Audit } from '../../engine/audit/index.ts';
import { ExitCode, WorkbenchError } from '../../engine/errors.ts';
import { pathKind } from '../../engine/path-kind.ts';
import type { Scenario } from '../../engine/scenario/index.ts';
import { printable } from '../../engine/terminal-text.ts';
import type { Io } from '../io.ts';
import { auditLines, auditSum } from '../output/audit.ts';
import { failureFacts, sayFailure } from '../output/failure.ts';
import { emit } from '../output/json.ts';
import { nearPath } from '../output/next.ts';
import { painter } from '../output/style.ts';
import { detectorCheck } from '../scenario-detectors.ts';
import { scenarioFile } from '../scenario-file.ts';
import { writeWhole } from '../whole-file.ts';
import type { RegisterCommand } from './command.ts';
import { parseWhole } from './options.ts';

interface AuditFlags {
  readonly json?: boolean;
  readonly report?: string;
  readonly force?: boolean;
  readonly spoilers?: boolean;
  readonly seed?: number;
  readonly library?: boolean;
}

export const registerAudit: RegisterCommand = (program, { io, run }) => {
  program
    .command('audit')
    .description('check that scenarios are fair, honest and worth playing, and say why')
    .argument('<files...>', 'scenario files, or folders with a scenario.yaml')
    .option('--seed <n>', "simulate with this seed instead of the scenario's own", parseWhole)
    .option('--library', 'hold sizes, category, difficulty and tags to what the library takes')
    .option('--report <file>', 'write a page of Markdown: why they are worth playing')
    .option('--spoilers', 'the cause, the clues and the right action in the report, too')
    .option('--force', 'overwrite the report if it exists')
    .option('--json', 'one JSON object a file on stdout, and a last one with the sum')
    .action(run((files: readonly string[], flags: AuditFlags) => auditCommand(io, files, flags)));
};

async function auditCommand(io: Io, files: readonly string[], flags: AuditFlags): Promise<number> {
  if (flags.spoilers && flags.report === undefined) {
    const reason = '--spoilers says what a report tells, and there is none';
    throw new WorkbenchError('USAGE', { reason, next: 'add --report <file>' });
  }
  const report = flags.report === undefined ? null : resolve(io.cwd, flags.report);
  if (report !== null) refuseTaken(io, report, files, flags);
  const audit = await auditor(io, flags);
  const audits: Audit[] = [];
  let failed = 0;
  for (const typed of files) {
    const result = audit(typed);
    if (result instanceof WorkbenchError) {
      failed++;
      sayError(io, typed, result, flags);
      continue;
    }
    audits.push(result);
    if (flags.json) emit(io, { type: 'audit', file: typed, ...result });
    else io.stdout.write(`${auditLines(result, painter(io, io.stdout)).join('\n')}\n`);
  }
  if (report !== null) await writeReport(io, report, audits, flags);
  const refused = audits.filter(({ accepted }) => !accepted).length;
  const sum = { accepted: audits.length - refused, refused, failed };
  if (flags.json) emit(io, { type: 'audits', ...sum });
  else if (files.length > 1) io.stderr.write(`${auditSum(sum)}\n`);
  if (failed > 0) return ExitCode.badInput;
  return refused > 0 ? ExitCode.assertionFailed : ExitCode.ok;
}

/** A file that cannot be audited is that file's answer; the others are still looked at. */
async function auditor(
  io: Io,
  flags: AuditFlags,
): Promise<(typed: string) => Audit | WorkbenchError> {
  const { loadScenario } = await import('../../engine/scenario/index.ts');
  const { auditRecorded, auditSimulated } = await import('../../engine/audit/index.ts');
  const checkDetector = await detectorCheck(io);
  const audit = (scenario: Scenario): Audit =>
    scenario.kind === 'recorded'
      ? auditRecorded(scenario)
      : auditSimulated(scenario, {
          ...(flags.seed === undefined ? {} : { seed: flags.seed }),
          library: flags.library === true,
        });
  return (typed) => {
    try {
      const { path, shownAs } = scenarioFile(io, typed);
      return audit(loadScenario(path, { shownAs, checkDetector }));
    } catch (error) {
      if (error instanceof WorkbenchError && error.exitCode === ExitCode.badInput) return error;
      throw error;
    }
  };
}

function sayError(io: Io, typed: string, error: WorkbenchError, flags: AuditFlags): void {
  sayFailure(io, error);
  if (!flags.json) return;
  const { code, message, hint } = failureFacts(error);
  emit(io, { type: 'audit', file: typed, accepted: null, code, message, hint });
}

/**
 * Before the long part, not after it.
 * @throws WorkbenchError USAGE, FILE_EXISTS, STORAGE_FAILED
 */
function refuseTaken(io: Io, file: string, scenarios: readonly string[], flags: AuditFlags): void {
  const found = pathKind(file);
  const next = 'name another file with --report';
  if (found.kind === 'missing') return;
  if (found.kind !== 'file') throw new WorkbenchError('STORAGE_FAILED', { file, next, ...found });
  if (scenarios.some((typed) => scenarioFile(io, typed).path === file)) {
    throw new WorkbenchError('USAGE', { reason: `${flags.report} is a scenario itself`, next });
  }
  if (!flags.force) throw new WorkbenchError('FILE_EXISTS', { file: flags.report });
}

async function writeReport(
  io: Io,
  file: string,
  audits: readonly Audit[],
  flags: AuditFlags,
): Promise<void> {
  const { auditMarkdown } = await import('../output/audit-report.ts');
  const { storageError } = await import('../../engine/store/index.ts');
  try {
    writeWhole(file, auditMarkdown(audits, { spoilers: flags.spoilers === true }));
  } catch (error) {
    throw storageError(file, error, 'name another file with --report');
  }
  io.stderr.write(`wrote ${printable(nearPath(io.cwd, file))}\n`);
}
