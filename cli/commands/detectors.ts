/** `workbench detectors list|test`: what there is, and whether one keeps the contract. */
import type { Command } from 'commander';
import { ExitCode, WorkbenchError } from '../../engine/errors.ts';
import type { LoadedDetector } from '../../engine/detect/index.ts';
import { printable } from '../../engine/terminal-text.ts';
import type { Io } from '../io.ts';
import { emit } from '../output/json.ts';
import { painter } from '../output/style.ts';
import { refuseUnknownCommand, type RegisterCommand } from './command.ts';

interface Flags {
  readonly json?: boolean;
}

export const registerDetectors: RegisterCommand = (program, { io, run }) => {
  const detectors = program
    .command('detectors')
    .description('list and test detectors')
    .option('--json', 'one JSON object a line on stdout')
    .allowExcessArguments()
    .action(
      run((flags: Flags, group: Command) => {
        refuseUnknownCommand(group);
        return list(io, flags);
      }),
    );
  detectors
    .command('list')
    .description('bundled detectors with their options')
    .action(run((_flags: unknown, command: Command) => list(io, command.optsWithGlobals())));
  detectors
    .command('test')
    .description('hold a detector to the contract and to its examples')
    .argument('<detector>', 'file or folder of a detector, or the name of a bundled one')
    .action(
      run((detector: string, _flags: unknown, command: Command) =>
        test(io, detector, command.optsWithGlobals()),
      ),
    );
};

async function list(io: Io, { json }: Flags): Promise<number> {
  const { loadDetectors } = await import('../../engine/detect/index.ts');
  const { builtIns, defaultDetectors } = await import('../../plugins/index.ts');
  const choices = builtIns.map(({ id }) => ({ id, config: {} }));
  for (const { metadata } of await loadDetectors(choices, { builtIns, cwd: io.cwd })) {
    const isDefault = defaultDetectors.includes(metadata.id);
    if (json) {
      emit(io, { type: 'detector', default: isDefault, ...metadata });
    } else {
      io.stdout.write(described(metadata, isDefault));
    }
  }
  if (!json) io.stderr.write(`your own: ${io.program} new detector <name>\n`);
  return ExitCode.ok;
}

function described(metadata: LoadedDetector['metadata'], isDefault: boolean): string {
  const { id, summary, per, hooks, options } = metadata;
  const rows = Object.entries(options).map(
    ([name, option]) => `    ${name} = ${option.default}  ${option.description}\n`,
  );
  const facts = `per ${per}, reads ${hooks.join(', ')}${isDefault ? ', on by default' : ''}`;
  return `${id}\n  ${summary}\n  ${facts}\n${rows.join('')}`;
}

async function test(io: Io, detector: string, { json }: Flags): Promise<number> {
  const { locateDetector, testDetectorFile } = await import('../../engine/detect/index.ts');
  const { builtIns } = await import('../../plugins/index.ts');
  const { module } = locateDetector(detector, { builtIns, cwd: io.cwd });
  const { id, examples, results } = await testDetectorFile(module);
  const failed = results.filter((result) => !result.pass);
  if (json) {
    for (const result of results) {
      emit(io, { type: 'check', detector: id, ...result });
    }
    const total = { checks: results.length, failed: failed.length };
    emit(io, { type: 'checks', detector: id, ...total });
  } else {
    const paint = painter(io, io.stdout);
    for (const { name, pass, reason } of results) {
      const mark = pass ? paint('ok', 'ok  ') : paint('critical', 'FAIL');
      io.stdout.write(`${mark} ${printable(name)}\n`);
      if (!pass) io.stdout.write(`       ${printable(reason)}\n`);
    }
    io.stdout.write(`${id}: ${results.length - failed.length} of ${results.length} checks pass\n`);
    if (examples === null) io.stderr.write('no examples were found beside it\n');
  }
  return failed.length === 0 ? ExitCode.ok : ExitCode.assertionFailed;
}

/** Is the name good for a detector and its folder? Throws USAGE with what to type instead. */
export function checkDetectorName(name: string, taken: readonly string[]): void {
  const next = 'workbench new detector my-detector';
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) || name.length > 64) {
    const reason = `"${name}" is no name for a detector: lower-case words joined by hyphens`;
    throw new WorkbenchError('USAGE', { reason, next });
  }
  if (taken.includes(name)) {
    const reason = `"${name}" is a bundled detector; a run has one detector of each id`;
    throw new WorkbenchError('USAGE', { reason, next });
  }
}
