/**
 * Ids of traces and spans: hashes of what a request is, not of when it came up. So a trace keeps its
 * id when something else in the world changes, and what is kept of a trace follows from its id.
 */
import { makeStreams } from '../../replay/random.ts';
import type { Plan } from '../plan.ts';
import { Keep, Origin } from '../requests.ts';
import type { World } from '../world.ts';

export interface TraceIds {
  /** Sets `keep` and the span ids of a request that was just admitted. */
  readonly begin: (world: World, r: number) => void;
  /** The same for a request that handles a message: its span hangs below the one that published it. */
  readonly beginMessage: (world: World, r: number, message: number) => void;
  /** 32 hex digits; '' for what no user asked for. */
  readonly traceId: (traffic: number, number: number) => string;
  /** 16 hex digits: the request's own span, the one above it, and the one of its current attempt. */
  readonly spanId: (world: World, r: number) => string;
  readonly parentId: (world: World, r: number) => string;
  readonly attemptId: (world: World, r: number) => string;
  /** 32 bits that depend on the user request alone, for details of its lines. */
  readonly flavour: (traffic: number, number: number) => number;
}

export function makeTraceIds(plan: Plan, seed: number): TraceIds {
  const { telemetry } = plan.scenario;
  const nameOf = (stream: number): string => `trace ${plan.streamNames[stream]}`;
  const entries = makeStreams(
    seed,
    Array.from(plan.trafficEndpoint, (_, k) => nameOf(plan.streams.arrivals + k)),
  );
  const edges = makeStreams(
    seed,
    plan.calls.map((_, c) => nameOf(plan.streams.backoff + c)),
  );
  const word = (traffic: number, number: number, w: number): number =>
    mix((entries[traffic * 4 + w] as number) ^ number);
  const attemptWord = (world: World, r: number, w: 0 | 1): number => {
    const { requests } = world;
    const own = (w === 0 ? requests.spanHigh[r] : requests.spanLow[r]) as number;
    const edge = edges[(requests.call[r] as number) * 4 + w] as number;
    return mix(own ^ mix(edge + Math.imul(placeOf(requests, r), golden)));
  };
  return {
    begin(world, r) {
      const { requests } = world;
      const parent = requests.parent[r] as number;
      if (parent >= 0) {
        const keep = requests.keep[parent] as number;
        requests.keep[r] = keep;
        if ((keep & Keep.spans) === 0) return;
        const high = attemptWord(world, parent, 0);
        const low = attemptWord(world, parent, 1);
        requests.spanHigh[r] = mix(high ^ golden);
        requests.spanLow[r] = mix(low ^ golden);
        // Nobody makes a span of asking a cache: what the cache does hangs below who asked.
        const asked = requests.lookup[parent] === 1;
        requests.parentHigh[r] = asked ? (requests.spanHigh[parent] as number) : high;
        requests.parentLow[r] = asked ? (requests.spanLow[parent] as number) : low;
        return;
      }
      const traffic = requests.traffic[r] as number;
      const number = requests.number[r] as number;
      requests.keep[r] = 0;
      if (traffic < 0 || requests.origin[r] !== Origin.user) return;
      const place = (word(traffic, number, 3) >>> 0) / 2 ** 32;
      requests.keep[r] =
        (place < telemetry.traceSample ? Keep.spans : 0) |
        (place < telemetry.logSample ? Keep.logs : 0);
      requests.parentHigh[r] = 0;
      requests.parentLow[r] = 0;
      requests.spanHigh[r] = mix(word(traffic, number, 1) ^ golden);
      requests.spanLow[r] = mix(word(traffic, number, 2) ^ golden);
    },
    beginMessage({ requests, messages, cursors }, r, m) {
      const cursor = requests.cursor[r] as number;
      const attempt = cursors.attempts[cursor] as number;
      const salt = mix(Math.imul(cursor + 1, golden) + attempt);
      requests.keep[r] = messages.keep[m] as number;
      requests.parentHigh[r] = messages.spanHigh[m] as number;
      requests.parentLow[r] = messages.spanLow[m] as number;
      requests.spanHigh[r] = mix((requests.parentHigh[r] as number) ^ salt);
      requests.spanLow[r] = mix((requests.parentLow[r] as number) ^ salt);
    },
    traceId(traffic, number) {
      if (traffic < 0) return '';
      // The second half alone tells requests of one entry apart: mixing loses nothing.
      const key = traffic * 4;
      return (
        hex(entries[key] as number) +
        hex(entries[key + 3] as number) +
        hex(word(traffic, number, 1)) +
        hex(word(traffic, number, 2))
      );
    },
    spanId: ({ requests }, r) =>
      hex(requests.spanHigh[r] as number) + hex(requests.spanLow[r] as number),
    parentId({ requests }, r) {
      const high = requests.parentHigh[r] as number;
      const low = requests.parentLow[r] as number;
      return high === 0 && low === 0 ? '' : hex(high) + hex(low);
    },
    attemptId: (world, r) => hex(attemptWord(world, r, 0)) + hex(attemptWord(world, r, 1)),
    flavour: (traffic, number) => (traffic < 0 ? number : word(traffic, number, 0)) >>> 0,
  };
}

/** Which of the attempts of a request at a call it is, over all its rounds; the cache is asked before. */
function placeOf({ attempt, round, lookup }: World['requests'], r: number): number {
  return (lookup[r] === 1 ? 255 : (attempt[r] as number)) + 256 * (round[r] as number);
}

const golden = 0x9e3779b9;

/** The finaliser of MurmurHash3: one to one, every bit depends on every bit. */
function mix(x: number): number {
  let h = x;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0');
}
