/** Cuts what a plugin prints into lines of bounded length and number: a plugin in a loop prints for ever. */
import { limits } from '../limits.ts';

export class LineCutter {
  readonly #tell: (line: string) => void;
  #rest = '';
  #lines = 0;

  constructor(tell: (line: string) => void) {
    this.#tell = tell;
  }

  add(text: string): void {
    if (this.#lines > limits.pluginLinesMax) return;
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    if (this.#rest.length > limits.pluginLineCharsMax) {
      lines.push(this.#rest);
      this.#rest = '';
    }
    for (const line of lines) this.#line(line);
  }

  #line(line: string): void {
    this.#lines++;
    if (this.#lines <= limits.pluginLinesMax) this.#tell(line.slice(0, limits.pluginLineCharsMax));
    else if (this.#lines === limits.pluginLinesMax + 1)
      this.#tell('what it prints from here on is not shown');
  }
}
