/**
 * Distance from what is usual at this time of day, or of the week where that has foretold better:
 * the median of the same half hour, or less, of the last days or weeks, in robust deviations of what
 * it left over.
 */
import { defineDetector } from 'incident-workbench/sdk';
import {
  boundedValue,
  dayProfile,
  expectedNow,
  judge,
  observeNow,
  residuals,
  scoreOfDeviations,
  type DayProfile,
  type Residuals,
} from '../shared/index.ts';

interface Season {
  readonly profile: DayProfile;
  /** Running mean of how far it was off. */
  error: number;
  known: number;
}

interface State {
  readonly daily: Season;
  readonly weekly: Season;
  readonly residuals: Residuals;
  /** Running mean of |value|: what "small" means for this series. */
  level: number;
}

const minuteUs = 60_000_000;
const dayUs = 1440 * minuteUs;
/** Points over which the two seasons are compared. */
const errorMemory = 500;

export default defineDetector({
  apiVersion: 1,
  id: 'seasonal',
  summary: 'Scores each point by its distance from what is usual at this time of the day or week.',
  per: 'series',
  options: {
    memory: {
      type: 'integer',
      default: 500,
      minimum: 10,
      maximum: 100_000,
      description: 'Points that the deviation remembers.',
    },
    limit: {
      type: 'number',
      default: 6,
      minimum: 1,
      maximum: 100,
      description: 'Deviations from which a point counts towards a finding.',
    },
    points: {
      type: 'integer',
      default: 3,
      minimum: 1,
      maximum: 100,
      description: 'Points in a row on the same side beyond the limit before it fires.',
    },
    floor: {
      type: 'number',
      default: 0.02,
      minimum: 0,
      maximum: 1,
      description: 'Least deviation that counts, as a share of the level of the series.',
    },
  },
  messages: {
    unusual: '{metric} of {service} is at {value:unit}, usually {usual:unit} at this time.',
  },
  init: ({ subject: { series } }): State | null => {
    if (series?.monotonic === true) return null;
    const cadenceUs = series?.cadenceUs ?? 0;
    return {
      daily: season({ periodUs: dayUs, slotUs: 5 * minuteUs, cadenceUs, keep: 7 }),
      weekly: season({ periodUs: 7 * dayUs, slotUs: 30 * minuteUs, cadenceUs, keep: 4 }),
      residuals: residuals(),
      level: 0,
    };
  },
  on: {
    metric(state, { value: raw }, { config, now, report }) {
      const value = boundedValue(raw);
      const daily = forecast(state.daily, now, value);
      const weekly = forecast(state.weekly, now, value);
      state.level += (Math.abs(value) - state.level) / config.memory;
      const usual = weekly !== null && isBetter(state) ? weekly : daily;
      if (usual === null) return undefined;
      const z = judge(state.residuals, value - usual, {
        memory: config.memory,
        warmUp: 50,
        floor: config.floor * state.level,
        limit: config.limit,
      });
      if (z === null) return undefined;
      const score = scoreOfDeviations(z);
      if (Math.abs(state.residuals.run) >= config.points) {
        report({ message: 'unusual', values: { value: raw, usual }, score });
      }
      return score;
    },
  },
});

function season(given: Omit<Parameters<typeof dayProfile>[0], 'near'>): Season {
  return { profile: dayProfile({ ...given, near: 1 }), error: 0, known: 0 };
}

/** What was expected of `value`, from before it; it is learnt from. */
function forecast(season: Season, now: number, value: number): number | null {
  const expected = expectedNow(season.profile, now);
  observeNow(season.profile, value);
  if (expected === null) return null;
  season.known = Math.min(errorMemory, season.known + 1);
  season.error += (Math.abs(value - expected) - season.error) / season.known;
  return expected;
}

/** A week has few repetitions: it must have been better for a while. */
function isBetter({ daily, weekly }: State): boolean {
  return weekly.known >= errorMemory / 2 && weekly.error < daily.error;
}
