/** `workbench doctor`: whether this machine can do everything, and what to do where it cannot. */
import { ExitCode, reasonOf, WorkbenchError } from '../../engine/errors.ts';
import type { Check, CheckResult } from '../doctor/index.ts';
import type { Io } from '../io.ts';
import { asTyped, shown } from '../output/commands.ts';
import { plural } from '../output/format.ts';
import { emit } from '../output/json.ts';
import { painter, type Tint } from '../output/style.ts';
import type { RegisterCommand } from './command.ts';
import { parsePort } from './options.ts';

interface DoctorFlags {
  readonly json?: boolean;
  readonly port?: number;
}

export const registerDoctor: RegisterCommand = (program, { io, run }) => {
  program
    .command('doctor')
    .description('check this machine: Node, SQLite, storage, page, browser, terminal')
    .option('--port <n>', 'check this port, instead of whether any is free', parsePort)
    .option('--json', 'one JSON object a check on stdout, and a last one with the sum')
    .action(run((flags: DoctorFlags) => doctor(io, flags)));
};

async function doctor(io: Io, flags: DoctorFlags): Promise<number> {
  const { doctorChecks } = await import('../doctor/index.ts');
  const sum = { ok: 0, warn: 0, fail: 0 };
  for (const check of doctorChecks()) {
    const result = await looked(io, check, flags);
    sum[result.status]++;
    if (flags.json) emit(io, { type: 'check', name: check.name, ...result });
    else say(io, check.name, result);
  }
  const code = sum.fail === 0 ? ExitCode.ok : ExitCode.assertionFailed;
  if (flags.json) emit(io, { type: 'doctor', pass: sum.fail === 0, ...sum });
  else io.stderr.write(`${verdict(sum)}\n`);
  return code;
}

/** A check that breaks has found something, too. */
async function looked(io: Io, check: Check, flags: DoctorFlags): Promise<CheckResult> {
  try {
    return await check.look(io, { port: flags.port ?? null });
  } catch (error) {
    const hint = error instanceof WorkbenchError ? error.hint : undefined;
    return { status: 'fail', found: reasonOf(error), fix: asTyped(io, hint ?? 'please report it') };
  }
}

const tints: Record<CheckResult['status'], Tint> = { ok: 'ok', warn: 'high', fail: 'critical' };

function say(io: Io, name: string, result: CheckResult): void {
  const paint = painter(io, io.stdout);
  const status = paint(tints[result.status], result.status.padEnd(4));
  io.stdout.write(`${status} ${name.padEnd(10)} ${shown(io, result.found)}\n`);
  if (result.status !== 'ok') {
    io.stdout.write(`${' '.repeat(16)}${paint('dim', 'fix')} ${shown(io, result.fix)}\n`);
  }
}

function verdict({ warn, fail }: { readonly warn: number; readonly fail: number }): string {
  if (fail > 0) return `${plural(fail, 'thing')} will not work`;
  return warn > 0 ? `it works; ${plural(warn, 'thing')} could be better` : 'all is well';
}
