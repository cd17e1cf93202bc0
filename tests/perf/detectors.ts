/**
 * What each bundled detector costs on one outage of the library, the engine around it included: ns for
 * each record that it is given, and its time over that of `null`, which only reads, in the same play; the
 * second is much the same on any machine. Two sums are held against bars: the default set, and the dearest.
 */
import { fileURLToPath } from 'node:url';
import { outageItem } from '../../engine/benchmark/items.ts';
import { playJob } from '../../engine/benchmark/job/job.ts';
import { loadDetectors } from '../../engine/detect/index.ts';
import { systemClock } from '../../engine/replay/clock.ts';
import { loadScenario } from '../../engine/scenario/index.ts';
import { builtIns, defaultDetectors } from '../../plugins/index.ts';
import { atMost, median, type Emit, type Log } from './bar.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const id = 'checkout-pool-exhaustion';
const plays = 3;

export async function run(emit: Emit, log: Log): Promise<void> {
  const detectors = await loadDetectors(
    builtIns.map((one) => ({ id: one.id, config: {} })),
    { builtIns, cwd: root },
  );
  const entries = detectors.map((loaded) => ({
    ...{ name: loaded.id, role: 'asked' as const, seedOffset: 0, hash: '' },
    detectors: [loaded],
  }));
  const item = outageItem(id, loadScenario(`${root}scenarios/${id}/scenario.yaml`), null);
  const busy = new Map<string, number[]>();
  const fed = new Map<string, number>();
  for (let play = 0; play < plays; play++) {
    const { outcomes } = await playJob({ item, seed: 1, entries }, systemClock);
    for (const [i, { cost }] of outcomes.entries()) {
      const name = entries[i]?.name ?? '';
      busy.set(name, [...(busy.get(name) ?? []), cost.busyNs]);
      fed.set(name, cost.recordsFed);
    }
  }
  const timeOf = (name: string): number => median(busy.get(name) ?? []);
  const ratioOf = (name: string): number => timeOf(name) / timeOf('null');
  for (const { name } of [...entries].sort((a, b) => ratioOf(a.name) - ratioOf(b.name))) {
    const records = fed.get(name) ?? 0;
    const ns = records === 0 ? '-' : (timeOf(name) / records).toFixed(0);
    log(`${name.padEnd(22)} ${ratioOf(name).toFixed(2)}× null, ${ns} ns a record of ${records}`);
  }
  const together = defaultDetectors.reduce((sum, name) => sum + ratioOf(name), 0);
  const worst = Math.max(...entries.map(({ name }) => ratioOf(name)));
  const how = 'time in its hooks and the engine around them, over that of null in the same play';
  emit(atMost('detectors-default-set', together, 20, '× null', how));
  emit(atMost('detectors-dearest', worst, 100, '× null', how));
}
