/** The report: a whole board in one file, drawn by the components of the page. */
import { mount } from 'svelte';
import type { Board, BoardDetails } from '../../engine/benchmark/index.ts';
import Report from './Report.svelte';
import './report.css';

export interface ReportContent {
  readonly board: Board;
  readonly details: BoardDetails;
  /** What plays a mistake again, by entry and place in its list; null where nothing does. */
  readonly commands: Readonly<Record<string, readonly (string | null)[]>>;
  /** Results of limits and of an older board, one line each. */
  readonly gates: readonly { readonly passed: boolean; readonly says: string }[];
}

/** Paper is white. */
const prefersLight = matchMedia('(prefers-color-scheme: light), print');
const setTheme = (): void => {
  document.documentElement.dataset['theme'] = prefersLight.matches ? 'light' : 'dark';
};
setTheme();
prefersLight.addEventListener('change', setTheme);

const target = document.getElementById('report');
const content = document.getElementById('content')?.textContent ?? '';
// The parse boundary: the command line wrote both halves of this file.
if (target) mount(Report, { target, props: { content: JSON.parse(content) as ReportContent } });
