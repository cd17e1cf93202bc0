/** How often calls are made when nothing goes wrong: the traffic, followed along the call graph. */
import type { CallModel, SimulatedScenario } from '../scenario/model.ts';

/** Requests per µs to each endpoint, and rounds per µs of each call, before any shape or surge. */
export interface Rates {
  readonly endpoints: Float64Array;
  readonly calls: Float64Array;
}

interface Graph {
  readonly endpointBase: Int32Array;
  readonly callBase: Int32Array;
  readonly calls: readonly CallModel[];
  readonly trafficEndpoint: Int32Array;
}

/** Calls end somewhere (the scenario was checked), so each endpoint is settled after as many rounds as it is deep. */
export function usualRates({ traffic }: SimulatedScenario, graph: Graph): Rates {
  const { endpointBase, callBase, calls, trafficEndpoint } = graph;
  const own = new Float64Array(callBase.length - 1);
  trafficEndpoint.forEach((e, k) => (own[e] = (own[e] as number) + (traffic[k]?.rate ?? 0) / 1e6));
  const perCall = new Float64Array(calls.length);
  let endpoints = own;
  for (let changed = true; changed;) {
    const next = own.slice();
    for (let e = 0; e < own.length; e++) {
      for (let c = callBase[e] as number; c < (callBase[e + 1] as number); c++) {
        const { service, endpoint, probability, times } = calls[c] as CallModel;
        perCall[c] = (endpoints[e] as number) * probability * times;
        const callee = (endpointBase[service] as number) + endpoint;
        next[callee] = (next[callee] as number) + (perCall[c] as number);
      }
    }
    changed = next.some((rate, e) => rate !== endpoints[e]);
    endpoints = next;
  }
  return { endpoints, calls: perCall };
}
