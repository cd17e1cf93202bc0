/** The routes under `/api/bench`. */
import { limits } from '../../engine/limits.ts';
import type { ApiOptions, Route } from './api.ts';
import type { PlayRecipe } from './bench-answers.ts';
import { Refused, refusals } from './refusal.ts';
import { compileCheck } from './schema.ts';

/** Reads a query string by a schema. @throws Refused */
type QueryReader = (schema: object) => (query: URLSearchParams) => Record<string, unknown>;

const name = { type: 'string', minLength: 1, maxLength: limits.benchmarkNameBytesMax };
const seed = { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER };

const cellSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['item', 'entry'],
  properties: { item: name, entry: name },
};
const differenceSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['with'],
  properties: { with: name, anyway: { type: 'boolean', default: false } },
};
const playSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['item', 'entry', 'seed'],
  properties: { item: name, entry: name, seed },
};

interface PlayAsked {
  readonly item: string;
  readonly entry: string;
  readonly seed: number;
}

export function benchRoutes(options: ApiOptions, reader: QueryReader): readonly Route[] {
  const { library } = options;
  const [readNone, readCell, readDifference] = [
    reader({ type: 'object', properties: {} }),
    reader(cellSchema),
    reader(differenceSchema),
  ];
  const boardOf = (parts: Readonly<Record<string, string>>) => parts['board'] ?? '';
  return [
    {
      method: 'GET',
      path: '/api/bench',
      answer({ query, signal }) {
        readNone(query);
        return library.call({ type: 'boards' }, signal);
      },
    },
    {
      method: 'GET',
      path: '/api/bench/:board',
      answer({ parts, query, signal }) {
        readNone(query);
        return library.call({ type: 'board', board: boardOf(parts) }, signal);
      },
    },
    {
      method: 'GET',
      path: '/api/bench/:board/cell',
      answer({ parts, query, signal }) {
        const { item, entry } = readCell(query);
        const asked = { board: boardOf(parts), item: String(item), entry: String(entry) };
        return library.call({ type: 'board-cell', asked }, signal);
      },
    },
    {
      method: 'GET',
      path: '/api/bench/:board/difference',
      answer({ parts, query, signal }) {
        const { with: other, anyway } = readDifference(query);
        const asked = { board: boardOf(parts), with: String(other), anyway: anyway === true };
        return library.call({ type: 'board-difference', asked }, signal);
      },
    },
    playRoute(options),
  ];
}

/**
 * Starts a run, of what a results file names and our own checks allow: never of a path, a command or a
 * detector that comes with the request.
 */
function playRoute({ library, plays }: ApiOptions): Route {
  const check = compileCheck(playSchema);
  const isAsked = (body: unknown): body is PlayAsked => check(body) === null;
  return {
    method: 'POST',
    path: '/api/bench/:board/plays',
    async answer({ parts, body }) {
      if (!isAsked(body)) throw new Refused(refusals.body(check(body) ?? 'it is not valid'));
      if (plays === null) throw new Refused(refusals.noPlays);
      if (plays.isBusy()) throw new Refused(refusals.playing);
      const asked = { board: parts['board'] ?? '', ...body };
      const json = await library.call({ type: 'board-recipe', asked });
      // Our own process made it, from a checked file.
      const recipe = JSON.parse(Buffer.from(json).toString('utf8')) as PlayRecipe;
      if (plays.isBusy()) throw new Refused(refusals.playing);
      return Buffer.from(JSON.stringify(await plays.start(recipe)));
    },
  };
}
