/** Scenario files in a folder of their own, for what reads more than one of them. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { scenarioReader } from '../../engine/scenario/index.ts';
import type { ParseResult } from '../../engine/scenario/index.ts';

const reader = scenarioReader();

export interface ScenarioFolder {
  readonly path: string;
  write(file: string, text: string | Uint8Array): void;
  read(file: string): ParseResult;
  /** `file:line:column kind: message [hint]` of each problem, or `ok`; no file for the scenario's own. */
  verdict(file: string): string[];
  remove(): void;
}

export function scenarioFolder(): ScenarioFolder {
  const path = mkdtempSync(join(tmpdir(), 'workbench-scenario-'));
  const read = (file: string) => reader.read(join(path, file));
  return {
    path,
    read,
    write(file, text) {
      mkdirSync(dirname(join(path, file)), { recursive: true });
      writeFileSync(join(path, file), text);
    },
    verdict(file) {
      const result = read(file);
      const problems = result.scenario ? result.warnings : result.problems;
      const lines = problems.map(
        ({ file: where, line, column, severity, kind, message, hint }) =>
          `${where === null ? '' : `${where}:`}${line}:${column} ${severity === 'warning' ? 'warning ' : ''}${kind}: ${message}${hint === null ? '' : ` [${hint}]`}`,
      );
      return result.scenario ? ['ok', ...lines] : lines;
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}
