/** Options of a source. The scenario's schema has checked them; this gives them their types. */
import { WorkbenchError } from '../errors.ts';
import type { SourceModel } from '../scenario/model.ts';
import { parseUnit } from '../scenario/units.ts';
import type { UnitKind } from '../scenario/units.ts';

export function textOption(source: SourceModel, key: string): string | undefined {
  const value = source.options[key];
  return typeof value === 'string' ? value : undefined;
}

export function tableOption(source: SourceModel, key: string): Readonly<Record<string, unknown>> {
  return asTable(source.options[key]);
}

export function asTable(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {};
}

/** A duration or an instant in µs; undefined where the option is absent. */
export function unitOption(source: SourceModel, key: string, kind: UnitKind): number | undefined {
  return unitValue(source, source.options[key], kind);
}

export function unitValue(source: SourceModel, value: unknown, kind: UnitKind): number | undefined {
  if (value === undefined) return undefined;
  const parsed = parseUnit(kind, String(value));
  if ('value' in parsed) return parsed.value;
  throw new WorkbenchError('RECORDING_UNREADABLE', { file: source.path, reason: parsed.problem });
}
