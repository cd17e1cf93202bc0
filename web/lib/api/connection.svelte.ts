/**
 * Whether the workbench answers. Questions and the live socket report here; while nothing answers
 * it asks again after 1, 2, 4 … 30 s with some jitter, and everybody asks anew once it does.
 */
import { getContext, setContext } from 'svelte';
import { ask, Problem, unreachable } from './ask.ts';

const pauseSecondsMax = 30;

export class Connection {
  state = $state<'up' | 'down' | 'locked'>('up');
  /** Seconds until the next attempt, while down. */
  retryIn = $state(0);
  /** Grows each time the connection comes back: a reason to ask again. */
  epoch = $state(0);

  #attempt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Takes note of what a failed question says about the connection. */
  noticed(problem: Problem): void {
    if (problem.status === 401) this.state = 'locked';
    else if (problem.code === unreachable) this.lost();
  }

  lost(): void {
    if (this.state !== 'up') return;
    this.state = 'down';
    this.#attempt = 0;
    this.#wait();
  }

  retryNow(): void {
    clearTimeout(this.#timer);
    void this.#try();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #wait(): void {
    const seconds = Math.min(pauseSecondsMax, 2 ** this.#attempt);
    this.#attempt += 1;
    this.#countDown(Math.ceil(seconds * (0.8 + 0.4 * Math.random())));
  }

  #countDown(seconds: number): void {
    this.retryIn = seconds;
    this.#timer = setTimeout(() => {
      if (seconds <= 1) void this.#try();
      else this.#countDown(seconds - 1);
    }, 1000);
  }

  async #try(): Promise<void> {
    this.retryIn = 0;
    try {
      await ask('runs');
    } catch (thrown) {
      if (thrown instanceof Problem && thrown.code === unreachable) return this.#wait();
      if (thrown instanceof Problem && thrown.status === 401) {
        this.state = 'locked';
        return;
      }
    }
    this.state = 'up';
    this.epoch += 1;
  }
}

const key = Symbol('connection');

export function provideConnection(): Connection {
  return setContext(key, new Connection());
}

export function useConnection(): Connection {
  return getContext<Connection>(key);
}
