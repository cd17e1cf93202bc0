/** Everything that is told in a window, as one hash: whether two runs tell the very same. */
import { createHash } from 'node:crypto';
import type { Micros } from '../../sdk/index.ts';
import type { RecordObserver } from '../records.ts';

export function digestObserver(window: { readonly from: Micros; readonly to: Micros }): {
  readonly observer: RecordObserver;
  readonly digest: () => string;
} {
  const hash = createHash('sha256');
  const take = (t: Micros, ...said: readonly (string | number)[]): void => {
    if (t >= window.from && t < window.to) hash.update(`${t}\0${said.join('\0')}\n`);
  };
  return {
    observer: {
      log: (t, service, severity, body) => take(t, 'log', service, severity, body),
      metric: (t, series, value) => take(t, 'metric', series, value),
      span: (t, service, span) =>
        take(t, 'span', service, span.name, span.durationUs, span.attributes),
      change: (t, service, change) => take(t, 'change', service, change.kind, change.note),
    },
    digest: () => hash.copy().digest('hex'),
  };
}
