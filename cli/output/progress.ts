/**
 * The one moving line at the foot of a terminal: how far the run is and how fast it goes. Elsewhere
 * (a file, CI) it prints a plain line every ten per cent and never a carriage return.
 */
import type { LiveStatus } from '../../engine/replay/index.ts';
import { momentText } from '../../engine/wording.ts';
import type { Io } from '../io.ts';
import { count, times } from './format.ts';
import { painter, type Paint } from './style.ts';

const redrawMs = 100;

export class Progress {
  readonly #io: Io;
  readonly #paint: Paint;
  readonly #moving: boolean;
  readonly #quiet: boolean;
  #drawnAt = -Infinity;
  #drawn = false;
  #tenths = 0;

  constructor(io: Io, options: { readonly quiet: boolean }) {
    this.#io = io;
    this.#paint = painter(io, io.stderr);
    this.#moving = io.stderr.isTty && io.env['TERM'] !== 'dumb';
    this.#quiet = options.quiet;
  }

  /** `openIncidents` is null where nobody looks for any. */
  show(status: LiveStatus, openIncidents: number | null): void {
    if (this.#quiet) return;
    const share = status.durationUs > 0 ? Math.min(1, status.throughUs / status.durationUs) : 1;
    if (!this.#moving) return this.#tenth(share, status);
    const now = this.#io.monotonic();
    if (now - this.#drawnAt < redrawMs) return;
    this.#drawnAt = now;
    this.#io.stderr.write(`\r\u001b[2K${this.#line(share, status, openIncidents)}`);
    this.#drawn = true;
  }

  /** Never as wide as the terminal: a line that wraps cannot be taken away again. */
  #line(share: number, status: LiveStatus, openIncidents: number | null): string {
    const room = this.#io.stderr.columns - 1;
    const state = status.state === 'paused' ? 'paused' : speeds(status);
    const text = [
      `${momentText(status.throughUs)} of ${momentText(status.durationUs).slice(2)}`,
      state,
      ...(openIncidents === null ? [] : [`${count(openIncidents)} open`]),
    ].join(' · ');
    const width = Math.min(32, room - text.length - 1);
    if (width < 8) return text.slice(0, room);
    const filled = Math.round(share * width);
    const bar = `${this.#paint('accent', '━'.repeat(filled))}${this.#paint('dim', '─'.repeat(width - filled))}`;
    return `${bar} ${text}`;
  }

  /** Takes the line away, so that something else can be printed. */
  clear(): void {
    if (!this.#drawn) return;
    this.#io.stderr.write('\r\u001b[2K');
    this.#drawn = false;
    this.#drawnAt = -Infinity;
  }

  #tenth(share: number, status: LiveStatus): void {
    const tenths = Math.floor(share * 10);
    if (tenths <= this.#tenths) return;
    this.#tenths = tenths;
    this.#io.stderr.write(
      `${tenths * 10} % · ${momentText(status.throughUs)} · ${speeds(status)}\n`,
    );
  }
}

/** The speed that was asked for where there is one, and the one that it comes to. */
function speeds({ askedSpeed, realSpeed }: LiveStatus): string {
  return askedSpeed === 'max'
    ? times(realSpeed)
    : `${times(askedSpeed)} asked, ${times(realSpeed)} real`;
}
