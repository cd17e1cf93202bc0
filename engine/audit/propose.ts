/**
 * Clues for a scenario that has none yet: what its own records show of the cause. A beginning for its
 * author, who knows better which of them a person would look at.
 */
import type { Check, Clue, SimulatedScenario } from '../scenario/model.ts';
import type { Micros } from '../sdk/index.ts';
import { createSimulatorSource } from '../simulator/index.ts';
import { seriesText, valueText } from '../wording.ts';
import { clueProbe } from './checks/index.ts';
import { deviations, type Deviation } from './deviations.ts';
import { profileObserver, type Profile } from './observe/profile.ts';
import { watchTemplates, type NewTemplate } from './observe/templates.ts';
import { observe } from './records.ts';
import { refuseTooLarge } from './size.ts';

export interface ProposeOptions {
  readonly seed: number;
  /** When the first service does worse, µs. */
  readonly impactAt: Micros;
}

/** What is looked at: this long from the first impact on, µs. */
const windowUs = 300_000_000;
/** Standard deviations that nobody can miss. */
const zMin = 8;
const metricsMax = 3;
const logsMax = 4;
/** Letters of a line's fixed text that tell it from others. */
const fragmentCharsMin = 12;

/** @throws WorkbenchError AUDIT_TOO_LARGE, and what the simulation throws */
export function proposeClues(scenario: SimulatedScenario, options: ProposeOptions): Clue[] {
  refuseTooLarge(scenario);
  const troubleAt = Math.min(...scenario.faults.map(({ at }) => at));
  const source = createSimulatorSource(scenario, { seed: options.seed });
  const { observer, profile } = profileObserver(source.header);
  const templates = watchTemplates(troubleAt);
  observe(source, [observer, templates.observer], scenario.name);
  const from = options.impactAt;
  const to = Math.min(scenario.durationUs, from + windowUs);
  const root = scenario.truth.rootCause?.service ?? '';
  const far = deviations(profile, { until: troubleAt, from }).filter(({ z }) => z >= zMin);
  const proposed = [
    ...chooseSeries(profile, far, root).map((one) => metricClue(profile, one, { from, to })),
    ...chooseTemplates(profile, templates.newTemplates(), root).map((one) =>
      logClue(profile, one, scenario.durationUs),
    ),
  ];
  return holding(scenario, options, { proposed, firstFaultAt: troubleAt });
}

/** Words of a line are taken from what it says, which may not be how it is written: only proof counts. */
function holding(
  scenario: SimulatedScenario,
  { seed }: ProposeOptions,
  { proposed, firstFaultAt }: { readonly proposed: readonly Clue[]; readonly firstFaultAt: Micros },
): Clue[] {
  const source = createSimulatorSource(scenario, { seed });
  const probes = proposed.map((clue) => clueProbe(clue, { header: source.header, firstFaultAt }));
  observe(
    source,
    probes.flatMap(({ observers }) => observers),
    scenario.name,
  );
  return proposed.filter((_, k) => probes[k]?.result().holds === true);
}

/** Those of the root cause first, then of others; never two of one name and service. */
function chooseSeries(profile: Profile, far: readonly Deviation[], root: string): Deviation[] {
  const { services, series } = profile.header;
  const isRoot = ({ service }: Deviation): boolean => services[service]?.name === root;
  const seen = new Set<string>();
  const distinct = [...far.filter(isRoot), ...far.filter((one) => !isRoot(one))].filter((one) => {
    const key = `${one.service} ${series[one.series]?.name}`;
    const isNew =
      !seen.has(key) && series[one.series]?.attributes['service.instance.id'] === undefined;
    seen.add(key);
    return isNew;
  });
  return distinct.slice(0, metricsMax);
}

function chooseTemplates(
  profile: Profile,
  templates: readonly NewTemplate[],
  root: string,
): NewTemplate[] {
  const { services } = profile.header;
  const isRoot = ({ service }: NewTemplate): boolean => services[service]?.name === root;
  return [...templates]
    .filter(({ template, burstAt }) => burstAt !== null && fragmentOf(template) !== null)
    .sort((a, b) => Number(isRoot(b)) - Number(isRoot(a)) || b.count - a.count)
    .slice(0, logsMax);
}

function metricClue(
  { header }: Profile,
  { series, service, usual, now }: Deviation,
  { from, to }: { readonly from: Micros; readonly to: Micros },
): Clue {
  const info = header.series[series];
  const name = header.services[service]?.name ?? '';
  if (!info) throw new RangeError(`no series ${series}`);
  const value = Number(((usual + now) / 2).toPrecision(3));
  const check: Check = {
    stream: 'metric',
    service: name,
    name: info.name,
    attributes: info.attributes,
    statistic: 'mean',
    from,
    to,
    expect: { is: now > usual ? 'above' : 'below', value },
  };
  const says = `${seriesText(info)} of ${name} is at ${valueText(info, now)}, usually ${valueText(info, usual)}.`;
  // The name of a metric is written small, at the beginning of a sentence too.
  const isName = says.startsWith(info.name);
  return {
    says: isName ? says : `${says.charAt(0).toUpperCase()}${says.slice(1)}`,
    checks: [check],
  };
}

function logClue(
  { header }: Profile,
  { service, template, firstAt, count }: NewTemplate,
  to: Micros,
): Clue {
  const name = header.services[service]?.name ?? '';
  const contains = fragmentOf(template) ?? template;
  const atLeast = Math.max(3, Math.floor(count / 3));
  return {
    says: `${name} writes "${contains}" again and again.`,
    checks: [
      { stream: 'log', service: name, contains, from: firstAt, to, atLeast, atMost: Infinity },
    ],
  };
}

/** The longest stretch of a template without a slot, or anything that a line may write in another way. */
function fragmentOf(template: string): string | null {
  const [longest = ''] = template
    .split(/[#"\\\n]/)
    .map((part) => part.trim())
    .sort((a, b) => b.length - a.length);
  return longest.length >= fragmentCharsMin ? longest : null;
}
