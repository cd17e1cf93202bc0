/** The only place of the engine that makes time. Tests give the pacer a clock of their own. */
export interface Clock {
  /** Monotonic milliseconds; the zero means nothing. */
  now(): number;
  /** Resolves after `ms`, or at once when woken. */
  sleep(ms: number): Sleep;
}

export interface Sleep {
  readonly done: Promise<void>;
  wake(): void;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  sleep(ms) {
    let wake = (): void => undefined;
    const done = new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    return { done, wake };
  },
};
