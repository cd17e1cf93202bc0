/** How the picked entries look in plots: a hue, a dash and, at the end of the line, their name. */
export interface LineLook {
  readonly stroke: string;
  readonly fill: string;
  readonly text: string;
  readonly dash: string;
}

/** More lines than these cannot be told apart. */
const looks: readonly LineLook[] = [
  { stroke: 'stroke-low', fill: 'fill-low', text: 'text-low', dash: '' },
  { stroke: 'stroke-high', fill: 'fill-high', text: 'text-high', dash: '7 3' },
  { stroke: 'stroke-ok', fill: 'fill-ok', text: 'text-ok', dash: '2 3' },
  { stroke: 'stroke-critical', fill: 'fill-critical', text: 'text-critical', dash: '9 3 2 3' },
  { stroke: 'stroke-medium', fill: 'fill-medium', text: 'text-medium', dash: '4 2' },
];

export const picksMax = looks.length;

/** What everybody is held against. */
export const referenceLook: LineLook = {
  stroke: 'stroke-ink-3',
  fill: 'fill-ink-3',
  text: 'text-ink-3',
  dash: '1 3',
};

export function lookOf(place: number): LineLook {
  return looks[place] ?? referenceLook;
}

/** Shades of a heat map's cells, worst first: each keeps the figure in it legible. */
export const heatShades: readonly string[] = [
  'bg-transparent',
  'bg-low/12',
  'bg-low/22',
  'bg-low/32',
  'bg-low/44',
];
