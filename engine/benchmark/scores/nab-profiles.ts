/** What NAB lets a hit earn and a miss or a false alarm cost: `config/profiles.json`, v1.1. */

export interface NabProfile {
  readonly name: string;
  /** Earned by a detection in the first row of a window. */
  readonly tpWeight: number;
  /** Lost by a window without any detection. */
  readonly fnWeight: number;
  /** Lost by every row that is detected far from a window. There is no weight of true negatives. */
  readonly fpWeight: number;
}

export const nabProfiles = {
  standard: { name: 'standard', tpWeight: 1, fnWeight: 1, fpWeight: 0.11 },
  rewardLowFalsePositives: { name: 'reward_low_FP_rate', tpWeight: 1, fnWeight: 1, fpWeight: 0.22 },
  rewardLowFalseNegatives: { name: 'reward_low_FN_rate', tpWeight: 1, fnWeight: 2, fpWeight: 0.11 },
} as const satisfies Readonly<Record<string, NabProfile>>;

/** In the order of NAB's tables. */
export const nabProfileList: readonly NabProfile[] = Object.values(nabProfiles);
