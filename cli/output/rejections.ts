import type { RecordingReport } from '../../engine/recording/index.ts';
import { printable } from '../../engine/terminal-text.ts';
import { nearPath } from './next.ts';
import type { Paint } from './style.ts';

/** Rejected records that are worth a line each; how many there are is told with the other counts. */
const shownMax = 3;

/** The first records that could not be taken, each with its place and why. */
export function rejectionLines(
  cwd: string,
  rejections: RecordingReport['rejections'],
  paint: Paint,
): readonly string[] {
  return rejections.slice(0, shownMax).map(({ file, line, reason }) => {
    const place = `${nearPath(cwd, file)}${line > 0 ? `:${line}` : ''}`;
    return `  ${paint('medium', `rejected ${printable(`${place}: ${reason}`)}`)}`;
  });
}
