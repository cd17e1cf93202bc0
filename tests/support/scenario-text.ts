import { scenarioReader } from '../../engine/scenario/index.ts';
import type { ParseResult } from '../../engine/scenario/index.ts';

/** The smallest scenario there is; cases add to it or change one line of it. */
export const minimal = `apiVersion: workbench/v1
kind: simulated
name: small
duration: 30m
services:
  - name: web
    service_time: { p50: 4ms, p99: 20ms }
traffic:
  - { entry: web, rate: 30/s }
`;

const reader = scenarioReader();

export function parse(text: string | Uint8Array): ParseResult {
  return reader.parse({ file: '/scenarios/case.yaml', text });
}

/** `line:column kind message [hint]` of each problem or warning, or `ok`. */
export function verdict(text: string | Uint8Array): string[] {
  const result = parse(text);
  const problems = result.scenario ? result.warnings : result.problems;
  const lines = problems.map(
    ({ line, column, severity, kind, message, hint }) =>
      `${line}:${column} ${severity === 'warning' ? 'warning ' : ''}${kind}: ${message}${hint === null ? '' : ` [${hint}]`}`,
  );
  if (!result.scenario && result.omitted > 0) lines.push(`and ${result.omitted} more`);
  return result.scenario ? ['ok', ...lines] : lines;
}
