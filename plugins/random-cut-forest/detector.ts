/**
 * How much the last few values, as one point, stand apart from those before: the displacement that
 * they cause in random cut trees over a sample of the past (Guha et al. 2016), against its own usual
 * level and spread. A point stays in the sample by chance, so the sample reaches back further than
 * it has points.
 */
import { defineDetector } from 'incident-workbench/sdk';
import { boundedValue, running, spreadOf, take, type Running } from '../shared/index.ts';
import { cutTree, displacement, insert, remove, type CutTree } from './tree.ts';

interface State {
  readonly trees: CutTree[];
  /** The last values, newest last: one point of the forest. */
  readonly last: number[];
  /** Points of the forest, `shingle` numbers each, and one that is only looked at. */
  readonly points: number[];
  /** Where the next point goes. */
  spare: number;
  /** Points in the sample. */
  filled: number;
  readonly usual: Running;
}

/** Scores that the usual level is taken over. */
const usualMemory = 2000;
/** One point in so many stays, so the sample reaches back about so many times its size. */
const keptOf = 8;

export default defineDetector({
  apiVersion: 1,
  id: 'random-cut-forest',
  summary: 'Scores how far the last values stand apart from those before, by random cuts.',
  per: 'series',
  options: {
    trees: {
      type: 'integer',
      default: 20,
      minimum: 1,
      maximum: 40,
      description: 'Trees in the forest.',
    },
    points: {
      type: 'integer',
      default: 256,
      minimum: 8,
      maximum: 256,
      description: 'Points that a tree remembers.',
    },
    shingle: {
      type: 'integer',
      default: 1,
      minimum: 1,
      maximum: 8,
      description: 'Values that make one point.',
    },
    limit: {
      type: 'number',
      default: 20,
      minimum: 1,
      maximum: 100,
      description: 'Deviations above its usual displacement from which it fires.',
    },
  },
  messages: {
    apart: '{metric} of {service} is at {value:unit}, apart from all recent values.',
  },
  init: ({ config, subject: { series } }): State | null =>
    series?.monotonic === true
      ? null
      : {
          trees: Array.from({ length: config.trees }, () =>
            cutTree(config.points + 1, config.shingle),
          ),
          last: [],
          points: Array.from({ length: (config.points + 1) * config.shingle }, () => 0),
          spare: 0,
          filled: 0,
          usual: running(),
        },
  on: {
    metric(state, { value: raw }, { config, random, report }) {
      state.last.push(boundedValue(raw));
      if (state.last.length < config.shingle) return undefined;
      const apart = displaced(state, random, config.points);
      state.last.shift();
      if (state.filled < config.points) return undefined;
      const spread = Math.max(spreadOf(state.usual), 0.5);
      const z = (apart - state.usual.mean) / spread;
      take(state.usual, apart, usualMemory);
      if (state.usual.count < config.points / 2) return undefined;
      const score = z <= 0 ? 0 : z / (z + config.limit);
      if (z >= config.limit) report({ message: 'apart', values: { value: raw }, score });
      return score;
    },
  },
});

/** What the last values displace on average; they stay in the forest by chance. */
function displaced(state: State, random: () => number, capacity: number): number {
  const { trees, points, last, spare } = state;
  last.forEach((value, d) => (points[spare * last.length + d] = value));
  let sum = 0;
  for (const tree of trees) {
    insert(tree, points, spare, random);
    sum += displacement(tree, spare);
  }
  if (state.filled < capacity) {
    state.filled += 1;
    state.spare = state.filled;
    return sum / trees.length;
  }
  const leaver = random() < 1 / keptOf ? Math.floor(random() * (capacity + 1)) : spare;
  for (const tree of trees) remove(tree, points, leaver);
  state.spare = leaver;
  return sum / trees.length;
}
