/** Collects the rows that a card cites and numbers them E1, E2 … in the order of their use. */
import { messageOf } from '../log-message.ts';
import { seriesAtStart, valueText } from '../wording.ts';
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
    const text = `${seriesAtStart(series)} of ${service} is ${valueText(series, value)}`;
    return this.#cite({ kind: 'sample', series: series.id, t, value, service, text });
  }

  log(service: number, { k, t, body }: LogFact): Cite {
    const text = cleanLine(messageOf(body), logCharsMax);
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

function keyOf(row: Uncited): string {
  return row.kind === 'sample' ? `sample ${row.series} ${row.t}` : `${row.kind} ${row.k}`;
}
