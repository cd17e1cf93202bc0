/** `workbench new`: a detector of one's own that works as it is, with its test; or a scenario. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ExitCode, reasonOf, WorkbenchError } from '../../engine/errors.ts';
import type { Io } from '../io.ts';
import { packageFolder } from '../package-files.ts';
import type { RegisterCommand } from './command.ts';
import { checkDetectorName } from './detectors.ts';
import { TrustStore } from '../trust-store.ts';
import type { NewScenarioFlags } from './new-scenario.ts';

export const registerNew: RegisterCommand = (program, { io, run }) => {
  const start = program.command('new').description('start something of your own');
  start
    .command('scenario')
    .description('an outage of a shop that works as it is, audited; asks what is not given')
    .argument('<name>', 'kebab-case; becomes the folder and the name')
    .option('--fault <kind>', 'what goes wrong: latency, errors, crash, pool-leak, …')
    .option('--at <duration>', 'when it begins: 8m')
    .option('--duration <duration>', 'how long the scenario is: 30m')
    .option('--title <text>', 'what people read')
    .action(
      run(async (name: string, flags: NewScenarioFlags) => {
        const { newScenario } = await import('./new-scenario.ts');
        return newScenario(io, name, flags);
      }),
    );
  start
    .command('detector')
    .description('a folder with a detector that works, its examples and its test')
    .argument('<name>', 'kebab-case; becomes the folder and the id')
    .option('--js', 'JavaScript instead of TypeScript')
    .action(run((name: string, flags: { js?: boolean }) => newDetector(io, name, flags)));
};

async function newDetector(
  io: Io,
  name: string,
  flags: { readonly js?: boolean },
): Promise<number> {
  const { builtIns } = await import('../../plugins/index.ts');
  checkDetectorName(
    name,
    builtIns.map(({ id }) => id),
  );
  const folder = resolve(io.cwd, name);
  if (existsSync(folder)) {
    const reason = `${name} exists already; nothing was written`;
    throw new WorkbenchError('USAGE', { reason, next: `workbench new detector ${name}-2` });
  }
  const ending = flags.js ? 'js' : 'ts';
  const files = {
    [`detector.${ending}`]: detectorText(name, ending),
    [`examples.${ending}`]: skeleton(`examples.${ending}`),
    [`${name}.test.${ending}`]: testText(name, ending),
    'README.md': readmeText(io, name, ending),
  };
  write(folder, files);
  // Who writes a detector need not be asked about it after every change.
  new TrustStore(io).trustFolder(folder);
  for (const file of Object.keys(files)) io.stdout.write(`${name}/${file}\n`);
  io.stderr.write(
    ['next', ...nextSteps(io, name).map(([command]) => `  ${command}`), ''].join('\n'),
  );
  return ExitCode.ok;
}

function write(folder: string, files: Readonly<Record<string, string>>): void {
  try {
    mkdirSync(folder);
    for (const [file, text] of Object.entries(files)) {
      writeFileSync(join(folder, file), text, { flag: 'wx' });
    }
  } catch (error) {
    const details = { file: folder, reason: reasonOf(error) };
    throw new WorkbenchError('STORAGE_FAILED', details, { cause: error });
  }
}

/** What the author of a first detector has to know, on top of it. */
const header = `/**
 * Fires when a text turns up in the log of a service several times within a minute.
 *
 * How a detector works: the engine makes a state for each service, hands it each record with that state,
 * and keeps the score that comes back; \`report\` says that something is wrong. All that it may use is in
 * its arguments, for a run must say the same each time that it is played. Change \`log\` first, save, and
 * look at what \`detectors test --watch\` says.
 */
`;

/** The bundled skeleton under its new name: one example to copy, held by the contract suite. */
function detectorText(name: string, ending: 'ts' | 'js'): string {
  const text = skeleton(`detector.${ending}`);
  const [, ...afterHeader] = text.split(' */\n');
  return `${header}${afterHeader.join(' */\n')}`.replace(/id: 'skeleton'/, `id: '${name}'`);
}

/** A file of the skeleton: TypeScript as it was written, JavaScript as it was built. */
function skeleton(file: string): string {
  const folder = file.endsWith('.ts') ? 'plugins/skeleton' : 'dist/plugins/skeleton';
  return readFileSync(join(packageFolder(), folder, file), 'utf8').replace(
    /\/\/# sourceMappingURL=.*\n?/,
    '',
  );
}

/** What to type next, in this order, and what for. */
function nextSteps({ program }: Io, name: string): [command: string, purpose: string][] {
  return [
    [
      `${program} detectors test ./${name} --watch`,
      'its examples and the contract, after every save',
    ],
    [
      `${program} bench --suite quick --detector ./${name} --report ${name}.md`,
      'how good it is beside the baselines, as a page for a pull request',
    ],
    [`${program} run <scenario> --detector ./${name} --open`, 'what it says in an outage'],
  ];
}

function readmeText(io: Io, name: string, ending: 'ts' | 'js'): string {
  const steps = nextSteps(io, name).map(([command, purpose]) => `# ${purpose}\n${command}\n`);
  return `# ${name}

Say here what it looks for, where the method comes from, what it was tuned on, and what it costs.

\`detector.${ending}\` is the detector, \`examples.${ending}\` when it must speak and when it must be quiet.

\`\`\`sh
${steps.join('\n')}\`\`\`
`;
}

function testText(name: string, ending: 'ts' | 'js'): string {
  return `// Without anything installed: npx workbench detectors test ./${name}/detector.${ending}
// In a package of your own:   npm install --save-dev incident-workbench jiti
//                             node --import jiti/register --test ${name}.test.${ending}
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDetector } from 'incident-workbench/testing';
import detector from './detector.${ending}';
import examples from './examples.${ending}';

for (const { name, reason } of testDetector(detector, examples)) {
  test(name, () => assert.equal(reason, ''));
}
`;
}
