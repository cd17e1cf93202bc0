/** Cuts what a plugin prints into lines of bounded length and number: a plugin in a loop prints for ever. */
import { limits } from '../limits.ts';

/** Lines that may still be told; the streams of one plugin share it. */
export interface LineBudget {
  left: number;
}

export function lineBudget(): LineBudget {
  return { left: limits.pluginLinesMax };
}

export class LineCutter {
  readonly #budget: LineBudget;
  readonly #tell: (line: string) => void;
  #rest = '';

  constructor(budget: LineBudget, tell: (line: string) => void) {
    this.#budget = budget;
    this.#tell = tell;
  }

  add(text: string): void {
    if (this.#budget.left < 0) return;
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#line(line);
    if (this.#rest.length > limits.pluginLineCharsMax) this.end();
  }

  /** Tells what is left without a line end. */
  end(): void {
    const rest = this.#rest;
    this.#rest = '';
    if (rest !== '') this.#line(rest);
  }

  #line(line: string): void {
    const left = this.#budget.left--;
    if (left > 0) this.#tell(line.slice(0, limits.pluginLineCharsMax));
    else if (left === 0) this.#tell('what it prints from here on is not shown');
  }
}
