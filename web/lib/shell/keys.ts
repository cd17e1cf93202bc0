/** The key map, as data: it drives the page and is what the `?` dialog shows. */

export type KeyCommand =
  | {
      readonly type:
        | 'toggle'
        | 'start'
        | 'end'
        | 'benchmarks'
        | 'theme'
        | 'help'
        | 'palette'
        | 'search'
        | 'copy-link'
        | 'close';
    }
  | { readonly type: 'loop-mark' | 'loop-toggle' }
  | { readonly type: 'step'; readonly seconds: number }
  /** A share of the run's length, −1 to 1. */
  | { readonly type: 'step-share'; readonly share: number }
  | { readonly type: 'percent'; readonly percent: number }
  | { readonly type: 'record' | 'marker' | 'incident' | 'speed'; readonly direction: 1 | -1 };

interface KeyEntry {
  /** `KeyboardEvent.key` values, with `Shift+` where a letter or bracket does not say so itself. */
  readonly keys: readonly string[];
  readonly label: string;
  readonly command: KeyCommand;
}

export const keyMap: readonly KeyEntry[] = [
  { keys: [' ', 'k'], label: 'Play or pause', command: { type: 'toggle' } },
  { keys: ['j'], label: 'Back 10 s', command: { type: 'step', seconds: -10 } },
  { keys: ['l'], label: 'Forward 10 s', command: { type: 'step', seconds: 10 } },
  { keys: ['ArrowLeft'], label: 'Back 5 s', command: { type: 'step', seconds: -5 } },
  { keys: ['ArrowRight'], label: 'Forward 5 s', command: { type: 'step', seconds: 5 } },
  { keys: ['Shift+ArrowLeft'], label: 'Back 10 %', command: { type: 'step-share', share: -0.1 } },
  {
    keys: ['Shift+ArrowRight'],
    label: 'Forward 10 %',
    command: { type: 'step-share', share: 0.1 },
  },
  { keys: [','], label: 'Previous log record', command: { type: 'record', direction: -1 } },
  { keys: ['.'], label: 'Next log record', command: { type: 'record', direction: 1 } },
  { keys: ['['], label: 'Previous marker', command: { type: 'marker', direction: -1 } },
  { keys: [']'], label: 'Next marker', command: { type: 'marker', direction: 1 } },
  {
    keys: ['{', 'Shift+['],
    label: 'Previous incident',
    command: { type: 'incident', direction: -1 },
  },
  { keys: ['}', 'Shift+]'], label: 'Next incident', command: { type: 'incident', direction: 1 } },
  { keys: ['<'], label: 'Slower', command: { type: 'speed', direction: -1 } },
  { keys: ['>'], label: 'Faster', command: { type: 'speed', direction: 1 } },
  { keys: ['Home'], label: 'Start of the run', command: { type: 'start' } },
  { keys: ['End'], label: 'End of the run, or live', command: { type: 'end' } },
  { keys: ['o'], label: 'Loop: from here, then to here', command: { type: 'loop-mark' } },
  { keys: ['\\'], label: 'Loop on or off', command: { type: 'loop-toggle' } },
  { keys: ['Mod+k'], label: 'Search or jump', command: { type: 'palette' } },
  { keys: ['/'], label: 'Search the logs', command: { type: 'search' } },
  { keys: ['y'], label: 'Copy a link to this moment', command: { type: 'copy-link' } },
  { keys: ['b'], label: 'Benchmarks', command: { type: 'benchmarks' } },
  { keys: ['t'], label: 'Theme', command: { type: 'theme' } },
  { keys: ['?'], label: 'This list', command: { type: 'help' } },
  { keys: ['Escape'], label: 'Close', command: { type: 'close' } },
];

export interface KeyPress {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

/** Keys do nothing in a field; and a button keeps its own Space and Enter. */
export type KeyPlace = 'page' | 'button' | 'field';

export function commandOf(press: KeyPress, place: KeyPlace): KeyCommand | null {
  // The palette opens from everywhere, fields included; nothing else takes the browser's own keys.
  if (isPalette(press)) return { type: 'palette' };
  if (press.ctrlKey || press.metaKey || press.altKey) return null;
  if (place === 'field' && press.key !== 'Escape') return null;
  if (place === 'button' && (press.key === ' ' || press.key === 'Enter')) return null;
  if (/^[0-9]$/.test(press.key)) return { type: 'percent', percent: Number(press.key) * 10 };
  const shifted = press.shiftKey ? `Shift+${press.key}` : null;
  const byName = (name: string) => keyMap.find((entry) => entry.keys.includes(name));
  const entry = (shifted === null ? undefined : byName(shifted)) ?? plain(press, byName);
  return entry?.command ?? null;
}

function isPalette(press: KeyPress): boolean {
  const modified = press.ctrlKey !== press.metaKey && !press.altKey && !press.shiftKey;
  return modified && press.key.toLowerCase() === 'k';
}

/** Where a key was pressed. */
export function placeOf(target: EventTarget | null): KeyPlace {
  if (!(target instanceof HTMLElement || target instanceof SVGElement)) return 'page';
  if (target.closest('input, textarea, select, [contenteditable]')) return 'field';
  return target.closest('button, a, summary, [role=button]') ? 'button' : 'page';
}

function plain(
  press: KeyPress,
  byName: (name: string) => KeyEntry | undefined,
): KeyEntry | undefined {
  // `Shift+ArrowUp` is not `ArrowUp`; but `?` and `<` need Shift on most keyboards.
  if (press.shiftKey && press.key.length > 1) return undefined;
  return byName(press.key.length === 1 ? press.key.toLowerCase() : press.key);
}

/** A key as it stands on a keyboard. */
export function keyName(key: string): string {
  const names: Record<string, string> = {
    ' ': 'Space',
    ArrowLeft: '←',
    ArrowRight: '→',
    'Shift+ArrowLeft': 'Shift ←',
    'Shift+ArrowRight': 'Shift →',
    'Shift+[': 'Shift [',
    'Shift+]': 'Shift ]',
    Escape: 'Esc',
    'Mod+k': 'Ctrl K',
  };
  return names[key] ?? (key.length === 1 ? key.toUpperCase() : key);
}
