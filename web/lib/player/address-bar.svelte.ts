/** Keeps the address bar and the player together. */
import { replaceState } from '$app/navigation';
import { parseAddress } from './address.ts';
import type { Player } from './player.svelte.ts';

/** Browsers refuse more than about three changes a second, some silently. */
const everyMs = 1000;
const settleMs = 250;

/** Call once, while the layout of a run is made. */
export function followAddress(player: Player): void {
  let lastAt = 0;
  $effect(() => {
    const { search } = player;
    const wait = Math.max(settleMs, lastAt + everyMs - performance.now());
    const timer = setTimeout(() => {
      lastAt = performance.now();
      if (location.search !== search) replaceState(`${location.pathname}${search}`, {});
    }, wait);
    return () => clearTimeout(timer);
  });
  $effect(() => {
    const restore = () => player.restore(parseAddress(location.search).address);
    window.addEventListener('popstate', restore);
    return () => window.removeEventListener('popstate', restore);
  });
}
