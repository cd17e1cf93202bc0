/** What the library of scenarios takes: sizes that are played in one session, and what lists show. */
import { lengthText, numberText } from '../../wording.ts';
import type { Evidence } from '../evidence.ts';
import type { Finding, RuleResult } from '../model.ts';
import { auditPolicy as policy } from '../policy.ts';
import { usersPerSecond } from '../size.ts';
import { finding, plural, ruled } from './rule.ts';

export function fitsTheLibrary({ scenario }: Evidence): RuleResult {
  const { durationUs, services, category, difficulty, tags } = {
    ...scenario,
    category: scenario.truth.category,
  };
  const rate = usersPerSecond(scenario);
  const { libraryDurationUsMin: shortest, libraryDurationUsMax: longest } = policy;
  const { libraryServicesMin: fewest, libraryServicesMax: most } = policy;
  const checks: readonly (readonly [boolean, string, Finding['numbers']])[] = [
    [
      durationUs >= shortest && durationUs <= longest,
      `${lengthText(durationUs)} (${lengthText(shortest)} to ${lengthText(longest)})`,
      { durationUs },
    ],
    [
      services.length >= fewest && services.length <= most,
      `${plural(services.length, 'service')} (${fewest} to ${most})`,
      { services: services.length },
    ],
    [
      rate >= policy.libraryUsersPerSecondMin,
      `${numberText(rate)} requests of users a second (at least ${policy.libraryUsersPerSecondMin})`,
      { usersPerSecond: rate },
    ],
    [category !== null, category === null ? 'no category' : 'has a category', {}],
    [
      difficulty !== null,
      difficulty === null ? 'no difficulty' : 'has a difficulty',
      { difficulty },
    ],
    [
      tags.length > 0,
      tags.length === 0 ? 'no tags' : `tags ${tags.join(', ')}`,
      { tags: tags.length },
    ],
  ];
  const findings = checks.map(([fits, says, numbers]) =>
    finding(fits ? 'ok' : 'refuse', says, numbers),
  );
  const misfits = findings.filter(({ level }) => level === 'refuse').length;
  const says =
    misfits === 0 ? 'fits the library' : `${plural(misfits, 'thing')} the library does not take`;
  return ruled('library', says, findings);
}
