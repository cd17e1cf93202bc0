/**
 * DNS rebinding from end to end, in a real browser: `evil.test` means 127.0.0.1, as it would after an
 * attacker changed the name's address. The attacker's page then talks to our port as to its own.
 */
import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { chromium, type Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startFixture, type Started } from '../support/server-harness.ts';

const chromiumPath = process.env['WORKBENCH_CHROMIUM'] ?? '/usr/bin/chromium';
const hasChromium = existsSync(chromiumPath);
if (!hasChromium) {
  const message = `no Chromium at ${chromiumPath} (WORKBENCH_CHROMIUM names another)`;
  if (process.env['CI'] === 'true') throw new Error(message);
  console.warn(`SKIPPED: the test of DNS rebinding: ${message}`);
}

let fixture: Started;
let browser: Browser;
let attacker: Server;
let attackerPort: number;

beforeAll(async () => {
  if (!hasChromium) return;
  fixture = await startFixture();
  attacker = createServer((_request, response) => {
    response.setHeader('Content-Type', 'text/html');
    response.end('<!doctype html><title>evil</title>');
  });
  await new Promise<void>((resolve) => attacker.listen(0, '127.0.0.1', resolve));
  const address = attacker.address();
  attackerPort = typeof address === 'object' && address ? address.port : 0;
  browser = await chromium.launch({
    executablePath: chromiumPath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--host-resolver-rules=MAP evil.test 127.0.0.1',
    ],
  });
});
afterAll(async () => {
  if (!hasChromium) return;
  await browser.close();
  await fixture.stop();
  attacker.close();
});

test.skipIf(!hasChromium)('a rebound page cannot read a byte or open a socket', async () => {
  const { port, server, library } = fixture;
  const context = await browser.newContext();
  // The victim is logged in in the same browser.
  const victim = await context.newPage();
  await victim.goto(server.openUrl());
  expect(await victim.textContent('#mark')).toBe('app');
  expect(new URL(victim.url()).search).toBe('');

  const evil = await context.newPage();
  const answer = await evil.goto(`http://evil.test:${port}/`);
  expect(answer?.status()).toBe(403);
  // Its own page now comes from another port of the same name; everything it tries is same-site.
  await evil.goto(`http://evil.test:${attackerPort}/`);
  const seen = await evil.evaluate(
    async ({ port, action }) => {
      const results: string[] = [];
      const hosts = [`evil.test:${port}`, `127.0.0.1:${port}`, `localhost:${port}`];
      for (const host of hosts) {
        for (const mode of ['cors', 'no-cors'] as const) {
          for (const path of ['/', '/api/runs', '/favicon.svg']) {
            const body = await fetch(`http://${host}${path}`, { mode, credentials: 'include' })
              .then((response) => response.text())
              .catch(() => '');
            results.push(body);
          }
          await fetch(`http://${host}/api/runs/run-1/incidents/1`, {
            method: 'POST',
            mode,
            credentials: 'include',
            body: action,
          }).catch(() => '');
        }
        const opened = await new Promise<string>((resolve) => {
          const socket = new WebSocket(`ws://${host}/live`);
          socket.onopen = () => resolve('socket opened');
          socket.onerror = () => resolve('');
        });
        results.push(opened);
        const loaded = await new Promise<string>((resolve) => {
          const image = new Image();
          image.onload = () => resolve('image loaded');
          image.onerror = () => resolve('');
          image.src = `http://${host}/favicon.svg`;
        });
        results.push(loaded);
      }
      return results;
    },
    { port, action: JSON.stringify({ action: 'acknowledge', t: 1 }) },
  );
  expect(seen.length).toBe(24);
  expect(seen.filter((text) => text !== '')).toEqual([]);
  expect(library.acts).toEqual([]);
  await context.close();
});

test.skipIf(!hasChromium)('the page runs its own script and no other, in no frame', async () => {
  const { port, server } = fixture;
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(server.openUrl());
  expect(await page.evaluate('globalThis.started')).toBe(true);
  const refused = await page.evaluate(() => {
    const script = document.createElement('script');
    script.append('globalThis.injected = true');
    document.body.append(script);
    let thrown = '';
    try {
      document.body.innerHTML = '<b>x</b>';
    } catch (error) {
      thrown = error instanceof TypeError ? 'TypeError' : 'other';
    }
    return { injected: 'injected' in globalThis, thrown };
  });
  expect(refused).toEqual({ injected: false, thrown: 'TypeError' });

  const framing = await context.newPage();
  await framing.goto(`http://localhost:${attackerPort}/`);
  const text = await framing.evaluate(async (address) => {
    const frame = document.createElement('iframe');
    frame.src = address;
    document.body.append(frame);
    await new Promise((resolve) => (frame.onload = resolve));
    return frame.contentDocument?.body.textContent ?? 'out of reach';
  }, `http://localhost:${port}/`);
  expect(text).toBe('out of reach');
  expect(framing.frames().some((frame) => frame.url().includes(`:${port}`))).toBe(false);
  await context.close();
});
