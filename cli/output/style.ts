/** Colour and symbols for a terminal; plain text anywhere else. */
import { styleText } from 'node:util';
import type { Io, OutputStream } from '../io.ts';

export type Tint =
  'critical' | 'high' | 'medium' | 'low' | 'ok' | 'unknown' | 'accent' | 'dim' | 'bold';

export type Paint = (tint: Tint, text: string) => string;

const formats = {
  critical: ['red', 'bold'],
  high: ['yellow', 'bold'],
  medium: ['yellow'],
  low: ['blue'],
  ok: ['green'],
  unknown: ['gray'],
  accent: ['magenta', 'bold'],
  dim: ['gray'],
  bold: ['bold'],
} as const satisfies Record<Tint, readonly Parameters<typeof styleText>[0][]>;

/** Whether the stream is a terminal that wants colours: NO_COLOR, FORCE_COLOR and TERM=dumb count. */
export function wantsColour({ env }: Pick<Io, 'env'>, stream: OutputStream): boolean {
  if (env['FORCE_COLOR']) return env['FORCE_COLOR'] !== '0';
  return stream.isTty && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
}

export function painter(io: Pick<Io, 'env'>, stream: OutputStream): Paint {
  if (!wantsColour(io, stream)) return (_, text) => text;
  // Node would look at its own stdout and decide once more.
  const always = { validateStream: false };
  return (tint, text) =>
    formats[tint].reduce((styled, format) => styleText(format, styled, always), text);
}
