/** How well lines were grouped, against the groups that people made of them. */

export interface Grouping {
  /** Lines that the truth says something about. */
  readonly lines: number;
  /** Groups found in them, and groups that there are. */
  readonly found: number;
  readonly truth: number;
  /**
   * Share of the lines whose group holds exactly the lines that belong together: one line too many or
   * too few makes the whole group wrong (Zhu et al., ICSE 2019).
   */
  readonly groupingAccuracy: number;
  /** Harmonic mean of the right groups' share of those found and of those there are (Jiang et al., ISSTA 2024). */
  readonly groupingF1: number;
}

/** Stands for a line that the truth does not know. */
export const unknownGroup = -1;

interface FoundGroup {
  size: number;
  /** The true group of its first line. */
  readonly truth: number;
  pure: boolean;
}

/** Both lists have one number for each line. */
export function compareGrouping(found: ArrayLike<number>, truth: ArrayLike<number>): Grouping {
  const trueSizes = new Map<number, number>();
  const groups = new Map<number, FoundGroup>();
  let lines = 0;
  for (let line = 0; line < truth.length; line++) {
    const own = truth[line] as number;
    if (own === unknownGroup) continue;
    lines += 1;
    trueSizes.set(own, (trueSizes.get(own) ?? 0) + 1);
    const group = groups.get(found[line] as number);
    if (!group) {
      groups.set(found[line] as number, { size: 1, truth: own, pure: true });
    } else {
      group.size += 1;
      group.pure &&= group.truth === own;
    }
  }
  const right = [...groups.values()].filter(
    (group) => group.pure && group.size === trueSizes.get(group.truth),
  );
  const rightLines = right.reduce((sum, { size }) => sum + size, 0);
  return {
    lines,
    found: groups.size,
    truth: trueSizes.size,
    groupingAccuracy: lines === 0 ? 0 : rightLines / lines,
    // 2pr / (p + r) with p = right / found and r = right / truth.
    groupingF1: lines === 0 ? 0 : (2 * right.length) / (groups.size + trueSizes.size),
  };
}
