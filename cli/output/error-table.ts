/** The README's table of errors, made from the catalogue so that it cannot drift. */
import { errorCodes, exitCodeOf } from '../../engine/errors.ts';

export function errorTable(): string {
  const byExit = new Map<number, string[]>();
  for (const code of errorCodes) {
    const exit = exitCodeOf(code);
    byExit.set(exit, [...(byExit.get(exit) ?? []), `\`${code}\``]);
  }
  const rows = [...byExit]
    .sort(([a], [b]) => a - b)
    .map(([exit, codes]) => `| ${exit} | ${codes.join(' ')} |`);
  return ['| exit | codes |', '|---|---|', ...rows].join('\n');
}
