/**
 * Cuts the stream into windows of ten seconds and keeps, per window, what health looks at: points of
 * series that have a role, and log lines per level. Reads the columns of a batch in place; a window
 * holds only what was touched, so long gaps cost nothing.
 */
import { Kind, type Columns } from '../replay/batch.ts';
import type { SourceHeader } from '../replay/source.ts';
import type { Micros } from '../sdk/index.ts';
import { bucketUs, levelOf, levels } from '../store/schema.ts';

/** What one series said in one window. */
export interface WindowPoint {
  /** Index of the series. */
  readonly series: number;
  /** Mean of its values in the window. */
  readonly mean: number;
  /** Time of its last value. */
  readonly lastAt: Micros;
}

/** Log lines of one service in one window, by level. */
export interface WindowLogs {
  readonly service: number;
  readonly total: number;
  readonly errors: number;
}

/** One window that held something. It spans `[bucket × bucketUs, (bucket + 1) × bucketUs)`. */
export interface RawWindow {
  readonly bucket: number;
  readonly points: readonly WindowPoint[];
  readonly logs: readonly WindowLogs[];
}

const L = levels.length;
const errorLevel = levels.indexOf('error');

/** Owns the window being filled and the closed ones that nobody has taken yet. */
export class HealthSampler {
  readonly #hasRole: readonly boolean[];
  readonly #levelOf = Array.from({ length: 25 }, (_, severity) => levelOf(severity));
  readonly #sums: number[];
  readonly #counts: number[];
  readonly #lastAt: number[];
  readonly #lines: number[];
  #series: number[] = [];
  #services: number[] = [];
  #bucket = 0;
  #closed: RawWindow[] = [];

  constructor(header: SourceHeader) {
    this.#hasRole = header.series.map((series) => series.role !== null);
    this.#sums = header.series.map(() => 0);
    this.#counts = header.series.map(() => 0);
    this.#lastAt = header.series.map(() => 0);
    this.#lines = new Array<number>(header.services.length * L).fill(0);
  }

  /** Takes the records `[from, to)` of a batch; every record is to be given once, in order. */
  observe(columns: Columns, from: number, to: number): void {
    const { t, kind, subject, severity, value } = columns;
    let end = (this.#bucket + 1) * bucketUs;
    for (let i = from; i < to; i++) {
      const at = t[i] ?? 0;
      if (at >= end) {
        this.#close();
        this.#bucket = Math.floor(at / bucketUs);
        end = (this.#bucket + 1) * bucketUs;
      }
      const of = subject[i] ?? 0;
      if (kind[i] === Kind.metric) {
        if (this.#hasRole[of]) this.#point(of, at, value[i] ?? 0);
      } else if (kind[i] === Kind.log) {
        this.#line(of, this.#levelOf[severity[i] ?? 0] ?? 0);
      }
    }
  }

  /** Windows that end at or before `through`, oldest first; each is given once. */
  take(through: Micros): RawWindow[] {
    if ((this.#bucket + 1) * bucketUs <= through) this.#close();
    const ready = this.#closed.filter((window) => (window.bucket + 1) * bucketUs <= through);
    this.#closed = this.#closed.slice(ready.length);
    return ready;
  }

  #point(series: number, at: Micros, value: number): void {
    const count = this.#counts[series] ?? 0;
    if (count === 0) {
      this.#series.push(series);
      this.#sums[series] = 0;
    }
    this.#counts[series] = count + 1;
    this.#sums[series] = (this.#sums[series] ?? 0) + value;
    this.#lastAt[series] = at;
  }

  #line(service: number, level: number): void {
    const first = service * L;
    let seen = 0;
    for (let l = first; l < first + L; l++) seen += this.#lines[l] ?? 0;
    if (seen === 0) this.#services.push(service);
    this.#lines[first + level] = (this.#lines[first + level] ?? 0) + 1;
  }

  #close(): void {
    if (this.#series.length === 0 && this.#services.length === 0) return;
    // The order of touching depends on the records alone, so a window is the same however it was cut.
    const points = this.#series.map((series): WindowPoint => {
      const mean = (this.#sums[series] ?? 0) / (this.#counts[series] ?? 1);
      this.#counts[series] = 0;
      return { series, mean, lastAt: this.#lastAt[series] ?? 0 };
    });
    const logs = this.#services.map((service): WindowLogs => {
      const counts = this.#lines.slice(service * L, service * L + L);
      this.#lines.fill(0, service * L, service * L + L);
      const total = counts.reduce((sum, count) => sum + count, 0);
      return { service, total, errors: counts[errorLevel] ?? 0 };
    });
    this.#series = [];
    this.#services = [];
    this.#closed.push({ bucket: this.#bucket, points, logs });
  }
}
