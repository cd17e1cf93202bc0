/** The published datasets, against the numbers that their README counts by other means. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { datasetCases, importRecording, type ImportRequest } from '../../engine/recording/index.ts';
import { Intake } from '../../engine/recording/intake.ts';
import { nezha } from '../../engine/recording/nezha.ts';
import { packRows, CadenceMeter } from '../../engine/recording/pack.ts';
import { numberRecording } from '../../engine/recording/header.ts';
import { Staging } from '../../engine/recording/staging.ts';
import { scenarioReader } from '../../engine/scenario/index.ts';
import { dataFolder, readAll, recorded, workplace } from '../support/recording.ts';
import type { Workplace } from '../support/recording.ts';

const nezhaFolder = join(dataFolder, 'nezha');
const petshopFolder = join(dataFolder, 'petshop');
const hasNezha = existsSync(join(nezhaFolder, 'cases.csv'));
const hasPetshop = existsSync(join(petshopFolder, 'cases.csv'));
if (!hasNezha || !hasPetshop) {
  process.stderr.write(`skipped: no datasets in ${dataFolder}; set WORKBENCH_DATA to test them\n`);
}

let place: Workplace;
beforeAll(() => void (place = workplace()));
afterAll(() => place.remove());

const importCase = async (request: ImportRequest, name: string) => {
  const outFile = join(place.folder, name);
  const schemaFile = join(place.folder, 'scenario.schema.json');
  const { cacheFolder } = place;
  const imported = await importRecording(request, {
    outFile,
    schemaFile,
    cacheFolder,
    force: false,
  });
  const parsed = scenarioReader().read(outFile);
  if (parsed.scenario?.kind !== 'recorded') throw new Error('not a valid recorded scenario');
  return { imported, scenario: parsed.scenario, outFile };
};

describe.skipIf(!hasNezha)('Nezha', () => {
  test(
    'every log row of the Train-Ticket days is accounted for',
    { timeout: 120_000 },
    async () => {
      const totals = { read: 0, duplicates: 0, truncated: 0, rejected: 0, zeroTimes: 0 };
      for (const day of ['2023-01-29', '2023-01-30']) {
        const path = join(nezhaFolder, day);
        // The quiet minute is not among the rows that the README counts.
        const parts = nezha({ format: 'nezha', path, options: {} }).filter(
          ({ covers, file }) => covers === 'log' && !file.includes('faultfree'),
        );
        const intake = new Intake();
        const staging = new Staging(join(place.folder, `${day}.db`));
        for (const part of parts) await staging.addPart(part, intake, () => undefined);
        const numbering = numberRecording(recorded([]), staging);
        const plan = { numbering, startUnixUs: 0, durationUs: Infinity, files: [] };
        let stored = 0;
        for (const { count } of packRows(staging.rows(), plan, new CadenceMeter(), intake)) {
          stored += count;
        }
        staging.close();
        const { counts, notes } = intake;
        expect(counts.stored).toBe(stored);
        totals.read += counts.read;
        totals.duplicates += counts.duplicates;
        totals.truncated += counts.truncated;
        totals.rejected += counts.rejected;
        totals.zeroTimes += Number(
          /^(\d+) log rows carry a broken/m.exec(notes.join('\n'))?.[1] ?? 0,
        );
      }
      expect(totals).toEqual({
        read: 130_256,
        duplicates: 1_940,
        truncated: 2,
        rejected: 0,
        zeroTimes: 75,
      });
    },
  );

  test('a case becomes a valid scenario that reads in order', { timeout: 120_000 }, async () => {
    const { imported, scenario } = await importCase(
      { kind: 'nezha', folder: nezhaFolder, case: 'nezha-tt-2023-01-29-06' },
      'nezha.yaml',
    );
    expect(scenario.truth).toMatchObject({
      rootCause: { service: 'ts-basic-service' },
      category: 'error-spike',
    });
    const { header, records, built } = await readAll(scenario, place.cacheFolder);
    // What the import prepared is what the run finds.
    expect(built).toBe(false);
    expect(header).toEqual(imported.recording.header);
    const [window] = scenario.truth.windows;
    const injected = (header.startUnixUs + (window?.from ?? 0)) / 1000;
    expect(new Date(injected).toISOString()).toBe('2023-01-29T09:21:39.000Z');

    expect(header.services).toHaveLength(46);
    expect(header.dependencies).toHaveLength(55);
    expect(header.services.filter(({ entry }) => entry).map(({ name }) => name)).toEqual([
      'ts-gateway-service',
    ]);
    expect(new Set(records.map(({ kind }) => kind))).toEqual(new Set(['log', 'metric', 'span']));
    const { read, stored, rejected, duplicates } = imported.recording.header.intake ?? {};
    expect(read).toBe((stored ?? 0) + (rejected ?? 0) + (duplicates ?? 0));
    expect(stored).toBe(records.length);

    const basic = header.series.filter(
      ({ service, role }) => role && header.services[service]?.name === 'ts-basic-service',
    );
    expect(Object.fromEntries(basic.map(({ role, name }) => [role, name]))).toEqual({
      latency_p50: 'span.duration',
      latency_p95: 'http.server.request.duration',
      latency_p99: 'http.server.request.duration',
      request_rate: 'http.server.request.rate',
      saturation: 'k8s.pod.cpu_limit_utilization',
    });
    const roles = header.series.flatMap(({ service, role }) =>
      role ? [`${service} ${role}`] : [],
    );
    expect(new Set(roles).size).toBe(roles.length);
  });

  test(
    'logs count as recorded only around the recorded minutes',
    { timeout: 120_000 },
    async () => {
      const path = join(nezhaFolder, '2023-01-29');
      const options = { from: '2023-01-29T09:10:00Z', to: '2023-01-29T09:30:00Z' };
      const { header, records } = await readAll(
        recorded([{ format: 'nezha', path, options }]),
        place.cacheFolder,
      );
      const logs = header.intervals.find(({ stream }) => stream === 'log')?.intervals ?? [];
      expect(logs).toHaveLength(2);
      for (const { t } of records.filter(({ kind }) => kind === 'log')) {
        expect(logs.some(({ from, to }) => t >= from && t < to)).toBe(true);
      }
    },
  );
});

describe.skipIf(!hasPetshop)('PetShop', () => {
  test('the normal period leads up to the issue without a gap', async () => {
    const { scenario, outFile } = await importCase(
      { kind: 'petshop', folder: petshopFolder, case: 'low_traffic/test/issue_0' },
      'petshop.yaml',
    );
    expect(readFileSync(outFile, 'utf8')).toMatch(/^# yaml-language-server: \$schema=/);
    expect(scenario.truth.rootCause?.service).toBe('petInfo_AWS::DynamoDB::Table');
    expect(scenario.dependencies).toHaveLength(44);
    const { header, records } = await readAll(scenario, place.cacheFolder);
    const times = [...new Set(records.map(({ t }) => t))];
    // Twelve hours of rows, then five; one every five minutes throughout.
    expect(times).toHaveLength(144 + 5);
    expect(new Set(times.slice(1).map((t, i) => t - (times[i] ?? 0)))).toEqual(new Set([300e6]));
    // The rows of the issue keep their clock.
    expect((header.startUnixUs + (times.at(-5) ?? 0)) / 1e6).toBe(1_681_857_120);

    const site = header.series.findIndex(
      ({ service, name, attributes }) =>
        header.services[service]?.name === 'PetSite' &&
        name === 'latency' &&
        attributes['statistic'] === 'Average',
    );
    expect(header.series[site]?.role).toBe('latency_mean');
    const units = records.filter(({ service }) => service === 'PetSite');
    const last = (name: string) => units.filter((record) => record.name === name).at(-1)?.value;
    expect(last('availability')).toBe(1);
    expect(last('requests')).toBeCloseTo(507 / 300);
  });

  test('an unknown case names the nearest, an existing file is kept', async () => {
    const request = { kind: 'petshop' as const, folder: petshopFolder };
    const good = 'low_traffic/test/issue_1';
    await expect(
      importCase({ ...request, case: 'low_trafic/test/issue_1' }, 'a.yaml'),
    ).rejects.toMatchObject({
      code: 'CASE_NOT_FOUND',
      hint: expect.stringContaining(good) as string,
    });
    const { outFile } = await importCase({ ...request, case: good }, 'b.yaml');
    const before = readFileSync(outFile, 'utf8');
    await expect(importCase({ ...request, case: good }, 'b.yaml')).rejects.toMatchObject({
      code: 'FILE_EXISTS',
    });
    expect(readFileSync(outFile, 'utf8')).toBe(before);
  });
});

describe.skipIf(!hasNezha || !hasPetshop)('the cases of a dataset', () => {
  test('are all of its table, with the quiet stretches of days and without what has no normal period', async () => {
    const inTable = (folder: string): number =>
      readFileSync(join(folder, 'cases.csv'), 'utf8').trim().split('\n').length - 1;
    const nezhaCases = await datasetCases('nezha', nezhaFolder);
    expect(nezhaCases.ids).toHaveLength(inTable(nezhaFolder));
    expect(nezhaCases.quietIds).toHaveLength(
      new Set(nezhaCases.ids.map((id) => id.slice(9, 19))).size,
    );
    const petshopCases = await datasetCases('petshop', petshopFolder);
    const { ids, withoutNormal } = petshopCases;
    expect(ids.length + withoutNormal.length).toBe(inTable(petshopFolder));
    expect(withoutNormal.every((id) => id.startsWith('temporal_traffic'))).toBe(true);
    expect(ids.every((id) => id.startsWith('low_traffic'))).toBe(true);
  });

  test(
    'a quiet stretch has four hours without any fault, and says so',
    { timeout: 60_000 },
    async () => {
      const request = { kind: 'nezha', folder: nezhaFolder, case: 'quiet-2023-01-30' } as const;
      const { imported, scenario } = await importCase(request, 'quiet.yaml');
      const { header } = imported.recording;
      expect(new Date(header.startUnixUs / 1000).toISOString()).toBe('2023-01-30T16:00:00.000Z');
      expect(header.durationUs).toBeGreaterThan(3.9 * 3600e6);
      expect(scenario.truth).toMatchObject({ category: 'none', rootCause: null, windows: [] });
    },
  );
});
