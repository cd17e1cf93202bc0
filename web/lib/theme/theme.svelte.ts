/** The reader's choice of theme; `static/theme.js` applies it before the first paint. */
import { getContext, setContext } from 'svelte';
import { readPalette, type Palette } from './palette.ts';

export const themeChoices = ['system', 'dark', 'light'] as const;
export type ThemeChoice = (typeof themeChoices)[number];

export class Theme {
  choice = $state<ThemeChoice>(stored());
  #systemLight = $state(matchMedia('(prefers-color-scheme: light)').matches);
  readonly #shown: 'dark' | 'light' = $derived(
    this.choice === 'system' ? (this.#systemLight ? 'light' : 'dark') : this.choice,
  );
  #palette = $state.raw(readPalette(document.documentElement));

  /** The colours that are shown, for canvases: whatever reads them is drawn anew in another theme. */
  get palette(): Palette {
    return this.#palette;
  }

  /** Call while the root layout is made. */
  apply(): void {
    $effect(() => {
      document.documentElement.dataset['theme'] = this.#shown;
      // Read only now: who reads the tokens on its own may do so before the page has the new ones.
      this.#palette = readPalette(document.documentElement);
    });
    $effect(() => {
      const query = matchMedia('(prefers-color-scheme: light)');
      const changed = () => (this.#systemLight = query.matches);
      query.addEventListener('change', changed);
      return () => query.removeEventListener('change', changed);
    });
  }

  next(): void {
    const at = themeChoices.indexOf(this.choice);
    this.choice = themeChoices[(at + 1) % themeChoices.length] ?? 'system';
    try {
      localStorage.setItem('theme', this.choice);
    } catch {
      // Storage can be forbidden; the choice then lasts as long as the page.
    }
  }
}

function stored(): ThemeChoice {
  try {
    const value = localStorage.getItem('theme');
    return themeChoices.find((choice) => choice === value) ?? 'system';
  } catch {
    return 'system';
  }
}

const key = Symbol('theme');

export function provideTheme(): Theme {
  return setContext(key, new Theme());
}

export function useTheme(): Theme {
  return getContext<Theme>(key);
}
