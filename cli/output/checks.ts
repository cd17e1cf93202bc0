/** The checks of a detector as people read them: what holds, and for what does not, why and what to do. */
import type { TestedFile } from '../../engine/detect/index.ts';
import { printable } from '../../engine/terminal-text.ts';
import { plural } from './format.ts';
import type { Paint } from './style.ts';

export function checkLines({ id, results, unrun }: TestedFile, paint: Paint): string[] {
  const passed = results.filter(({ pass }) => pass).length;
  const total = results.length + unrun.length;
  const told = new Set<string>();
  const lines = results.flatMap(({ name, pass, reason, hint }) => {
    if (pass) return [`${paint('ok', 'ok  ')} ${printable(name)}`];
    const failed = `${paint('critical', 'FAIL')} ${printable(name)}`;
    // One throw breaks nearly every check: told once, it is found; told twelve times, it is not.
    const cause = reason.replace(/^in ".*?": /, '');
    if (told.has(cause)) return [`${failed} ${paint('dim', '(for the same reason)')}`];
    told.add(cause);
    const todo = paint('dim', `what to do: ${printable(hint)}`);
    return [failed, `       ${printable(reason)}`, `       ${todo}`];
  });
  if (unrun.length > 0) {
    lines.push(
      `${paint('high', 'left')} ${plural(unrun.length, 'check')} not run: the process had ended`,
    );
  }
  return [...lines, `${id}: ${passed} of ${total} checks pass`];
}
