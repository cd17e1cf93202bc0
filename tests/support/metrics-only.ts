/** A recording of metrics alone: many services, and several series of one name for each of them. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const start = 1_714_564_800;
const minutes = 60;

/** Writes `metrics-only.yaml` and its table into `folder`. @returns path of the scenario */
export function writeMetricsOnly(folder: string, services = 30): string {
  const rows = ['time,service,metric,value,shard'];
  for (let minute = 0; minute < minutes; minute += 1) {
    const time = start + minute * 60;
    for (let service = 0; service < services; service += 1) {
      const name = `shop-part${service}-service`;
      for (let shard = 0; shard < 3; shard += 1)
        rows.push(`${time},${name},queue_depth,${10 + ((minute + shard) % 3)},s${shard}`);
      const failing = service === 7 && minute >= 30;
      rows.push(`${time},${name},error_rate_percent,${failing ? 80 : 0},`);
    }
  }
  writeFileSync(join(folder, 'metrics.csv'), rows.join('\n'));
  const scenario = join(folder, 'metrics-only.yaml');
  writeFileSync(
    scenario,
    `apiVersion: workbench/v1
kind: recorded
name: metrics-only
title: Metrics only
sources: [{ format: csv-metrics-long, path: metrics.csv }]
`,
  );
  return scenario;
}
