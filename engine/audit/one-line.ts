/**
 * Rules of one line that anybody would try first. A scenario that they solve teaches nothing:
 * - highest z-score: the service of the series that is farthest from its baseline in the five minutes
 *   after a service first does worse;
 * - first error: the service of the first error line that nobody wrote before the first fault, or of
 *   the first that comes several times a minute: who skips stray lines is no cleverer for it;
 * - most frequent template: the service of the most frequent of such lines.
 */
import { seriesText, valueText } from '../wording.ts';
import type { Truth } from '../scenario/model.ts';
import type { Micros } from '../sdk/index.ts';
import type { OneLineFacts } from './model.ts';
import type { NewTemplate } from './observe/templates.ts';
import type { Profile } from './observe/profile.ts';
import { deviations } from './deviations.ts';

export function oneLineRules(
  seen: { readonly profile: Profile; readonly templates: readonly NewTemplate[] },
  truth: Pick<Truth, 'rootCause' | 'alsoAcceptedServices'>,
  { troubleAt, impactAt }: { readonly troubleAt: Micros; readonly impactAt: Micros },
): OneLineFacts[] {
  const { profile, templates } = seen;
  const { services, series } = profile.header;
  const causes = [
    ...(truth.rootCause ? [truth.rootCause.service] : []),
    ...truth.alsoAcceptedServices,
  ];
  const fact = (name: string, service: number | undefined, because: string): OneLineFacts => {
    const blamed = service === undefined ? null : (services[service]?.name ?? null);
    return {
      name,
      service: blamed,
      because,
      findsTheCause: blamed !== null && causes.includes(blamed),
    };
  };

  const [farthest] = deviations(profile, { until: troubleAt, from: impactAt });
  const of = farthest && series[farthest.series];
  const z = of
    ? `${seriesText(of)} at ${valueText(of, farthest.now)}, usually ${valueText(of, farthest.usual)}, z ${farthest.z.toFixed(1)}`
    : 'no series with a baseline';
  const firsts = firstErrors(templates);
  const isCause = ({ service }: NewTemplate): boolean =>
    causes.includes(services[service]?.name ?? '');
  const first = firsts.find(isCause) ?? firsts[0];
  const [most] = [...templates].sort((a, b) => b.count - a.count);
  const none = 'no error that is new';
  return [
    fact('highest z-score', farthest?.service, z),
    fact('first error', first?.service, first ? `"${first.template}"` : none),
    fact(
      'most frequent template',
      most?.service,
      most ? `${most.count} times "${most.template}"` : none,
    ),
  ];
}

/** The very first, and the first that is no stray line. They come in the order of their first lines. */
function firstErrors(templates: readonly NewTemplate[]): NewTemplate[] {
  const bursts = templates.filter(({ burstAt }) => burstAt !== null);
  bursts.sort((a, b) => (a.burstAt ?? 0) - (b.burstAt ?? 0));
  return [...templates.slice(0, 1), ...bursts.slice(0, 1)];
}
