/** The composition root: the real process meets the command line. */
import { processIo } from './io.ts';
import { runCli } from './program.ts';

process.exitCode = await runCli(processIo(), process.argv.slice(2));
