/**
 * Keeps hooks from clocks, chance, timers and the outside world: what a detector says must depend on
 * its records alone, or a run could not be repeated. While a hook runs, each of these throws and
 * names what to use instead; at any other time they work as ever, because the thread's own machinery
 * needs them. A guard against slips, not against malice.
 */
import { createRequire, syncBuiltinESMExports } from 'node:module';

export interface Guard {
  /** From here on the outside world throws. */
  enter(): void;
  leave(): void;
}

const clock = 'use context.now, the scenario time in µs';
const chance = 'use context.random(), which is seeded';
const timer = 'use the tick hook, which comes once a second of scenario time';
const world = 'a detector sees its records only; give it what it needs as an option';

/** Functions of Node's modules; '*' is every function of the module. */
const modules: Readonly<
  Record<string, { readonly names: readonly string[]; readonly use: string }>
> = {
  fs: { names: ['*'], use: world },
  'fs/promises': { names: ['*'], use: world },
  net: { names: ['connect', 'createConnection', 'createServer', 'Socket', 'Server'], use: world },
  http: { names: ['request', 'get', 'createServer'], use: world },
  https: { names: ['request', 'get', 'createServer'], use: world },
  dns: { names: ['*'], use: world },
  dgram: { names: ['createSocket'], use: world },
  child_process: { names: ['*'], use: world },
  timers: { names: ['setTimeout', 'setInterval', 'setImmediate'], use: timer },
  crypto: {
    names: ['randomBytes', 'randomInt', 'randomUUID', 'randomFillSync', 'getRandomValues'],
    use: chance,
  },
};

const installed = Symbol.for('incident-workbench.guard');

/** Installs the guard in this thread, once; it sleeps until `enter`. */
export function installGuard(): Guard {
  const known: unknown = Reflect.get(globalThis, installed);
  if (isGuard(known)) return known;
  const wall = new Wall();
  guardClocks(wall);
  wall.wrap(Math, 'Math.random', 'random', chance);
  for (const name of ['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask']) {
    wall.wrap(globalThis, name, name, timer);
  }
  wall.wrap(globalThis, 'fetch', 'fetch', world);
  for (const name of ['randomUUID', 'getRandomValues']) {
    wall.wrap(globalThis.crypto, `crypto.${name}`, name, chance);
  }
  wall.hide('process', world);
  guardModules(wall);
  Object.defineProperty(globalThis, installed, { value: wall });
  return wall;
}

class Wall implements Guard {
  #active = false;

  enter(): void {
    this.#active = true;
  }

  leave(): void {
    this.#active = false;
  }

  check(what: string, use: string): void {
    if (!this.#active) return;
    throw new Error(`${what} is not for detectors: ${use}`);
  }

  /** Puts a watched twin in place of `owner[name]`; whoever keeps a reference keeps the twin. */
  wrap(owner: object, what: string, name: string, use: string): void {
    const original: unknown = Reflect.get(owner, name);
    if (typeof original !== 'function') return;
    const twin = new Proxy(original, {
      apply: (target, self, values) => {
        this.check(what, use);
        return Reflect.apply(target, self, values);
      },
      construct: (target, values, newTarget) => {
        this.check(what, use);
        return Reflect.construct(target, values, newTarget) as object;
      },
    });
    const before = Object.getOwnPropertyDescriptor(owner, name);
    Object.defineProperty(owner, name, {
      value: twin,
      writable: true,
      configurable: true,
      enumerable: before?.enumerable ?? true,
    });
  }

  /** Makes the mere mention of a global throw. */
  hide(name: string, use: string): void {
    let value: unknown = Reflect.get(globalThis, name);
    Object.defineProperty(globalThis, name, {
      configurable: true,
      enumerable: false,
      get: () => {
        this.check(name, use);
        return value;
      },
      set: (next: unknown) => {
        value = next;
      },
    });
  }
}

function guardClocks(wall: Wall): void {
  wall.wrap(Date, 'Date.now', 'now', clock);
  wall.wrap(performance, 'performance.now', 'now', clock);
  // `new Date(0)` is arithmetic and stays; only the forms that read the clock throw.
  const twin = new Proxy(Date, {
    apply: (target, self, values) => {
      wall.check('Date()', clock);
      return Reflect.apply(target, self, values);
    },
    construct: (target, values, newTarget) => {
      if (values.length === 0) wall.check('new Date()', clock);
      return Reflect.construct(target, values, newTarget) as object;
    },
  });
  // The prototype's `constructor` is another door to the clock.
  Object.defineProperty(Date.prototype, 'constructor', {
    value: twin,
    writable: true,
    configurable: true,
  });
  Object.defineProperty(globalThis, 'Date', { value: twin, writable: true, configurable: true });
}

function guardModules(wall: Wall): void {
  const require = createRequire(import.meta.url);
  for (const [name, { names, use }] of Object.entries(modules)) {
    const module: object = require(`node:${name}`);
    const guarded = names.includes('*') ? Object.keys(module) : names;
    for (const key of guarded) {
      const descriptor = Object.getOwnPropertyDescriptor(module, key);
      if (descriptor?.configurable) wall.wrap(module, `${name}.${key}`, key, use);
    }
  }
  syncBuiltinESMExports();
}

function isGuard(value: unknown): value is Guard {
  return typeof value === 'object' && value !== null && 'enter' in value;
}
