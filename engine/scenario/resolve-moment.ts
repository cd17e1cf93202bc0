import type { Micros } from '../sdk/index.ts';
import type { Report } from './report.ts';
import type { Path } from './yaml-tree.ts';

/** A moment within the run. */
export function resolveMoment(
  report: Report,
  moment: { text: string; path: Path; durationUs: Micros; what: string },
): Micros {
  const at = report.unit('duration', moment.text, moment.path);
  if (at >= moment.durationUs) {
    const message = `the ${moment.what} comes at ${moment.text}, after the end of the run`;
    report.add(moment.path, { kind: 'bad-value', message, hint: 'make the duration longer' });
  }
  return at;
}

/** The end of something that begins at `at`; one behind the end of the run is only a warning. */
export function resolveUntil(
  report: Report,
  end: {
    text: string;
    path: Path;
    at: { readonly us: Micros; readonly text: string } | null;
    durationUs: Micros;
    what: string;
  },
): Micros {
  const until = report.unit('duration', end.text, end.path);
  if (end.at && until <= end.at.us) {
    report.add(end.path, {
      kind: 'bad-value',
      message: `the ${end.what} ends (${end.text}) before it begins (${end.at.text})`,
    });
  } else if (until > end.durationUs) {
    report.add(end.path, {
      kind: 'no-effect',
      severity: 'warning',
      message: `the ${end.what} ends (${end.text}) after the end of the run`,
    });
  }
  return until;
}
