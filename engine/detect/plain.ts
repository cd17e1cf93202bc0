/** Is a detector's state plain data, so that the engine can store, copy and restore it? */

/** Where `value` stops being plain (`.window` holds a Map, say), or null where it is plain. */
export function notPlain(value: unknown, path = 'state', depth = 0): string | null {
  if (depth > 32) return `${path} is nested deeper than 32 levels`;
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return null;
    case 'number':
      return Number.isFinite(value) ? null : `${path} is ${value}; use null`;
    case 'undefined':
      return `${path} is undefined; use null`;
    case 'object':
      return value === null ? null : objectNotPlain(value, path, depth);
    default:
      return `${path} is a ${typeof value}`;
  }
}

/** What is wrong with what `init` returned; null where it is a state. */
export function stateProblem(state: unknown): string | null {
  if (isThenable(state)) return 'init returned a promise; hooks are synchronous';
  if (typeof state !== 'object') return `init returned ${String(state)}; a state is an object`;
  return notPlain(state);
}

export function isThenable(value: unknown): boolean {
  return (
    typeof value === 'object' && value !== null && typeof Reflect.get(value, 'then') === 'function'
  );
}

function objectNotPlain(value: object, path: string, depth: number): string | null {
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      const problem = notPlain(value[i], `${path}[${i}]`, depth + 1);
      if (problem !== null) return problem;
    }
    return null;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  // A prototype without a prototype is some realm's Object.prototype.
  if (typeof prototype === 'object' && prototype !== null) {
    if (Object.getPrototypeOf(prototype) !== null) {
      return `${path} is a ${value.constructor?.name || 'class instance'}; use plain objects and arrays`;
    }
  }
  for (const [key, part] of Object.entries(value)) {
    const problem = notPlain(part, `${path}.${key}`, depth + 1);
    if (problem !== null) return problem;
  }
  return null;
}
