/** The tokens as colours for canvases, which can't read CSS variables by themselves. */
export interface Palette {
  readonly critical: string;
  readonly high: string;
  readonly medium: string;
  readonly low: string;
  readonly ok: string;
  readonly unknown: string;
  readonly ink: string;
  readonly ink2: string;
  readonly ink3: string;
  readonly line: string;
  readonly lineStrong: string;
  readonly panel: string;
  readonly raised: string;
  readonly accent: string;
  readonly criticalSoft: string;
  readonly highSoft: string;
  readonly usual: string;
  readonly mono: string;
}

/** Reads the tokens as they are now. The page's one reader is `Theme`, which knows when they change. */
export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element);
  const token = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    critical: token('critical'),
    high: token('high'),
    medium: token('medium'),
    low: token('low'),
    ok: token('ok'),
    unknown: token('unknown'),
    ink: token('ink'),
    ink2: token('ink-2'),
    ink3: token('ink-3'),
    line: token('line'),
    lineStrong: token('line-strong'),
    panel: token('panel'),
    raised: token('raised'),
    accent: token('accent'),
    criticalSoft: token('critical-soft'),
    highSoft: token('high-soft'),
    usual: token('low-soft'),
    mono: token('mono'),
  };
}
