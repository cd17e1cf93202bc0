/**
 * The posterior over how long the present stretch has lasted. For each length there are the sums of
 * a normal-gamma model; the next value's density under it is Student's t. Improbable lengths are
 * dropped, and no more than `lengthsMax` are kept, so a point costs a bounded number of densities.
 */
export interface RunLengths {
  /** Descending in probability of nothing: in order of length, the shortest first. */
  lengths: number[];
  probability: number[];
  mean: number[];
  /** Sum of squares around the mean, the prior's included. */
  squares: number[];
}

/** The prior is worth one value of the scale's own size, and a tenth of a value for the mean. */
const priorWeight = 0.1;
const priorShape = 1;
const priorSquares = 1;
/** Lengths of which there is less than this share are forgotten. */
const negligible = 1e-4;
const lengthsMax = 100;

export function runLengths(): RunLengths {
  return { lengths: [0], probability: [1], mean: [0], squares: [priorSquares] };
}

/** Takes a value in: each length grows by one, or ends with probability `hazard`. */
export function step(state: RunLengths, value: number, hazard: number): void {
  const { lengths, probability, mean, squares } = state;
  const next: RunLengths = { lengths: [0], probability: [0], mean: [0], squares: [priorSquares] };
  let ended = 0;
  let total = 0;
  for (let i = 0; i < lengths.length; i++) {
    const length = lengths[i] as number;
    const centre = mean[i] as number;
    const spread = squares[i] as number;
    const joint = (probability[i] as number) * density(value, length, centre, spread);
    ended += joint * hazard;
    total += joint;
    const weight = priorWeight + length;
    next.lengths.push(length + 1);
    next.probability.push(joint * (1 - hazard));
    next.mean.push(centre + (value - centre) / (weight + 1));
    next.squares.push(spread + (weight * (value - centre) ** 2) / (2 * (weight + 1)));
  }
  next.probability[0] = ended;
  keepLikely(state, next, total);
}

/** Probability that the stretch is at most so old. */
export function youngMass({ lengths, probability }: RunLengths, age: number): number {
  let mass = 0;
  for (let i = 0; i < lengths.length; i++) {
    if ((lengths[i] as number) <= age) mass += probability[i] as number;
  }
  return Math.min(1, mass);
}

/** Of the next value, after `length` values with this mean and sum of squares. */
export function density(value: number, length: number, mean: number, squares: number): number {
  const weight = priorWeight + length;
  const shape = priorShape + length / 2;
  const scale = (squares * (weight + 1)) / (shape * weight);
  const distance = (value - mean) ** 2 / (2 * shape * scale);
  return Math.exp(
    halfStep(shape) -
      Math.log(2 * Math.PI * shape * scale) / 2 -
      (shape + 0.5) * Math.log1p(distance),
  );
}

/** ln Γ(a + ½) − ln Γ(a) + what Student's t needs of it, for a ≥ 1: a series in 1/a, exact to 1e-4. */
function halfStep(a: number): number {
  return Math.log(a) / 2 - 1 / (8 * a) + 1 / (192 * a ** 3);
}

/** Normalises, and drops what is improbable; of too many lengths the least probable. */
function keepLikely(state: RunLengths, next: RunLengths, total: number): void {
  if (!(total > 0)) {
    // Nothing that is known explains the value: begin anew.
    Object.assign(state, runLengths());
    return;
  }
  const floor = negligible * total;
  const order = next.probability
    .map((_, i) => i)
    .filter((i) => i === 0 || (next.probability[i] as number) > floor);
  const kept =
    order.length <= lengthsMax
      ? order
      : order
          .sort((a, b) => (next.probability[b] as number) - (next.probability[a] as number))
          .slice(0, lengthsMax)
          .sort((a, b) => a - b);
  const sum = kept.reduce((mass, i) => mass + (next.probability[i] as number), 0);
  state.lengths = kept.map((i) => next.lengths[i] as number);
  state.probability = kept.map((i) => (next.probability[i] as number) / sum);
  state.mean = kept.map((i) => next.mean[i] as number);
  state.squares = kept.map((i) => next.squares[i] as number);
}
