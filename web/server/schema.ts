/** Everything that comes in is checked against a schema of ours, once, here. */
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';

/** Checks a value and fills in defaults; returns what is wrong with it, or null. */
export type Check = (value: unknown) => string | null;

/** For bodies and messages, which are JSON and have types. */
export function compileCheck(schema: object): Check {
  return toCheck(new Ajv({ strict: true, allowUnionTypes: true, useDefaults: true }), schema);
}

/** For query strings, where a number is still text. */
export function compileQueryCheck(schema: object): Check {
  const options = { strict: true, allowUnionTypes: true, useDefaults: true, coerceTypes: true };
  const check = toCheck(new Ajv(options), schema);
  return (value) => check(value) ?? infinityIn(value);
}

function toCheck(ajv: Ajv, schema: object): Check {
  const validate: ValidateFunction = ajv.compile(schema);
  return (value) => (validate(value) ? null : describe(validate.errors?.[0]));
}

function describe(error: ErrorObject | undefined): string {
  if (!error) return 'it does not match its schema';
  const where = error.instancePath.slice(1).replaceAll('/', '.');
  return `${where === '' ? '' : `${where} `}${error.message ?? 'is not valid'}`;
}

/** '1e999' coerces to Infinity, which passes for a number and for an integer. */
function infinityIn(value: unknown): string | null {
  if (typeof value !== 'object' || value === null) return null;
  const found = Object.entries(value).find(([, x]) => x === Infinity || x === -Infinity);
  return found ? `${found[0]} must be finite` : null;
}
