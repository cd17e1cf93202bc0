/** What the frame around every page shows: the key map, the palette, and short notices. */
import { getContext, setContext } from 'svelte';
import type { Offer } from './palette.ts';

const noticeMs = 4000;

/** What a part of the page can do at the moment, for what is typed. */
type Offering = (query: string) => readonly Offer[];

export class Shell {
  helpOpen = $state(false);
  paletteOpen = $state(false);
  readonly dialogOpen: boolean = $derived(this.helpOpen || this.paletteOpen);
  notice = $state('');
  #offering = $state.raw<readonly Offering[]>([]);
  #timer: ReturnType<typeof setTimeout> | undefined;

  say(text: string): void {
    this.notice = text;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => (this.notice = ''), noticeMs);
  }

  /** Adds to what the palette finds. @returns takes it away again */
  offer(offering: Offering): () => void {
    this.#offering = [...this.#offering, offering];
    return () => {
      this.#offering = this.#offering.filter((one) => one !== offering);
    };
  }

  offers(query: string): readonly Offer[] {
    return this.#offering.flatMap((offering) => offering(query));
  }
}

const key = Symbol('shell');

export function provideShell(): Shell {
  return setContext(key, new Shell());
}

export function useShell(): Shell {
  return getContext<Shell>(key);
}
