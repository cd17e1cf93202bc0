/**
 * What a person's process says, read like any stranger's data: the code that writes it is ours, but it
 * shares a process with code that is not.
 */
import { limits } from '../limits.ts';
import { examineDetector, isRecord, type Description } from './contract.ts';
import type { PluginMessage } from './protocol.ts';
import type { CheckResult } from './testing/check-result.ts';

/** The message, or null where it is none. */
export function parseMessage(json: string): PluginMessage | null {
  let given: unknown;
  try {
    given = JSON.parse(json);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return null;
    throw error;
  }
  if (!isRecord(given)) return null;
  const { type, reason, output, last, names, id } = given;
  switch (type) {
    case 'description': {
      const description = parseDescription(given['description']);
      return description && { type, description };
    }
    case 'output':
      return typeof last === 'boolean' ? { type, output, last } : null;
    case 'refused':
      return { type, reason: textOf(reason) };
    case 'checks':
      return isTexts(names) ? { type, id: textOf(id), names } : null;
    case 'checked': {
      const result = parseResult(given['result']);
      return result && { type, result };
    }
    case 'tested':
      return { type };
    default:
      return null;
  }
}

function parseDescription(given: unknown): Description | null {
  if (!isRecord(given)) return null;
  const { kind, reason, problems } = given;
  switch (kind) {
    case 'unloadable':
      return { kind, reason: textOf(reason) };
    case 'invalid':
      return isTexts(problems) ? { kind, problems, line: lineOf(given['line']) } : null;
    case 'described':
      return parseMetadata(given['metadata']);
    default:
      return null;
  }
}

/** Metadata must pass the same examination as a detector: it is one without its functions. */
function parseMetadata(given: unknown): Description | null {
  if (!isRecord(given) || !isTexts(given['hooks'])) return null;
  const { hooks, ...rest } = given;
  const nothing = (): null => null;
  const on = Object.fromEntries(hooks.map((hook) => [hook, nothing]));
  const examined = examineDetector({ ...rest, init: nothing, on });
  if (!examined.ok) return { kind: 'invalid', problems: examined.problems, line: null };
  return { kind: 'described', metadata: examined.metadata };
}

function lineOf(given: unknown): number | null {
  return typeof given === 'number' && Number.isSafeInteger(given) ? given : null;
}

function parseResult(given: unknown): CheckResult | null {
  if (!isRecord(given) || typeof given['pass'] !== 'boolean') return null;
  const { name, pass, reason, hint } = given;
  return { name: textOf(name), pass, reason: textOf(reason), hint: textOf(hint) };
}

function isTexts(given: unknown): given is readonly string[] {
  return Array.isArray(given) && given.every((one) => typeof one === 'string');
}

/** Text of a length that is good to show; '' where there is none. */
export function textOf(given: unknown): string {
  return typeof given === 'string' ? given.slice(0, limits.pluginLineCharsMax) : '';
}
