/** The reader's choice of theme; `static/theme.js` applies it before the first paint. */
import { getContext, setContext } from 'svelte';

export const themeChoices = ['system', 'dark', 'light'] as const;
export type ThemeChoice = (typeof themeChoices)[number];

export class Theme {
  choice = $state<ThemeChoice>(stored());
  #systemLight = $state(matchMedia('(prefers-color-scheme: light)').matches);
  /** What is shown. Canvases read it to know when to draw anew. */
  readonly shown: 'dark' | 'light' = $derived(
    this.choice === 'system' ? (this.#systemLight ? 'light' : 'dark') : this.choice,
  );

  /** Call while the root layout is made. */
  apply(): void {
    $effect(() => {
      document.documentElement.dataset['theme'] = this.shown;
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
