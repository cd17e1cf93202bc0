/**
 * The address bar is the state: what a person sees can be shared by copying it. Anything in it that
 * makes no sense is left out and named, so that an old or mistyped link still opens.
 */
import type { Micros } from '../../../engine/sdk/index.ts';
import type { Level } from '../../../engine/store/schema.ts';
import { formatPlayhead, parsePlayhead } from '../format/time.ts';
import { isSpeed, type Speed } from './speed.ts';

export interface Address {
  /** Null: the end of the run, or its live edge. */
  readonly t: Micros | null;
  readonly services: readonly string[];
  /** Empty: every level. */
  readonly levels: readonly Level[];
  readonly text: string;
  /** Ids of log templates; empty: every line. */
  readonly templates: readonly number[];
  readonly incident: number | null;
  readonly speed: Speed | null;
}

export const emptyAddress: Address = {
  t: null,
  services: [],
  levels: [],
  text: '',
  templates: [],
  incident: null,
  speed: null,
};

export const levelOrder: readonly Level[] = ['error', 'warn', 'info', 'debug'];

/** Reads `?t=12:30.250&svc=a,b&lvl=error&q=…&tpl=12,15&inc=2&speed=10`. */
export function parseAddress(search: string): {
  readonly address: Address;
  /** Names of the parameters that made no sense. */
  readonly ignored: readonly string[];
} {
  const query = new URLSearchParams(search);
  const ignored: string[] = [];
  const read = <T>(name: string, parse: (text: string) => T | null, otherwise: T): T => {
    const text = query.get(name);
    if (text === null || text === '') return otherwise;
    const value = parse(text);
    if (value === null) ignored.push(name);
    return value ?? otherwise;
  };
  const address: Address = {
    t: read<Micros | null>('t', parsePlayhead, null),
    services: read('svc', list, []),
    levels: read('lvl', parseLevels, []),
    text: query.get('q') ?? '',
    templates: read('tpl', parseTemplates, []),
    incident: read<number | null>('inc', positiveInteger, null),
    speed: read<Speed | null>('speed', parseSpeed, null),
  };
  return { address, ignored };
}

/** The shortest query that `parseAddress` reads back; `''` where everything is as it starts. */
export function formatAddress(address: Address): string {
  const parts: string[] = [];
  if (address.t !== null) parts.push(`t=${formatPlayhead(address.t)}`);
  if (address.services.length > 0) parts.push(`svc=${address.services.map(escape).join(',')}`);
  if (address.levels.length > 0) parts.push(`lvl=${address.levels.join(',')}`);
  if (address.text !== '') parts.push(`q=${escape(address.text)}`);
  if (address.templates.length > 0) parts.push(`tpl=${address.templates.join(',')}`);
  if (address.incident !== null) parts.push(`inc=${address.incident}`);
  if (address.speed !== null) parts.push(`speed=${address.speed}`);
  return parts.length > 0 ? `?${parts.join('&')}` : '';
}

function escape(text: string): string {
  return encodeURIComponent(text);
}

function list(text: string): readonly string[] {
  return [...new Set(text.split(',').filter((part) => part !== ''))];
}

function parseLevels(text: string): readonly Level[] | null {
  const wanted = list(text);
  const known = levelOrder.filter((level) => wanted.includes(level));
  return known.length > 0 ? known : null;
}

/** As many as one question takes. */
const templatesMax = 20;

function parseTemplates(text: string): readonly number[] | null {
  const ids = list(text).map(positiveInteger);
  return ids.length <= templatesMax && ids.every((id) => id !== null) ? ids : null;
}

function positiveInteger(text: string): number | null {
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : null;
}

function parseSpeed(text: string): Speed | null {
  const speed = text === 'max' ? text : Number(text);
  return isSpeed(speed) ? speed : null;
}
