/** Collects the rows that a card cites and numbers them E1, E2 … in the order of their use. */
import { rateText, secondsText, shareText } from '../health/index.ts';
import type {
  ChangeFact,
  FindingFact,
  HealthFact,
  LogFact,
  RunFacts,
  SampleFact,
  SeriesFact,
} from './facts.ts';
import type { Evidence } from './model.ts';
import { cleanLine } from './problem-lines.ts';

/** `Omit` that keeps the members of the union apart. */
type Uncited<E = Evidence> = E extends Evidence ? Omit<E, 'id'> : never;

export interface Cite {
  readonly cite: string;
}

const logCharsMax = 160;

export class Citations {
  readonly evidence: Evidence[] = [];
  readonly #facts: RunFacts;

  constructor(facts: RunFacts) {
    this.#facts = facts;
  }

  sample(series: SeriesFact, { t, value }: SampleFact): Cite {
    const service = this.#name(series.service);
    const text = `${seriesText(series)} of ${service} is ${valueText(series, value)}`;
    return this.#cite({ kind: 'sample', series: series.id, t, value, service, text });
  }

  log(service: number, { k, t, body }: LogFact): Cite {
    const text = cleanLine(body, logCharsMax);
    return this.#cite({ kind: 'log', k, t, service: this.#name(service), text });
  }

  change(service: number, { k, t, kind, note }: ChangeFact): Cite {
    const name = this.#name(service);
    const text = `${kind} of ${name}${note ? `: ${cleanLine(note, logCharsMax)}` : ''}`;
    return this.#cite({ kind: 'change', k, t, service: name, text });
  }

  health(service: number, { k, t, state, reason }: HealthFact): Cite {
    const name = this.#name(service);
    return this.#cite({
      kind: 'health',
      k,
      t,
      service: name,
      text: `${name} is ${state}: ${reason}`,
    });
  }

  finding({ k, t, service, detector, body }: FindingFact): Cite {
    const name = service === null ? null : this.#name(service);
    const text = `${detector}: ${cleanLine(body, logCharsMax)}`;
    return this.#cite({ kind: 'finding', k, t, service: name, text });
  }

  #name(service: number): string {
    return this.#facts.services[service]?.name ?? '';
  }

  #cite(row: Uncited): Cite {
    const key = keyOf(row);
    const known = this.evidence.find((other) => keyOf(other) === key);
    if (known) return { cite: known.id };
    const id = `E${this.evidence.length + 1}`;
    this.evidence.push({ ...row, id });
    return { cite: id };
  }
}

/** A value in the unit of its series, as people read it. */
export function valueText(series: SeriesFact, value: number): string {
  switch (series.role) {
    case 'error_ratio':
    case 'availability':
    case 'saturation':
      return shareText(value);
    case 'request_rate':
      return rateText(value);
    case 'latency_p50':
    case 'latency_p95':
    case 'latency_p99':
    case 'latency_mean':
      return secondsText(value);
    case null:
      return bytesOrNumber(series.unit, value);
    default:
      return series.role satisfies never;
  }
}

const roleNames = {
  error_ratio: 'error ratio',
  availability: 'availability',
  request_rate: 'request rate',
  latency_p50: 'median latency',
  latency_p95: 'p95 latency',
  latency_p99: 'p99 latency',
  latency_mean: 'mean latency',
} as const;

/** What a series is called in a sentence: its role, or the resource that it is about. */
export function seriesText(series: SeriesFact): string {
  if (series.role !== null && series.role !== 'saturation') return roleNames[series.role];
  const [resource] = Object.values(series.attributes);
  return resource === undefined ? series.name : `${series.name} (${resource})`;
}

function bytesOrNumber(unit: string, value: number): string {
  if (unit === 'By') return `${(value / 1024 / 1024).toFixed(1)} MiB`;
  const plain = unit === '1' || unit.startsWith('{');
  return `${Number(value.toPrecision(4))}${plain || unit === '' ? '' : ` ${unit}`}`;
}

function keyOf(row: Uncited): string {
  return row.kind === 'sample' ? `sample ${row.series} ${row.t}` : `${row.kind} ${row.k}`;
}
