/** Lines to mine templates of: of a simulated outage, and of published recordings. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import Database from 'better-sqlite3';
import { readCsv } from '../../engine/recording/csv-rows.ts';
import { Intake } from '../../engine/recording/intake.ts';
import { findSystems, readTruth } from '../../engine/templates/evaluation/loghub.ts';

const scenario = 'scenarios/checkout-pool-exhaustion/scenario.yaml';

export function simulatedLines(root: string): string[] {
  const folder = `${root}tests/.output/perf`;
  mkdirSync(folder, { recursive: true });
  const db = `${folder}/templates.db`;
  rmSync(db, { force: true });
  const { status, stderr } = spawnSync(
    process.execPath,
    ['cli/bin.js', 'run', scenario, '--db', db, '--quiet'],
    { cwd: root, encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`${scenario} ended with ${status}: ${stderr}`);
  const store = new Database(db, { readonly: true });
  try {
    return store.prepare<[], string>('SELECT body FROM log ORDER BY k').pluck().all();
  } finally {
    store.close();
    rmSync(db, { force: true });
  }
}

/** All systems, one after the other. */
export async function loghubLines(folder: string): Promise<string[]> {
  const lines: string[] = [];
  for (const { structuredFile } of findSystems(folder)) {
    for await (const { content } of readTruth(structuredFile, 'EventId')) lines.push(content);
  }
  return lines;
}

/** The inner lines of Train-Ticket. */
export async function nezhaLines(folder: string): Promise<string[]> {
  const lines: string[] = [];
  for (const day of readdirSync(folder).filter((name) => /^2023-01-\d\d$/.test(name))) {
    for (const name of readdirSync(`${folder}/${day}/log`).sort()) {
      await addInnerLines(lines, `${folder}/${day}/log/${name}`);
    }
  }
  return lines;
}

async function addInnerLines(lines: string[], file: string): Promise<void> {
  let column = -1;
  for await (const { rows } of readCsv(file, new Intake())) {
    for (const row of rows) {
      if (column < 0) column = row.indexOf('Log');
      else lines.push(innerLine(row[column] ?? ''));
    }
  }
}

/** A docker json-file line holds the line of the program; two in the recording are cut. */
function innerLine(outer: string): string {
  try {
    const parsed: unknown = JSON.parse(outer);
    const isLine = typeof parsed === 'object' && parsed !== null && 'log' in parsed;
    return isLine ? String(parsed.log).trimEnd() : outer;
  } catch {
    return outer;
  }
}
