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

/** Colours where the stream is a terminal that wants them: NO_COLOR, FORCE_COLOR and TERM=dumb count. */
export function painter(io: Io, stream: OutputStream): Paint {
  const wanted = io.env['FORCE_COLOR']
    ? io.env['FORCE_COLOR'] !== '0'
    : stream.isTty && !io.env['NO_COLOR'] && io.env['TERM'] !== 'dumb';
  if (!wanted) return (_, text) => text;
  // Node would look at its own stdout and decide once more.
  const always = { validateStream: false };
  return (tint, text) =>
    formats[tint].reduce((styled, format) => styleText(format, styled, always), text);
}
