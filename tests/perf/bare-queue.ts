/**
 * M/M/c as small as it gets: a binary heap in typed arrays, a ring of arrival times, nothing else. No
 * scenario, no instances, no statistics but the wait: what the simulator's generality is measured by.
 */
import { exponential, makeStreams } from '../../engine/replay/random.ts';

export function bareQueue(options: {
  readonly servers: number;
  /** Per µs. */
  readonly rate: number;
  readonly meanUs: number;
  readonly jobs: number;
  readonly seed: number;
}): { readonly done: number; readonly meanWaitUs: number } {
  const { servers, rate, meanUs, jobs, seed } = options;
  const streams = makeStreams(seed, ['arrivals', 'work']);
  const time = new Float64Array(servers + 2);
  const kind = new Uint8Array(servers + 2);
  const ring = new Float64Array(1 << 16);
  let size = 0;
  let head = 0;
  let tail = 0;
  let busy = 0;
  let done = 0;
  let started = 0;
  let waited = 0;

  const push = (at: number, what: number): void => {
    let i = size++;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if ((time[parent] as number) <= at) break;
      time[i] = time[parent] as number;
      kind[i] = kind[parent] as number;
      i = parent;
    }
    time[i] = at;
    kind[i] = what;
  };
  const pop = (): void => {
    const last = --size;
    const at = time[last] as number;
    const what = kind[last] as number;
    let i = 0;
    for (let child = 1; child < last; child = 2 * i + 1) {
      if (child + 1 < last && (time[child + 1] as number) < (time[child] as number)) child++;
      if (at <= (time[child] as number)) break;
      time[i] = time[child] as number;
      kind[i] = kind[child] as number;
      i = child;
    }
    time[i] = at;
    kind[i] = what;
  };

  push(exponential(streams, 0) / rate, 0);
  while (done < jobs) {
    const now = time[0] as number;
    const what = kind[0];
    pop();
    if (what === 0) {
      push(now + exponential(streams, 0) / rate, 0);
      if (busy < servers) {
        busy++;
        started++;
        push(now + meanUs * exponential(streams, 1), 1);
      } else {
        ring[tail++ & 0xffff] = now;
      }
      continue;
    }
    done++;
    if (head === tail) {
      busy--;
      continue;
    }
    waited += now - (ring[head++ & 0xffff] as number);
    started++;
    push(now + meanUs * exponential(streams, 1), 1);
  }
  return { done, meanWaitUs: waited / started };
}
