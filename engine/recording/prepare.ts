/**
 * Makes a recording ready for replay: reads, sorts and packs its sources once, into a cache named
 * after their content. Two processes that do so at the same time each build their own and the last
 * rename wins; both hold the same records.
 */
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { WorkbenchError, reasonOf } from '../errors.ts';
import { limits } from '../limits.ts';
import type { SourceHeader } from '../replay/source.ts';
import type { RecordedScenario } from '../scenario/model.ts';
import { readCached, writeCache } from './cache-file.ts';
import type { CachedRecording, RecordingReport } from './cache-file.ts';
import { contentKey } from './content-key.ts';
import { dependenciesOf, numberRecording, seriesInfos } from './header.ts';
import { requireWithin } from './file-bytes.ts';
import { Intake } from './intake.ts';
import { CadenceMeter, packRows } from './pack.ts';
import type { Part } from './raw-record.ts';
import { readers } from './readers.ts';
import { Staging } from './staging.ts';

export interface PrepareOptions {
  /** Created where it is missing. */
  readonly cacheFolder: string;
  /** Folders that the sources may lie in, links followed; anywhere where left out. */
  readonly within?: readonly string[];
  readonly onProgress?: (progress: PrepareProgress) => void;
}

export interface PrepareProgress {
  /** Records read so far. */
  readonly records: number;
  /** Name of the file being read. */
  readonly file: string;
}

export interface PreparedRecording {
  readonly cacheFile: string;
  readonly header: SourceHeader;
  readonly report: RecordingReport;
  /** False where an earlier cache was good. */
  readonly built: boolean;
}

/**
 * Throws SOURCE_MISSING, SOURCE_OUTSIDE, RECORDING_UNREADABLE, or STORAGE_FAILED where the cache
 * cannot be written.
 */
export async function prepareRecording(
  scenario: RecordedScenario,
  options: PrepareOptions,
): Promise<PreparedRecording> {
  const parts: Part[] = [];
  for (const source of scenario.sources) {
    requireWithin(source.path, options.within);
    const own = await readers[source.format](source);
    for (const { file } of own) requireWithin(file, options.within);
    parts.push(...own);
  }
  const key = await contentKey(scenario, parts);
  const cacheFile = join(options.cacheFolder, `${key}.db`);
  const cached = readCached(cacheFile);
  if (cached) return { cacheFile, ...cached, built: false };

  const workshop = makeWorkshop(options.cacheFolder);
  try {
    const built = await build(scenario, parts, workshop, options.onProgress ?? (() => undefined));
    renameSync(join(workshop, 'cache.db'), cacheFile);
    return { cacheFile, ...built, built: true };
  } catch (error) {
    throw asStorageError(error, cacheFile);
  } finally {
    rmSync(workshop, { recursive: true, force: true });
  }
}

/** Records between two calls of `onProgress` within a file: often enough for eyes. */
const announceEvery = 10_000;

async function build(
  scenario: RecordedScenario,
  parts: readonly Part[],
  workshop: string,
  onProgress: (progress: PrepareProgress) => void,
): Promise<CachedRecording> {
  const intake = new Intake();
  const staging = new Staging(join(workshop, 'staging.db'));
  try {
    let records = 0;
    let announced = 0;
    for (const part of parts) {
      const file = basename(part.file);
      onProgress({ records, file });
      await staging.addPart(part, intake, (count) => {
        records += count;
        if (records - announced < announceEvery) return;
        announced = records;
        onProgress({ records, file });
      });
    }
    return packRecording(scenario, parts, staging, intake, join(workshop, 'cache.db'));
  } finally {
    staging.close();
  }
}

function packRecording(
  scenario: RecordedScenario,
  parts: readonly Part[],
  staging: Staging,
  intake: Intake,
  file: string,
): CachedRecording {
  const extent = extentOf(scenario, staging, intake);
  const numbering = numberRecording(scenario, staging);
  const cadence = new CadenceMeter();
  if (numbering.dead.length > 0) {
    const points = numbering.dead.reduce((sum, series) => sum + series.points, 0);
    intake.withdraw(points);
    intake.note(
      `${numbering.dead.length} series that are 0 throughout were left out (${points.toLocaleString('en-US')} points): ${deadNames(numbering.dead)}`,
    );
  }
  const files = parts.map((part) => part.file);
  const batches = packRows(staging.rows(), { numbering, ...extent, files }, cadence, intake);
  return writeCache(file, batches, () => ({
    header: {
      ...extent,
      services: numbering.services,
      dependencies: dependenciesOf(scenario, numbering.services),
      // Of the scenario, not of what was recorded: whoever opens the source adds them.
      objectives: [],
      series: seriesInfos(numbering, (index) => cadence.of(index)),
      intervals: staging.coverage.intervals(extent.startUnixUs, extent.durationUs),
      intake: intake.counts,
    },
    report: { notes: intake.notes, rejections: intake.rejections },
  }));
}

function deadNames(dead: readonly { readonly name: string }[]): string {
  const counts = new Map<string, number>();
  for (const { name } of dead) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, count]) => `${name} of ${count}`).join(', ');
}

const minuteUs = 60e6;

/** Time 0 and length: as the scenario says, else from the minute of the first record to the last one. */
function extentOf(scenario: RecordedScenario, staging: Staging, intake: Intake) {
  const file = scenario.sources.map((source) => source.path).join(', ');
  if (staging.count === 0) {
    const first = intake.rejections[0];
    const because = first ? `: ${first.file}:${first.line} ${first.reason}` : '';
    const reason = `it holds no record that can be used${because}`;
    throw new WorkbenchError('RECORDING_UNREADABLE', { file, reason });
  }
  const startUnixUs = scenario.startUnixUs ?? Math.floor(staging.firstUs / minuteUs) * minuteUs;
  const seconds = Math.floor((staging.lastUs - startUnixUs) / 1e6) + 1;
  const durationUs = scenario.durationUs ?? Math.max(1, seconds) * 1e6;
  if (durationUs > limits.scenarioDurationUsMax) {
    const days = Math.round(durationUs / 86_400e6);
    const first = new Date(staging.firstUs / 1000).toISOString();
    const reason = `its records span ${days} days, from ${first} on; a broken clock? Name start and duration in the scenario`;
    throw new WorkbenchError('RECORDING_UNREADABLE', { file, reason });
  }
  return { startUnixUs, durationUs };
}

const workshopPrefix = 'build-';
/** ms after which a build folder belongs to a process that died. */
const abandonedMs = 24 * 3600 * 1000;

/** A folder of our own inside of the cache folder, so that the last step is a rename. */
function makeWorkshop(cacheFolder: string): string {
  try {
    mkdirSync(cacheFolder, { recursive: true });
    const workshop = mkdtempSync(join(cacheFolder, workshopPrefix));
    const now = statSync(workshop).mtimeMs;
    for (const name of readdirSync(cacheFolder)) {
      if (!name.startsWith(workshopPrefix)) continue;
      const stat = statSync(join(cacheFolder, name), { throwIfNoEntry: false });
      if (stat && now - stat.mtimeMs > abandonedMs) {
        rmSync(join(cacheFolder, name), { recursive: true, force: true });
      }
    }
    return workshop;
  } catch (error) {
    throw asStorageError(error, cacheFolder);
  }
}

function asStorageError(error: unknown, file: string): unknown {
  if (error instanceof WorkbenchError || !(error instanceof Error) || !('code' in error)) {
    return error;
  }
  return new WorkbenchError('STORAGE_FAILED', { file, reason: reasonOf(error) }, { cause: error });
}
