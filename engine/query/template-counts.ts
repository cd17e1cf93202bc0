/** Exact counts of log records by template: from the rollup, and from the rows of the bucket that is not over. */
import type { Micros } from '../sdk/index.ts';
import { bucketUs, levelOf, levels, type Level } from '../store/schema.ts';
import type { RunReader } from './reader.ts';

/** By the ids that rows bear. */
export type Counted = readonly [template: number, service: number, level: number, count: number];

/** null filters nothing. */
export interface CountFilter {
  readonly levels: readonly Level[] | null;
  readonly services: readonly number[] | null;
  readonly templates: readonly number[] | null;
}

/** Records in [from, t]; `from` begins a bucket. */
export function countByTemplate(
  run: RunReader,
  { from, t }: { readonly from: Micros; readonly t: Micros },
  filter: CountFilter,
): readonly Counted[] {
  const bucket = Math.floor((t + 1) / bucketUs);
  const { sql, values } = condition(filter);
  const over = run.tuples<Counted>(
    `SELECT template_id, service_id, level, sum(count) FROM rollup_template
     WHERE bucket >= ? AND bucket < ? ${sql} GROUP BY 1, 2, 3`,
    from / bucketUs,
    bucket,
    ...values,
  );
  const rest = run.tuples<Counted>(
    `SELECT template_id, service_id, severity, count(*) FROM log
     WHERE k >= ? AND k < ? AND template_id IS NOT NULL ${sql} GROUP BY 1, 2, 3`,
    run.keyAfter('log', Math.max(from, bucket * bucketUs) - 1),
    run.keyAfter('log', t),
    ...values,
  );
  const all = [
    ...over,
    ...rest.map(([id, service, severity, n]): Counted => [id, service, levelOf(severity), n]),
  ];
  const wanted = filter.levels?.map((level) => levels.indexOf(level));
  return wanted ? all.filter(([, , level]) => wanted.includes(level)) : all;
}

function condition({ services, templates }: CountFilter): {
  readonly sql: string;
  readonly values: readonly string[];
} {
  const given = [
    ['service_id', services],
    ['template_id', templates],
  ] as const;
  const used = given.filter(([, ids]) => ids !== null);
  return {
    sql: used.map(([name]) => `AND ${name} IN (SELECT value FROM json_each(?))`).join(' '),
    values: used.map(([, ids]) => JSON.stringify(ids)),
  };
}
