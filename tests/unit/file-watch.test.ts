import { mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { filesChanged, lookAt } from '../../cli/file-watch.ts';

const folder = mkdtempSync(join(tmpdir(), 'file-watch-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = join(folder, 'a.ts');
const everyMs = 20;

function watching(since = lookAt([file])) {
  const stop = new AbortController();
  return {
    stop,
    changed: filesChanged({ files: () => [file], since, everyMs, signal: stop.signal }),
  };
}

test.each([
  ['a write', () => writeFileSync(file, 'other text')],
  [
    'a rename onto it',
    () => {
      writeFileSync(join(folder, 'b.ts'), 'text');
      renameSync(join(folder, 'b.ts'), file);
    },
  ],
  ['its removal', () => rmSync(file)],
  ['a touch', () => utimesSync(file, 1, 1)],
])('%s is a change', async (_name, save) => {
  writeFileSync(file, 'text');
  const { changed } = watching();
  save();
  expect(await changed).toBe(true);
});

test('a file that comes back is a change', async () => {
  rmSync(file, { force: true });
  const { changed } = watching();
  writeFileSync(file, 'text');
  expect(await changed).toBe(true);
});

test('what was saved before the first look is seen: it was not what was used', async () => {
  writeFileSync(file, 'text');
  const since = lookAt([file]);
  writeFileSync(file, 'longer text');
  expect(await watching(since).changed).toBe(true);
});

test('a save is over when the file has been left alone', async () => {
  writeFileSync(file, '');
  const { changed } = watching();
  let told = false;
  void changed.then(() => (told = true));
  for (let i = 1; i <= 6; i++) {
    writeFileSync(file, 'x'.repeat(i));
    await sleep(everyMs / 2);
    expect(told).toBe(false);
  }
  expect(await changed).toBe(true);
});

test('the signal ends it without a change', async () => {
  writeFileSync(file, 'text');
  const { changed, stop } = watching();
  stop.abort();
  expect(await changed).toBe(false);
});
