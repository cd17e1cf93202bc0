/** What the frame around every page shows: the key map, and short notices. */
import { getContext, setContext } from 'svelte';

const noticeMs = 4000;

export class Shell {
  helpOpen = $state(false);
  notice = $state('');
  #timer: ReturnType<typeof setTimeout> | undefined;

  say(text: string): void {
    this.notice = text;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => (this.notice = ''), noticeMs);
  }
}

const key = Symbol('shell');

export function provideShell(): Shell {
  return setContext(key, new Shell());
}

export function useShell(): Shell {
  return getContext<Shell>(key);
}
