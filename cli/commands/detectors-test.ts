/** `workbench detectors test`: whether one keeps the contract, once or after every save. */
import { ExitCode, WorkbenchError } from '../../engine/errors.ts';
import type { TestedFile } from '../../engine/detect/index.ts';
import { printable } from '../../engine/terminal-text.ts';
import { filesChanged, lookAt } from '../file-watch.ts';
import { exitCodeOfSignal } from '../interrupt.ts';
import type { Io } from '../io.ts';
import { checkLines } from '../output/checks.ts';
import { reportFailure } from '../output/failure.ts';
import { emit } from '../output/json.ts';
import { painter } from '../output/style.ts';
import { askForTrust } from '../trust.ts';

export interface TestFlags {
  readonly json?: boolean;
  readonly watch?: boolean;
  readonly trust: readonly string[];
}

export async function testDetectors(io: Io, detector: string, flags: TestFlags): Promise<number> {
  const { locateDetector } = await import('../../engine/detect/index.ts');
  const { builtIns } = await import('../../plugins/index.ts');
  const { module, file } = locateDetector(detector, { builtIns, cwd: io.cwd });
  if (module.origin === 'file') await askForTrust(io, [file], flags.trust);
  if (!flags.watch) return testOnce(io, detector, flags);
  if (module.origin === 'file') return testOnSave(io, { detector, file }, flags);
  const reason = `${detector} is bundled: --watch is for a file of yours`;
  throw new WorkbenchError('USAGE', { reason });
}

async function testOnce(io: Io, detector: string, flags: TestFlags): Promise<number> {
  const { locateDetector, testDetectorFile } = await import('../../engine/detect/index.ts');
  const { builtIns } = await import('../../plugins/index.ts');
  const { module } = locateDetector(detector, { builtIns, cwd: io.cwd });
  const tested = await testDetectorFile(module, (line) =>
    io.stderr.write(`${printable(detector)} | ${printable(line)}\n`),
  );
  return tell(io, tested, flags);
}

function tell(io: Io, tested: TestedFile, { json }: TestFlags): number {
  const { id, results, unrun, examples } = tested;
  const failed = results.filter((result) => !result.pass).length;
  if (json) {
    for (const result of results) emit(io, { type: 'check', detector: id, ...result });
    const total = { checks: results.length + unrun.length, failed, unrun: unrun.length };
    emit(io, { type: 'checks', detector: id, ...total });
  } else {
    const lines = checkLines(tested, painter(io, io.stdout));
    io.stdout.write(`${lines.join('\n')}\n`);
    if (examples === null) io.stderr.write('no examples were found beside it\n');
  }
  return failed + unrun.length === 0 ? ExitCode.ok : ExitCode.assertionFailed;
}

interface Watched {
  readonly detector: string;
  /** Absolute path of its module. */
  readonly file: string;
}

/** What is saved while its author looks on is theirs: trust is asked for once. */
async function testOnSave(io: Io, { detector, file }: Watched, flags: TestFlags): Promise<number> {
  const { examplesBeside } = await import('../../engine/detect/index.ts');
  const stop = stopper(io);
  const watched = new WatchedFiles(file, examplesBeside);
  try {
    for (;;) {
      await watched.look();
      const since = lookAt(watched.files());
      const code = await testOnce(io, detector, flags).catch((error: unknown) =>
        reportFailure(io, error, { json: flags.json === true }),
      );
      if (stop.signal.aborted) return stop.code(code);
      io.stderr.write(`watching ${watched.count()}; ${io.stdin.isTty ? 'q' : 'Ctrl+C'} ends\n\n`);
      const files = () => watched.files();
      if (!(await filesChanged({ files, since, signal: stop.signal }))) return stop.code(code);
      io.stderr.write(`${new Date(io.now()).toISOString().slice(11, 19)} changed\n`);
    }
  } finally {
    stop.release();
  }
}

/** The detector, its examples and what they import; those of the last time that this could be told. */
class WatchedFiles {
  readonly #file: string;
  readonly #examplesBeside: (file: string) => string | null;
  #imported: readonly string[] = [];

  constructor(file: string, examplesBeside: (file: string) => string | null) {
    this.#file = file;
    this.#examplesBeside = examplesBeside;
  }

  files(): readonly string[] {
    const examples = this.#examplesBeside(this.#file);
    return [...new Set([this.#file, ...(examples === null ? [] : [examples]), ...this.#imported])];
  }

  count(): string {
    const count = this.files().length;
    return count === 1 ? '1 file' : `${count} files`;
  }

  async look(): Promise<void> {
    const { hashCode } = await import('../../engine/detect/index.ts');
    try {
      this.#imported = hashCode(this.#file).paths;
    } catch (error) {
      // It was renamed or removed, and may come back.
      if (!(error instanceof WorkbenchError)) throw error;
    }
  }
}

/** `q`, Ctrl+C and the signals end it. */
function stopper(io: Io) {
  const stop = new AbortController();
  let ended: number | null = null;
  const end = (code: number | null): void => {
    ended = code;
    stop.abort();
  };
  const stopKeys = io.stdin.isTty
    ? io.stdin.onKey((key) => {
        if (key === 'q') end(null);
        if (key === '\u0003') end(ExitCode.interrupted);
      })
    : () => undefined;
  const stopSignals = io.onSignal((signal) => end(exitCodeOfSignal(signal)));
  return {
    signal: stop.signal,
    /** That of the signal, or of the last test. */
    code: (last: number): number => ended ?? last,
    release: () => {
      stopKeys();
      stopSignals();
    },
  };
}
