/** `workbench detectors list|test`: what there is, and whether one keeps the contract. */
import type { Command } from 'commander';
import { ExitCode, WorkbenchError } from '../../engine/errors.ts';
import type { LoadedDetector } from '../../engine/detect/index.ts';
import type { Io } from '../io.ts';
import { emit } from '../output/json.ts';
import { refuseUnknownCommand, type RegisterCommand } from './command.ts';
import { testDetectors } from './detectors-test.ts';
import { trustOption } from './options.ts';

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
    .option('--watch', 'again after every save')
    .addOption(trustOption())
    .action(
      run((detector: string, _flags: unknown, command: Command) =>
        testDetectors(io, detector, command.optsWithGlobals()),
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
