/** The benchmark's page and its report, in a real Chromium. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { violations } from '../support/accessibility.ts';
import { haveBrowser, launch } from '../support/browser.ts';
import { writeSmallOutages } from '../support/small-outages.ts';
import { startWorkbench, workbench, type Started } from '../support/workbench.ts';

const title = 'Store <b>turns</b> & slow';

describe.skipIf(!haveBrowser())('the benchmark', () => {
  let cwd: string;
  let browser: Browser;
  let server: Started;
  let page: Page;
  let origin: string;
  /** Of the results file, which is named after the folder that the suite is. */
  let boardId: string;
  /** What the browser complained about: policy violations, errors, failed requests. */
  const complaints: string[] = [];

  beforeAll(async () => {
    cwd = mkdtempSync(join(tmpdir(), 'workbench-e2e-bench-'));
    writeSmallOutages(join(cwd, 'outages'));
    const asked = ['--detector', 'zscore', '--detector', 'slo-burn', '--quiet'];
    for (const more of [
      ['--report', 'board.html'],
      ['--db', '.workbench/bench/old.db'],
    ]) {
      const done = workbench(['bench', '--suite', 'outages', ...asked, ...more], { cwd });
      expect(done.stderr).not.toContain('error');
      expect(done.status).toBe(0);
    }
    const results = readdirSync(join(cwd, '.workbench/bench'));
    boardId = results.find((name) => name.endsWith('outages.db'))?.slice(0, -3) ?? '';
    browser = await launch();
    server = startWorkbench(['serve'], { cwd });
    const [address = ''] = await server.printed(/http:\/\/127\.0\.0\.1:\d+\/\S*code=\S+/);
    page = await open();
    await page.goto(address);
    origin = new URL(page.url()).origin;
  }, 240_000);

  afterEach(() => {
    expect(complaints.splice(0)).toEqual([]);
  });

  afterAll(async () => {
    await browser?.close();
    server?.child.kill('SIGINT');
    await server?.finished;
    rmSync(cwd, { recursive: true, force: true });
  });

  async function open(): Promise<Page> {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const opened = await context.newPage();
    opened.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    opened.on('pageerror', (error) => complaints.push(error.message));
    opened.on('response', (response) => {
      if (response.status() >= 400) complaints.push(`${response.status()} ${response.url()}`);
    });
    return opened;
  }

  const board = () => page.goto(`${origin}/bench/${boardId}`);

  test('leads from the list to the board, to a cell, and by playing it to the run', async () => {
    await page.goto(origin);
    await page.getByRole('heading', { name: 'Runs' }).waitFor();
    await page.keyboard.press('b');
    await page.getByRole('heading', { name: 'Benchmarks' }).waitFor();
    await page
      .getByRole('row', { name: /outages\.db/ })
      .getByRole('link')
      .click();
    await page.getByRole('region', { name: 'Leaderboard' }).waitFor();
    expect(new URL(page.url()).pathname).toBe(`/bench/${boardId}`);
    await page.getByRole('button', { name: new RegExp(`^zscore on Store`) }).click();
    await page.waitForURL(/entry=zscore/);
    await page.getByRole('button', { name: 'Play this' }).first().click();
    await page.waitForURL(/\/runs\/store-turns-slow-1\?t=04:00/);
    await page.getByText('T+04:00.000').waitFor();
    // The second time there is a run, and nothing to play.
    await page.goto(`${origin}/bench/${boardId}?entry=zscore&item=store-turns-slow`);
    const link = page.getByRole('link', { name: /Open at T\+04:00/ }).first();
    await link.waitFor();
    await link.click();
    await page.waitForURL(/\/runs\/store-turns-slow-1\?t=04:00/);
  });

  test('shows names and titles as they are, whatever is in them', async () => {
    await board();
    await page.getByRole('rowheader', { name: title }).waitFor();
    expect(await page.locator('main b', { hasText: 'turns' }).count()).toBe(0);
  });

  test('is walked by keyboard, and every plot is a table too', async () => {
    await board();
    await page.getByRole('button', { name: /^zscore on Store/ }).focus();
    await page.keyboard.press('ArrowDown');
    const moved = await page.evaluate('document.activeElement.getAttribute("data-cell")');
    expect(moved).toMatch(/^1\//);
    for (const plot of ['Precision and recall', 'Time to detect', 'Reliability']) {
      await page.getByRole('button', { name: `${plot}: show as a table` }).click();
      await page.getByRole('region', { name: `${plot}, as a table` }).waitFor();
    }
  });

  test('compares with another results file, and says nothing changed', async () => {
    await board();
    await page.getByLabel('Compare with').selectOption('old');
    const row = page
      .getByRole('region', { name: 'Differences', exact: true })
      .getByRole('row', { name: /zscore/ });
    await row.waitFor();
    expect(await row.textContent()).not.toMatch(/▲ better|▼ worse/);
    expect(page.url()).toContain('with=old');
  });

  test('has no violation of WCAG 2.2 AA, in both themes', async () => {
    for (const scheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme: scheme });
      await page.goto(`${origin}/bench/${boardId}?entry=zscore&item=store-turns-slow`);
      await page.getByText('Seed 1').first().waitFor();
      expect(await violations(page)).toEqual([]);
    }
  });

  test('fits a narrow screen', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await board();
    await page.getByRole('region', { name: 'Leaderboard' }).waitFor();
    const overflow = await page.evaluate(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    );
    expect(overflow).toBe(0);
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  test('is one file too, which opens from disk and asks for nothing', async () => {
    const file = join(cwd, 'board.html');
    expect(statSync(file).size).toBeLessThan(1_000_000);
    expect(readFileSync(file, 'utf8')).not.toContain('<b>turns');
    const report = await open();
    const asked: string[] = [];
    report.on('request', (request) => asked.push(request.url()));
    await report.goto(pathToFileURL(file).href);
    await report.getByRole('rowheader', { name: title }).waitFor();
    await report.getByRole('button', { name: 'recall', exact: true }).click();
    await report.getByRole('button', { name: /^null on Store/ }).click();
    await report.getByText('workbench run', { exact: false }).first().waitFor();
    expect(asked).toEqual([pathToFileURL(file).href]);
    expect(await violations(report)).toEqual([]);
    await report.close();
  });
});
