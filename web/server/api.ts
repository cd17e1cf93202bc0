/**
 * The routes under `/api/`. The list is data, so that a test can walk it: a route that is not in the
 * test's table, and so was not tried without token or from a foreign origin, fails the test.
 */
import type { HumanActionRequest } from '../../engine/query/types.ts';
import { limits } from '../../engine/limits.ts';
import { humanActions } from '../../engine/incident/model.ts';
import { benchRoutes } from './bench-api.ts';
import type { Target } from './gate.ts';
import type { BenchPlays } from './plays.ts';
import { Refused, refusals } from './refusal.ts';
import type { RunLibrary } from './run-library.ts';
import { compileCheck, compileQueryCheck } from './schema.ts';

export interface Call {
  /** Values of the `:parts` of the route's path. */
  readonly parts: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Parsed JSON of a POST; undefined for a GET. */
  readonly body: unknown;
  /** The client is gone. */
  readonly signal: AbortSignal;
}

export interface Route {
  readonly method: 'GET' | 'POST';
  /** A `:part` matches one segment. */
  readonly path: string;
  /** The answer as JSON text. */
  answer(call: Call): Promise<Uint8Array>;
}

export interface ApiOptions {
  readonly library: RunLibrary;
  /** Ids of the runs that this process hosts. */
  readonly hosted: () => readonly string[];
  readonly now: () => number;
  /** Makes runs of what a benchmark played; null where nobody does. */
  readonly plays: BenchPlays | null;
}

export function apiRoutes(options: ApiOptions): readonly Route[] {
  const { library } = options;
  return [
    {
      method: 'GET',
      path: '/api/runs',
      answer: ({ query, signal }) => {
        if (query.size > 0) throw new Refused(refusals.parameter('this address takes none'));
        return library.call({ type: 'list', hosted: options.hosted() }, signal);
      },
    },
    ...library.questions.map(({ name, parameters }) => questionRoute(options, name, parameters)),
    actionRoute(options),
    ...benchRoutes(options, queryReader),
  ];
}

/** The route of a request, with the values of its path. @throws Refused when there is none */
export function findRoute(
  routes: readonly Route[],
  method: string,
  target: Target,
): { readonly route: Route; readonly parts: Readonly<Record<string, string>> } {
  const asked = method === 'HEAD' ? 'GET' : method;
  let other = false;
  for (const route of routes) {
    const parts = matchPath(route.path, target.path);
    if (parts && route.method === asked) return { route, parts };
    other ||= parts !== null;
  }
  throw new Refused(other ? refusals.method : refusals.route);
}

function questionRoute(options: ApiOptions, name: string, schema: object): Route {
  const read = queryReader(schema);
  return {
    method: 'GET',
    path: `/api/runs/:run/${name}`,
    answer({ parts, query, signal }) {
      const run = parts['run'] ?? '';
      const parameters = read(query);
      const hosted = options.hosted();
      return options.library.call({ type: 'ask', run, question: name, parameters, hosted }, signal);
    },
  };
}

const actionSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['action', 't'],
  properties: {
    action: { type: 'string', enum: humanActions },
    note: { type: 'string', maxLength: limits.noteCharsMax },
    actor: { type: 'string', minLength: 1, maxLength: limits.actorCharsMax },
    t: { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
  },
};

function actionRoute({ library, now }: ApiOptions): Route {
  const check = compileCheck(actionSchema);
  const isAction = (body: unknown): body is HumanActionRequest => check(body) === null;
  return {
    method: 'POST',
    path: '/api/runs/:run/incidents/:incident',
    answer({ parts, body }) {
      const incident = Number(parts['incident']);
      if (!Number.isSafeInteger(incident)) throw new Refused(refusals.route);
      if (!isAction(body)) throw new Refused(refusals.body(check(body) ?? 'it is not valid'));
      const { action, t, note = '', actor = 'you' } = body;
      const step = { incident, action, t, note, actor, wallUnixMs: now() };
      // What a person did is done, whether or not they wait for the answer.
      return library.call({ type: 'act', run: parts['run'] ?? '', step });
    },
  };
}

function matchPath(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split('/');
  const found = path.split('/');
  if (wanted.length !== found.length) return null;
  const parts: Record<string, string> = {};
  for (const [i, want] of wanted.entries()) {
    const have = found[i] ?? '';
    if (want.startsWith(':') && have !== '') parts[want.slice(1)] = have;
    else if (want !== have) return null;
  }
  return parts;
}

/** Turns a query string into the question's parameters; a list is comma-separated or repeated. */
function queryReader(schema: object): (query: URLSearchParams) => Record<string, unknown> {
  const check = compileQueryCheck(schema);
  const lists = listNames(schema);
  return (query) => {
    const values: Record<string, unknown> = {};
    for (const name of new Set(query.keys())) {
      if (!lists.known.has(name)) {
        const known = [...lists.known].join(', ') || 'none';
        throw new Refused(
          refusals.parameter(`no parameter ${JSON.stringify(name)}; known: ${known}`),
        );
      }
      const all = query.getAll(name);
      if (lists.arrays.has(name)) values[name] = all.flatMap((text) => text.split(','));
      else if (all.length === 1) values[name] = all[0];
      else throw new Refused(refusals.parameter(`${name} is given ${all.length} times`));
    }
    const problem = check(values);
    if (problem !== null) throw new Refused(refusals.parameter(problem));
    return values;
  };
}

function listNames(schema: object): { known: Set<string>; arrays: Set<string> } {
  const properties: unknown = 'properties' in schema ? schema.properties : {};
  const entries = Object.entries(properties ?? {});
  const isArray = (s: unknown) =>
    typeof s === 'object' && s !== null && 'type' in s && s.type === 'array';
  return {
    known: new Set(entries.map(([name]) => name)),
    arrays: new Set(entries.filter(([, s]) => isArray(s)).map(([name]) => name)),
  };
}
