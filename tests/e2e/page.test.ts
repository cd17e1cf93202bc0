/** The built page on real runs, in a real Chromium behind the real gate. */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { tabThrough, violations } from '../support/accessibility.ts';
import { haveBrowser, launch } from '../support/browser.ts';
import { writeMetricsOnly } from '../support/metrics-only.ts';
import { demoScenario, startWorkbench, workbench, type Started } from '../support/workbench.ts';

describe.skipIf(!haveBrowser())('the page', () => {
  let cwd: string;
  let browser: Browser;
  let server: Started;
  let context: BrowserContext;
  let page: Page;
  let origin: string;
  /** What the browser complained about: policy violations, errors, failed requests. */
  const complaints: string[] = [];
  const runId = 'checkout-pool-exhaustion-1';

  beforeAll(async () => {
    cwd = mkdtempSync(join(tmpdir(), 'workbench-e2e-'));
    const run = workbench(['run', demoScenario, '--quiet'], { cwd });
    expect(run).toMatchObject({ status: 0 });
    const metrics = workbench(['run', writeMetricsOnly(cwd), '--quiet'], { cwd });
    expect(metrics).toMatchObject({ status: 0 });
    browser = await launch();
    server = startWorkbench(['serve'], { cwd });
    context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    page = await openLogin(context, server);
    origin = new URL(page.url()).origin;
  }, 120_000);

  afterEach(() => {
    expect(complaints.splice(0)).toEqual([]);
  });

  afterAll(async () => {
    await browser?.close();
    server?.child.kill('SIGINT');
    await server?.finished;
    rmSync(cwd, { recursive: true, force: true });
  });

  async function openLogin(into: BrowserContext, from: Started): Promise<Page> {
    const [address = ''] = await from.printed(/http:\/\/127\.0\.0\.1:\d+\/\S*code=\S+/);
    const opened = await into.newPage();
    opened.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    opened.on('pageerror', (error) => complaints.push(error.message));
    opened.on('response', (response) => {
      if (response.status() >= 400) complaints.push(`${response.status()} ${response.url()}`);
    });
    await opened.goto(address);
    return opened;
  }

  /** Playhead in milliseconds, as the clock of the page's head shows it. */
  const at = async (of: Page): Promise<number> => {
    const text =
      (await of
        .getByText(/^T\+[\d:.]+$/)
        .first()
        .textContent()) ?? '';
    const [seconds = 0, minutes = 0, hours = 0] = text.slice(2).split(':').map(Number).reverse();
    return ((hours * 60 + minutes) * 60 + seconds) * 1000;
  };

  test('lists the run, and leads to it', async () => {
    await page.goto(`${origin}/`);
    await page.getByRole('link', { name: /Checkout pool exhaustion/ }).click();
    await page.waitForURL(new RegExp(`/runs/${runId}`));
    await page.getByText('checkout fails', { exact: false }).first().waitFor();
  });

  test('a fork says what it is a fork of, in the list and at its head', async () => {
    const runs = join(cwd, '.workbench/runs');
    const file = join(runs, 'what-if-1.db');
    copyFileSync(join(runs, `${runId}.db`), file);
    const db = new Database(file);
    db.exec(`UPDATE run SET id = 'what-if-1', parent_id = '${runId}', forked_at = 750000000;
      INSERT INTO input VALUES (3000000000, 750000000, 'rollback:checkout', '{}')`);
    db.close();
    try {
      const words = `fork of ${runId} at T+12:30: rollback:checkout`;
      await page.goto(origin);
      await page.getByRole('row', { name: words }).getByRole('link').click();
      await page.getByRole('banner').getByText(words).waitFor();
      expect(page.url()).toContain('/runs/what-if-1');
    } finally {
      // The page still asks for rows of the run: it must be gone before the file is.
      await page.waitForLoadState('networkidle');
      await page.goto('about:blank');
      rmSync(file);
    }
  });

  test('shows a moment that the address names, and nothing after it', async () => {
    await page.goto(`${origin}/runs/${runId}?t=4:00`);
    await page.getByText('T+04:00.000').waitFor();
    await page.getByText('No incidents so far').waitFor();
    expect(await page.getByText('checkout fails').count()).toBe(0);
    await page.goto(`${origin}/runs/${runId}?t=10:30`);
    await page.getByText('T+10:30.000').waitFor();
    await page.getByText('checkout fails', { exact: false }).first().waitFor();
    const newest = await page
      .getByRole('listbox', { name: /Log lines/ })
      .getByRole('option')
      .last()
      .textContent();
    expect(newest).toMatch(/09:(0\d|10):/);
  });

  test('seeks and plays by keyboard', async () => {
    await page.goto(`${origin}/runs/${runId}?t=10:00`);
    await page.getByText('T+10:00.000').waitFor();
    await page.keyboard.press('l');
    await page.getByText('T+10:10.000').waitFor();
    await page.keyboard.press('j');
    await page.getByText('T+10:00.000').waitFor();
    const before = await at(page);
    await page.keyboard.press('Space');
    await expect.poll(() => at(page), { timeout: 10_000 }).toBeGreaterThan(before + 2_000);
    await page.keyboard.press('Space');
    const stopped = await at(page);
    await page.waitForTimeout(500);
    expect(await at(page)).toBe(stopped);
  });

  test('Space plays after a click on a button, and presses one that a key went to', async () => {
    await page.goto(`${origin}/runs/${runId}?t=10:00`);
    await page.getByText('T+10:00.000').waitFor();
    const filter = page.getByRole('button', { name: /WARN/ });
    const pressed = () => filter.getAttribute('aria-pressed');
    await filter.click();
    await page.keyboard.press('Space');
    await page.getByRole('button', { name: /^pause/i }).waitFor();
    expect(await pressed()).toBe('true');
    await page.keyboard.press('Space');
    await page.getByRole('button', { name: /^play/i }).waitFor();
    expect(await pressed()).toBe('true');
    const stopped = await at(page);
    await filter.focus();
    await page.keyboard.press('Space');
    await expect.poll(pressed).toBe('false');
    expect(await at(page)).toBe(stopped);
  });

  test('jumps along the marks, and learns of what is ahead only when it is', async () => {
    await page.goto(`${origin}/runs/${runId}?t=1:00`);
    await page.getByText('T+1:00.000').or(page.getByText('T+01:00.000')).first().waitFor();
    const times: number[] = [];
    const record = (request: { url(): string }): void => {
      const { pathname, searchParams } = new URL(request.url());
      if (pathname.startsWith('/api/')) times.push(Number(searchParams.get('t') ?? 0));
    };
    page.on('request', record);
    try {
      let before = 60_000;
      for (const key of [']', '.', ']', '}']) {
        await page.keyboard.press(key);
        await expect.poll(() => at(page), { timeout: 10_000 }).toBeGreaterThan(before);
        before = await at(page);
        expect(Math.max(...times)).toBeLessThanOrEqual((before + 1) * 1_000);
      }
      await page.keyboard.press('[');
      await expect.poll(() => at(page), { timeout: 10_000 }).toBeLessThan(before);
      expect(times.length).toBeGreaterThan(4);
    } finally {
      page.off('request', record);
    }
  });

  test('filters the logs in the database, with exact counts', async () => {
    await page.goto(`${origin}/runs/${runId}?t=10:30&svc=checkout&lvl=error`);
    const db = new Database(join(cwd, `.workbench/runs/${runId}.db`), { readonly: true });
    const { n } = db
      .prepare<[number], { n: number }>(
        "SELECT count(*) AS n FROM log JOIN service ON service.id = service_id WHERE name = 'checkout' AND severity >= 17 AND t <= ?",
      )
      .get(630e6) ?? { n: -1 };
    db.close();
    expect(n).toBeGreaterThan(0);
    await page
      .getByText(`${n.toLocaleString('en-US')} of`, { exact: false })
      .first()
      .waitFor();
  });

  test('every legal step of an incident works on a finished run and is kept', async () => {
    await page.goto(`${origin}/runs/${runId}/incidents/1?t=12:00`);
    for (const [button, word] of [
      ['Acknowledge', 'Acknowledged'],
      ['Investigate', 'Investigating'],
      ['Mitigate', 'Mitigated'],
      ['Resolve', 'Resolved'],
      ['Reopen', 'Open'],
    ] as const) {
      await page
        .getByRole('button', { name: new RegExp(`^${button}`) })
        .first()
        .click();
      await page
        .locator('section[aria-labelledby="incident-title"]')
        .getByText(word, { exact: false })
        .first()
        .waitFor();
    }
    const db = new Database(join(cwd, `.workbench/runs/${runId}.db`), { readonly: true });
    const kinds = () => db.prepare('SELECT kind FROM human_event ORDER BY id').pluck().all();
    // "Open" is a word of the page before it is the answer to the last step.
    await expect
      .poll(kinds, { timeout: 5_000 })
      .toEqual(['acknowledge', 'investigate', 'mitigate', 'resolve', 'reopen']);
    db.close();
  });

  test('a note is written and saved by keyboard, and its keys are not the player’s', async () => {
    await page.goto(`${origin}/runs/${runId}?t=12:00`);
    await page.getByText('T+12:00.000').waitFor();
    await page.getByRole('button', { name: 'Add note' }).click();
    await page.keyboard.type('look at pool 0 to l');
    const field = page.getByRole('textbox', { name: /^Note for the timeline/ });
    expect(await field.inputValue()).toBe('look at pool 0 to l');
    expect(await page.getByText('T+12:00.000').count()).toBe(1);
    expect(await page.getByRole('button', { name: 'Loop: loop off' }).count()).toBe(1);
    await page.keyboard.press('Enter');
    await field.waitFor({ state: 'detached' });
    const db = new Database(join(cwd, `.workbench/runs/${runId}.db`), { readonly: true });
    const note = db.prepare("SELECT payload FROM human_event WHERE kind = 'note'").pluck().get();
    db.close();
    expect(note).toBe('{"note":"look at pool 0 to l"}');
  });

  test('shows every service with its uptime and window', async () => {
    await page.goto(`${origin}/runs/${runId}/services?t=12:00`);
    await page.getByText('orders-db').first().waitFor();
    for (const service of [
      'storefront',
      'checkout',
      'payments',
      'orders-db',
      'search',
      'catalog',
    ]) {
      expect(await page.getByText(service, { exact: true }).count()).toBeGreaterThan(0);
    }
    await page
      .getByText(/uptime/i)
      .first()
      .waitFor();
  });

  test('a large recording of metrics alone is as readable', async () => {
    await page.goto(`${origin}/runs/metrics-only-1?t=50:00`);
    const chart = page.getByRole('figure').filter({ hasText: 'queue_depth' });
    await chart.first().waitFor();
    expect(await chart.count()).toBe(1);
    await page.getByText('this recording has no logs', { exact: false }).waitFor();
    const map = page.getByRole('region', { name: 'Services and who calls whom' });
    await map.getByRole('button', { name: /^shop-part7-service, down/ }).waitFor();
    const sizes = await map.locator('text').evaluateAll((texts) =>
      texts.map((text) => {
        const { a: scale } = (text as unknown as SVGGraphicsElement).getScreenCTM() ?? { a: 0 };
        return Number.parseFloat(getComputedStyle(text).fontSize) * scale;
      }),
    );
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(10);
    expect(await map.getByRole('button').count()).toBeLessThan(30);
    await page.getByRole('button', { name: 'Show all' }).click();
    await expect.poll(() => map.getByRole('button').count()).toBe(30);
    await page.getByRole('button', { name: 'Show the points as a table' }).click();
    await page.getByRole('columnheader', { name: 'Error rate' }).waitFor();
  });

  test('the palette jumps to times, services and runs', async () => {
    await page.goto(`${origin}/runs/${runId}?t=10:00`);
    await page.getByText('T+10:00.000').waitFor();
    const type = async (query: string) => {
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox', { name: 'Search or jump' }).fill(query);
      await page.keyboard.press('Enter');
    };
    await type('11:30');
    await page.getByText('T+11:30.000').waitFor();
    await type('orders-db');
    await page.getByRole('button', { name: 'Remove the filter orders-db' }).waitFor();
    await type('metrics only');
    await page.waitForURL(/metrics-only-1/);
  });

  test('the keyboard reaches everything, in order, and is never trapped', async () => {
    for (const path of ['/', `/runs/${runId}?t=10:30`, `/runs/${runId}/incidents/1?t=10:30`]) {
      await page.goto(`${origin}${path}`);
      await page.waitForLoadState('networkidle');
      const seen = await tabThrough(page, 120);
      expect(seen[0]).toContain('Skip to the content');
      expect(seen.length).toBeGreaterThan(5);
      expect(seen.length).toBeLessThan(120);
      expect(seen.filter((one) => one.startsWith('unseen'))).toEqual([]);
    }
  });

  test('every canvas takes the colours of the theme that is switched to', async () => {
    // Moving the same page between themes must end in the very pictures it starts with.
    const pictures = () =>
      page.evaluate("[...document.querySelectorAll('canvas')].map((one) => one.toDataURL())");
    const settled = async () => {
      await page.waitForLoadState('networkidle');
      await page.evaluate('document.fonts.ready');
      let last: unknown;
      await expect
        .poll(async () => {
          const before = JSON.stringify(last);
          last = await pictures();
          return JSON.stringify(last) === before;
        })
        .toBe(true);
      return last;
    };
    const path = `${origin}/runs/${runId}?t=10:30`;
    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
    await page.goto(path);
    const dark = await settled();
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
    await page.goto(path);
    const light = await settled();
    expect(light).not.toEqual(dark);
    // From the system's choice, which is light here, to dark, to light.
    await page.keyboard.press('t');
    expect(await settled()).toEqual(dark);
    await page.keyboard.press('t');
    expect(await settled()).toEqual(light);
    await page.keyboard.press('t');
    expect(await page.evaluate("localStorage.getItem('theme')")).toBe('system');
  });

  test('says what a wrong address means', async () => {
    await page.goto(`${origin}/runs/no-such-run`);
    await page.getByRole('alert').first().waitFor();
    expect(complaints.splice(0).every((text) => /404|no-such-run/.test(text))).toBe(true);
  });

  test.each(['dark', 'light'] as const)(
    'has no accessibility violation in %s',
    async (scheme) => {
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
      for (const path of [
        '/',
        `/runs/${runId}?t=10:30`,
        `/runs/${runId}/incidents/1?t=10:30`,
        `/runs/${runId}/services?t=10:30`,
        `/runs/metrics-only-1?t=50:00`,
      ]) {
        await page.goto(`${origin}${path}`);
        await page.waitForLoadState('networkidle');
        const found = (await violations(page)).map((one) => `${path} ${one}`);
        expect(found).toEqual([]);
      }
    },
    60_000,
  );

  test.each([
    [1440, 900],
    [1024, 768],
    [390, 844],
    [320, 640],
  ])('fits a window of %i × %i without scrolling sideways', async (width, height) => {
    await page.setViewportSize({ width, height });
    for (const path of [
      '/',
      `/runs/${runId}?t=10:30`,
      `/runs/${runId}/services?t=10:30`,
      `/runs/${runId}/incidents/1?t=10:30`,
    ]) {
      await page.goto(`${origin}${path}`);
      await page.waitForLoadState('networkidle');
      expect(
        await page.evaluate('document.documentElement.scrollWidth - innerWidth'),
      ).toBeLessThanOrEqual(0);
    }
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  test('a live run is followed, paused, stepped and sped up from the page', async () => {
    const live = startWorkbench(['run', demoScenario, '--open', '--speed', '40'], {
      cwd,
      env: { BROWSER: 'none' },
    });
    const other = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    try {
      const follower = await openLogin(other, live);
      await follower.getByText('LIVE', { exact: false }).first().waitFor();
      const first = await at(follower);
      await expect.poll(() => at(follower), { timeout: 15_000 }).toBeGreaterThan(first + 20_000);
      const acknowledge = follower.getByRole('button', { name: 'Acknowledge' });
      await acknowledge.waitFor({ timeout: 30_000 });
      await follower.getByRole('button', { name: /^pause/i }).click();
      await follower.waitForTimeout(800);
      const paused = await at(follower);
      await follower.waitForTimeout(1_000);
      expect(await at(follower)).toBe(paused);
      await acknowledge.click();
      const active = follower.getByRole('region', { name: 'Active incidents' });
      await active.getByText('Acknowledged').first().waitFor();
      expect(await at(follower)).toBe(paused);
      await follower.keyboard.press('l');
      await expect.poll(() => at(follower), { timeout: 5_000 }).toBeGreaterThan(paused);
    } finally {
      await other.close();
      live.child.kill('SIGINT');
      expect((await live.finished).status).toBe(130);
    }
  }, 60_000);
});
