/** What axe-core and the keyboard say of a page. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const axeSource = readFileSync(
  createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
  'utf8',
);

interface AxeResults {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly html: string }[];
  }[];
}

/** Violations of WCAG 2.2 AA, one line each. */
export async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axeSource);
  const results = (await page.evaluate(
    "axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'] })",
  )) as AxeResults;
  return results.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`);
}

/** Describes the focused element, `unseen …` where nothing shows that it is; null past the last. */
const focusedElement = `(() => {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const { width, height } = element.getBoundingClientRect();
  const { outlineStyle } = getComputedStyle(element);
  const ring = element.querySelector('.ring');
  const shown = outlineStyle !== 'none' || (ring && getComputedStyle(ring).opacity === '1');
  const name = element.getAttribute('aria-label') ?? element.textContent.trim().slice(0, 40);
  return (width > 0 && height > 0 && shown ? '' : 'unseen ') + element.tagName + ' ' + name;
})()`;

/** Everything that Tab reaches, in order, until it leaves the page or `most` is reached. */
export async function tabThrough(page: Page, most: number): Promise<readonly string[]> {
  const seen: string[] = [];
  while (seen.length < most) {
    await page.keyboard.press('Tab');
    const focused = (await page.evaluate(focusedElement)) as string | null;
    if (focused === null) break;
    seen.push(focused);
  }
  return seen;
}
