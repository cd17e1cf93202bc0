/**
 * Whether code that is not ours may run. A detector is code that a person chooses to run, and they choose
 * its content, not its name:
 *
 * - a content that they have agreed to runs, and so does a folder that they write in themselves;
 * - on a terminal they are asked, once for each content;
 * - `--trust` is their answer beforehand, for everything that the command names or for one hash;
 * - where nobody watches (`CI`, `--no-input`) there is no other way;
 * - in a script, a file that is typed and was never agreed to runs and is named with its hash: typing its
 *   path is choosing it. One that was agreed to and has changed since is refused like any.
 */
import { dirname } from 'node:path';
import type { CodeHash } from '../engine/detect/index.ts';
import { WorkbenchError } from '../engine/errors.ts';
import { printable } from '../engine/terminal-text.ts';
import type { Io } from './io.ts';
import { nearPath } from './output/next.ts';
import { TrustStore } from './trust-store.ts';

/** What `--trust` was given: `all`, or hashes. */
export type TrustFlags = readonly string[];

/**
 * Makes sure that each of the files may run.
 * @param files absolute paths of detectors' modules, all of them typed by the person
 * @throws WorkbenchError DETECTOR_UNTRUSTED
 */
export async function askForTrust(
  io: Io,
  files: readonly string[],
  flags: TrustFlags,
): Promise<void> {
  if (files.length === 0) return;
  const { hashCode } = await import('../engine/detect/index.ts');
  const store = new TrustStore(io);
  for (const file of files) {
    if (store.isOwn(file)) continue;
    const code = hashCode(file);
    const known = store.hashOf(file);
    if (known === code.hash) continue;
    await decide(io, store, { file, code, changed: known !== null, flags });
  }
}

interface Question {
  readonly file: string;
  readonly code: CodeHash;
  /** It was trusted with another content. */
  readonly changed: boolean;
  readonly flags: TrustFlags;
}

async function decide(io: Io, store: TrustStore, question: Question): Promise<void> {
  const { file, code, changed, flags } = question;
  const isGiven = flags.includes('all') || flags.includes(code.hash);
  if (isGiven) return sayForgotten(io, store.trust(file, code.hash));
  const unattended = Boolean(io.env['CI']) || Boolean(io.env['WORKBENCH_NO_INPUT']);
  if (!unattended && io.stdin.isTty) {
    io.stderr.write(`${questionLines(io, question).join('\n')}\n`);
    const answer = (await io.stdin.ask('Run it? [y]es · [a]lways, I write in this folder · [N]o '))
      ?.trim()
      .toLowerCase();
    if (answer === 'a' || answer === 'always') {
      return sayForgotten(io, store.trustFolder(dirname(file)));
    }
    if (answer === 'y' || answer === 'yes') {
      return sayForgotten(io, store.trust(file, code.hash));
    }
    throw refusal(question, 'you did not agree to run');
  }
  if (!unattended && !changed && flags.length === 0) {
    const shown = printable(nearPath(io.cwd, file));
    io.stderr.write(
      `running ${shown}, ${code.hash}, for it was typed; --trust pins this content\n`,
    );
    return;
  }
  throw refusal(question, `${stateOf(changed)}, and nobody can be asked`);
}

function sayForgotten(io: Io, reason: string | null): void {
  if (reason !== null) io.stderr.write(`your answer is not remembered: ${printable(reason)}\n`);
}

function refusal({ file, code }: Question, reason: string): WorkbenchError {
  return new WorkbenchError('DETECTOR_UNTRUSTED', { file, reason, hash: code.hash });
}

function stateOf(changed: boolean): string {
  return changed ? 'has changed since you trusted it' : 'you have not run here yet';
}

function questionLines(io: Io, { file, code, changed }: Question): string[] {
  const { hash, files, packages } = code;
  const shown = printable(nearPath(io.cwd, file));
  const listed = files.slice(0, filesShownMax).map(printable).join(', ');
  const more = files.length > filesShownMax ? ` and ${files.length - filesShownMax} more` : '';
  return [
    `${shown} is code that ${stateOf(changed)}.`,
    `  content    ${hash}`,
    `             ${listed}${more}`,
    ...(packages.length > 0
      ? [
          `  besides    the packages ${packages.map(printable).join(', ')}, whose content is not looked at`,
        ]
      : []),
    '  kept from  your environment, writing files, starting programs and threads; bounded in time, memory and output',
    '  not from   reading files, using the network, signalling your processes: this is a seat belt, no cage',
  ];
}

const filesShownMax = 8;
