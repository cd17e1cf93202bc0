/** Detectors of one's own, written to a folder and run over a small scene in real processes. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  loadDetectors,
  openDetectorPool,
  type DetectorOutput,
  type DetectorTotals,
  type LoadedDetector,
} from '../../engine/detect/index.ts';
import { logs, type Scene } from '../../engine/detect/testing/index.ts';
import { batchesOf, film } from '../../engine/detect/testing/scene.ts';
import { builtIns } from '../../plugins/index.ts';

/** Writes a detector whose log hook has this body, on line 7 where there is nothing `more`. */
export function writePlugin(folder: string, id: string, body: string, more = ''): string {
  const file = join(folder, `${id}.ts`);
  writeFileSync(
    file,
    `import { defineDetector } from 'incident-workbench/sdk';
${more}
export default defineDetector({
  apiVersion: 1, id: '${id}', summary: 'Misbehaves.', per: 'service', options: {},
  messages: { seen: '{service} was seen.' },
  init: () => ({ n: 0 }),
  on: { log(state, record, context) { ${body} } },
});
`,
  );
  return file;
}

/** Five minutes of logs of one service, a burst of errors in the fourth and fifth. */
export const burstScene: Scene = {
  seconds: 300,
  records: [
    ...logs({ service: 'web', perSecond: 2, from: 0, to: 300 }),
    ...logs({ service: 'web', perSecond: 5, from: 200, to: 260, severity: 17, body: 'refused' }),
  ],
};

export interface Ran {
  readonly failures: DetectorOutput['failures'];
  readonly restarted: DetectorOutput['restarted'];
  readonly findings: DetectorOutput['findings'];
  readonly rejected: DetectorOutput['rejected'];
  readonly totals: readonly DetectorTotals[];
  /** What the detectors printed, and what was told of them. */
  readonly printed: readonly string[];
}

export async function runScene(
  detectors: readonly LoadedDetector[],
  options: { readonly restartsMax?: number; readonly workers?: number } = {},
): Promise<Ran> {
  const { workers = 1, restartsMax = 0 } = options;
  const filmed = film(burstScene);
  const batches = batchesOf(filmed, 200);
  const printed: string[] = [];
  const pool = await openDetectorPool({
    ...{ detectors, workers, restartsMax, header: filmed.header, seed: 1 },
    slots: batches.map((batch) => batch.slot),
    printed: (_detector, line) => printed.push(line),
  });
  try {
    const pending = batches.map(({ count, textBytes, templates, through }, slot) => {
      const batch = { slot, sequence: slot, count, textBytes, templates };
      return pool.process({ ...batch, from: 0, to: count, through });
    });
    const outputs = [...(await Promise.all(pending)), await pool.finish(filmed.durationUs)];
    return {
      failures: outputs.flatMap((output) => output.failures),
      restarted: outputs.flatMap((output) => output.restarted),
      findings: outputs.flatMap((output) => output.findings),
      rejected: outputs.flatMap((output) => output.rejected),
      totals: pool.totals(),
      printed,
    };
  } finally {
    await pool.close();
  }
}

export function loadIn(folder: string, ...ids: readonly string[]): Promise<LoadedDetector[]> {
  return loadDetectors(
    ids.map((id) => ({ id, config: {} })),
    { builtIns, cwd: folder },
  );
}
