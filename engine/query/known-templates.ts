/** Templates of logs as they were known at a playhead: what was learned later is not read. */
import { limits } from '../limits.ts';
import type { Micros } from '../sdk/index.ts';
import type { RunReader } from './reader.ts';

export interface KnownTemplate {
  readonly id: number;
  readonly text: string;
  /** Time of its first line, or of the first one of what became part of it. */
  readonly firstAt: Micros;
  /** Its own id, and those that became part of it: rows keep the id of their moment. */
  readonly members: readonly number[];
}

export class KnownTemplates {
  readonly #speaker = new Map<number, number>();
  readonly #known = new Map<number, KnownTemplate>();

  constructor(run: RunReader, t: Micros) {
    const texts = new Map<number, string>();
    const firsts = new Map<number, Micros>();
    const merged = new Map<number, number>();
    const steps = run.tuples<[id: number, at: Micros, text: string | null, into: number | null]>(
      `SELECT template_id, t, text, merged_into FROM template WHERE k < ? ORDER BY k
       LIMIT ${limits.templateStepsReadMax}`,
      run.keyAfter('template', t),
    );
    for (const [id, at, text, into] of steps) {
      if (!firsts.has(id)) firsts.set(id, at);
      if (into !== null) merged.set(id, into);
      else if (text !== null) texts.set(id, text);
    }
    const members = new Map<number, number[]>();
    for (const id of firsts.keys()) {
      const speaker = speakerOf(id, merged);
      this.#speaker.set(id, speaker);
      const list = members.get(speaker);
      if (list) list.push(id);
      else members.set(speaker, [id]);
    }
    for (const [id, ids] of members) {
      const firstAt = Math.min(...ids.map((one) => firsts.get(one) ?? t));
      this.#known.set(id, { id, text: texts.get(id) ?? '', firstAt, members: ids });
    }
  }

  /** What speaks for this id at the playhead; undefined where it is not known by then. */
  of(id: number): KnownTemplate | undefined {
    return this.#known.get(this.#speaker.get(id) ?? id);
  }
}

/** A file of a stranger may merge in a circle: who was there before speaks for it. */
function speakerOf(id: number, merged: ReadonlyMap<number, number>): number {
  const passed = new Set([id]);
  let at = id;
  for (let next = merged.get(at); next !== undefined && !passed.has(next); next = merged.get(at)) {
    passed.add(next);
    at = next;
  }
  return at;
}
