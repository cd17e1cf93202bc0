import type { ProblemKind, RawProblem } from './problem.ts';
import { parseUnit } from './units.ts';
import type { UnitKind } from './units.ts';
import type { Path, ScenarioTree } from './yaml-tree.ts';

export interface Complaint {
  readonly kind: ProblemKind;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly severity?: 'error' | 'warning';
  readonly part?: 'key' | 'value';
  /** The value is wrong by itself, whatever its neighbours are. Bad values are not, where unsaid. */
  readonly alone?: boolean;
}

/** Collects what is wrong with the meaning of a scenario while it is resolved. */
export class Report {
  readonly problems: RawProblem[] = [];
  private readonly tree: ScenarioTree;
  private readonly repaired: readonly Path[];

  constructor(tree: ScenarioTree, repaired: readonly Path[]) {
    this.tree = tree;
    this.repaired = repaired;
  }

  add(path: Path, complaint: Complaint): void {
    const { part = 'value', alone: _, ...said } = complaint;
    if (this.drawnFromRepair(path, complaint)) return;
    this.problems.push({ ...said, ...this.tree.locate(path, part) });
  }

  /** A value with a unit, in µs, per second or 0–1; 0 and a problem where it is none. */
  unit(kind: UnitKind, text: string, path: Path): number {
    const parsed = parseUnit(kind, text);
    if ('value' in parsed) return parsed.value;
    this.add(path, { kind: 'bad-value', message: parsed.problem, alone: true });
    return 0;
  }

  /** The same, where the key may be left out. */
  unitOr(kind: UnitKind, text: string | undefined, path: Path, otherwise: number): number {
    return text === undefined ? otherwise : this.unit(kind, text, path);
  }

  /** A value that makes no sense as zero: a duration, where nothing else is said. */
  positive(text: string, path: Path, kind: UnitKind = 'duration'): number {
    const value = this.unit(kind, text, path);
    if (value === 0 && 'value' in parseUnit(kind, text)) {
      const message = `${String(path.at(-1))} must be more than zero`;
      this.add(path, { kind: 'bad-value', message });
    }
    return value;
  }

  /** A duration that makes no sense as zero, where the key may be left out. */
  positiveOr(text: string | undefined, path: Path, otherwise: number): number {
    return text === undefined ? otherwise : this.positive(text, path);
  }

  get failed(): boolean {
    return this.problems.some((problem) => problem.severity !== 'warning');
  }

  /** Whether what is complained about was compared with, or is, a value that stands for a mistake. */
  private drawnFromRepair(path: Path, complaint: Complaint): boolean {
    if (complaint.kind === 'limit' && this.repaired.length > 0) return true;
    // A value is compared with its neighbours: p99 with p50, the end with the beginning.
    const compared = !(complaint.alone ?? complaint.kind !== 'bad-value');
    return this.repaired.some(
      (repaired) =>
        startsWith(repaired, path) ||
        startsWith(path, repaired) ||
        (compared && repaired.length === path.length && startsWith(path, repaired.slice(0, -1))),
    );
  }
}

function startsWith(path: Path, start: Path): boolean {
  return start.every((step, index) => path[index] === step);
}
