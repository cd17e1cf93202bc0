/** The name of a recording's cache: a hash over everything that decides what is in it. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import type { RecordedScenario } from '../scenario/model.ts';
import { cacheVersion } from './cache-file.ts';
import type { Part } from './raw-record.ts';

/** Hex. Truth, title and detectors have no part in it: they change without reading anything again. */
export async function contentKey(
  scenario: RecordedScenario,
  parts: readonly Part[],
): Promise<string> {
  const hash = createHash('sha256');
  const { startUnixUs, durationUs, services, dependencies } = scenario;
  const sources = scenario.sources.map(({ format, options }) => ({ format, options }));
  hash.update(
    JSON.stringify({ cacheVersion, startUnixUs, durationUs, services, dependencies, sources }),
  );
  for (const { file } of parts) {
    const content = createHash('sha256');
    for await (const chunk of createReadStream(file, { highWaterMark: 1024 * 1024 })) {
      content.update(chunk as Buffer);
    }
    // The name matters: readers take pods and minutes from it. The folder does not.
    hash.update(`\0${basename(file)}\0`).update(content.digest());
  }
  return hash.digest('hex').slice(0, 32);
}
