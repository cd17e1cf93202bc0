/** Values for a detector's options: given as data by a scenario, or as text on a command line. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { WorkbenchError } from '../errors.ts';
import type { DetectorChoice } from '../scenario/model.ts';
import { didYouMean, optionsSchema, type AnyConfig, type DetectorMetadata } from './contract.ts';

/** A detector that a person asked for. */
export interface AskedDetector extends DetectorChoice {
  /** The values are text as it was typed; each becomes what its option takes. */
  readonly typed?: boolean;
}

/**
 * The given values checked against the detector's options, and defaults for the rest.
 * @throws WorkbenchError DETECTOR_OPTIONS
 */
export function configure(
  metadata: DetectorMetadata,
  asked: Pick<AskedDetector, 'config' | 'typed'>,
): AnyConfig {
  const { id, options } = metadata;
  const config = asked.typed ? fromText(metadata, asked.config) : { ...asked.config };
  const ajv = new Ajv2020({ allErrors: true, strict: true, useDefaults: true });
  const check = ajv.compile(optionsSchema(options));
  if (check(config)) return config;
  const names = Object.keys(options);
  const problems = (check.errors ?? []).map((error) => {
    const extra: unknown = Reflect.get(error.params, 'additionalProperty');
    if (typeof extra === 'string') return `no option "${extra}"${didYouMean(extra, names)}`;
    const allowed: unknown = Reflect.get(error.params, 'allowedValues');
    const list = Array.isArray(allowed) ? `: ${allowed.join(', ')}` : '';
    return `${error.instancePath.slice(1)} ${error.message}${list}`;
  });
  const known = Object.entries(options).map(([name, option]) => `${name}=${option.default}`);
  const details = { id, reason: problems.join('; '), problems, known: known.join(', ') };
  throw new WorkbenchError('DETECTOR_OPTIONS', details);
}

/** What is no number where one is wanted stays text, for the schema to refuse. */
function fromText(
  { options }: DetectorMetadata,
  typed: DetectorChoice['config'],
): Record<string, number | string | boolean> {
  const entries = Object.entries(typed).map(([name, value]) => {
    const text = String(value);
    switch (options[name]?.type) {
      case 'number':
      case 'integer':
        return [name, text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text)];
      case 'boolean':
        return [name, text === 'true' ? true : text === 'false' ? false : text];
      default:
        return [name, text];
    }
  });
  return Object.fromEntries(entries);
}
