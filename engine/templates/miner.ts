/**
 * The template miner: lines in, template ids out, one at a time and in one pass. An id never changes its
 * meaning: its template may widen, and may become part of another, which then speaks for it. What is
 * learned depends on the lines and their order alone.
 */
import { limits } from '../limits.ts';
import { covers, placeAmong, widen, type Bucket } from './kin.ts';
import { scan } from './scan.ts';
import { hasShape, partsOf, shapeHash, type Shape } from './shape.ts';
import {
  isKey,
  isMark,
  isVariable,
  parametersIn,
  textOf,
  variable,
  type Template,
} from './template.ts';
import { makeTokens, type Tokens } from './tokens.ts';
import { defaultTuning, type Tuning } from './tuning.ts';

/** All that a miner knows, as plain data: it survives `JSON.stringify` and `structuredClone`. */
export interface MinerState {
  readonly templates: readonly Readonly<Template>[];
  readonly shapes: readonly Readonly<Shape>[];
}

/** What a miner may keep. */
export interface MinerBounds {
  readonly templatesMax: number;
  readonly templateCharsMax: number;
  readonly shapesMax: number;
  readonly shapeCharsMax: number;
}

export interface MinerOptions {
  readonly bounds?: Partial<MinerBounds>;
  readonly tuning?: Partial<Tuning>;
  readonly state?: MinerState;
  /** Told the id of a template that is new, has widened, or became part of another. */
  readonly changed?: (id: number) => void;
}

export interface Miner {
  readonly bounds: MinerBounds;
  readonly tuning: Tuning;
  readonly templates: Template[];
  /** UTF-16 units of the parts of all templates. */
  templateChars: number;
  /** By hash; those of one hash in a list. */
  readonly shapes: Map<number, Shape[]>;
  shapeCount: number;
  shapeChars: number;
  readonly buckets: Map<string, Bucket>;
  readonly tokens: Tokens;
  readonly changed: (id: number) => void;
}

/** A template as people see it. */
export interface TemplateView {
  readonly id: number;
  /** With `<*>` where it varies. */
  readonly text: string;
  /** The one that speaks for it, where it is not itself. */
  readonly mergedInto: number | null;
}

/** The id of what no longer fits: once the miner is full, lines unlike any other share it. */
export const overflowTemplate = 0;

export function createMiner(options: MinerOptions = {}): Miner {
  const tuning: Tuning = { ...defaultTuning, ...options.tuning };
  const miner: Miner = {
    bounds: {
      templatesMax: limits.templatesMax,
      templateCharsMax: limits.templateCharsMax,
      shapesMax: limits.templateShapesMax,
      shapeCharsMax: limits.templateShapeCharsMax,
      ...options.bounds,
    },
    tuning,
    templates: [{ id: overflowTemplate, parts: [variable], gaps: [''], mergedInto: null }],
    templateChars: 0,
    shapes: new Map(),
    shapeCount: 0,
    shapeChars: 0,
    buckets: new Map(),
    tokens: makeTokens(tuning),
    changed: options.changed ?? (() => undefined),
  };
  if (options.state) restore(miner, options.state);
  return miner;
}

/** The id of the line's template. */
export function mine(miner: Miner, text: string): number {
  const { tokens } = miner;
  scan(text, tokens);
  const hash = shapeHash(tokens);
  const alike = miner.shapes.get(hash);
  if (alike) {
    for (const shape of alike) {
      if (hasShape(shape, tokens)) return (shape.template = resolve(miner, shape.template));
    }
  }
  const parts = partsOf(tokens);
  const template = place(miner, parts);
  remember(miner, { hash, parts, template });
  return template;
}

/** The id that speaks for this one now: its own, or of the template that it has become a part of. */
export function resolve({ templates }: Miner, id: number): number {
  let at = id;
  for (let next = templates[at]?.mergedInto; typeof next === 'number';) {
    at = next;
    next = templates[at]?.mergedInto;
  }
  return at;
}

/** Text of the template, `<*>` where it varies; null for an id that was never given. */
export function templateOf(miner: Miner, id: number): string | null {
  const template = miner.templates[resolve(miner, id)];
  return template ? textOf(template) : null;
}

/** All templates by id, those that became part of another with the text that speaks for them. */
export function templatesOf(miner: Miner): TemplateView[] {
  return miner.templates.map(({ id, mergedInto }) => {
    const text = templateOf(miner, id) ?? '';
    return { id, text, mergedInto: mergedInto === null ? null : resolve(miner, id) };
  });
}

/** What a line of the template has in its variable places, in their order; [] for other lines. */
export function parametersOf(miner: Miner, id: number, text: string): readonly string[] {
  const template = miner.templates[resolve(miner, id)];
  if (!template) return [];
  if (template.id === overflowTemplate) return [text];
  scan(text, miner.tokens);
  return parametersIn(template, miner.tokens);
}

/** A copy; `createMiner({ state })` goes on from it as if there had been no break. */
export function snapshot({ templates, shapes }: Miner): MinerState {
  return {
    templates: templates.map((template) => ({ ...template, parts: [...template.parts] })),
    shapes: [...shapes.values()].flat().map((shape) => ({ ...shape })),
  };
}

/** The template that a line of a shape not seen before belongs to. */
function place(miner: Miner, parts: readonly string[]): number {
  const key = frameOf(parts);
  const bucket = miner.buckets.get(key) ?? emptyBucket(parts);
  const placement = placeAmong(bucket, parts, miner.tuning);
  switch (placement.kind) {
    case 'covered':
      return placement.by.id;
    case 'joins':
      return join(miner, bucket, placement.templates, parts);
    case 'new': {
      const { bounds, templates, templateChars } = miner;
      if (bucket.templates.length >= limits.templatesPerBucketMax) {
        const nearest = placement.nearest ?? bucket.templates[0];
        if (nearest) return join(miner, bucket, [nearest], parts);
      }
      const isFull =
        templates.length >= bounds.templatesMax ||
        templateChars + charsOf(parts) > bounds.templateCharsMax;
      if (isFull) return overflowTemplate;
      miner.buckets.set(key, bucket);
      return addTemplate(miner, bucket, parts);
    }
    default:
      return placement satisfies never;
  }
}

function addTemplate(miner: Miner, bucket: Bucket, parts: readonly string[]): number {
  const id = miner.templates.length;
  const gaps = parts.map((_, at) => (miner.tokens.gaps[at] === 1 ? ' ' : ''));
  const template: Template = { id, parts: [...parts], gaps, mergedInto: null };
  miner.templates.push(template);
  miner.templateChars += charsOf(parts);
  bucket.templates.push(template);
  miner.changed(id);
  return id;
}

/** The first of the templates takes in the others and the line, and whatever it covers by then. */
function join(
  miner: Miner,
  bucket: Bucket,
  templates: readonly Template[],
  parts: readonly string[],
): number {
  const [target, ...others] = templates;
  if (!target) return overflowTemplate;
  miner.templateChars -= charsOf(target.parts);
  widen(target, parts);
  for (const other of others) widen(target, other.parts);
  miner.templateChars += charsOf(target.parts);
  miner.changed(target.id);
  const stays = (other: Template) => other === target || !covers(target, other.parts);
  for (const other of bucket.templates) {
    if (!stays(other)) absorb(miner, target, other);
  }
  const left = bucket.templates.filter(({ mergedInto }) => mergedInto === null);
  bucket.templates.splice(0, bucket.templates.length, ...left);
  return target.id;
}

function absorb(miner: Miner, target: Template, other: Template): void {
  miner.templateChars -= charsOf(other.parts);
  other.mergedInto = target.id;
  other.parts = [];
  other.gaps = [];
  miner.changed(other.id);
}

/** Keeps the shape. All are forgotten when there are too many: each is found again through its template. */
function remember(miner: Miner, shape: Shape): void {
  const chars = charsOf(shape.parts);
  const { shapesMax, shapeCharsMax } = miner.bounds;
  if (miner.shapeCount >= shapesMax || miner.shapeChars + chars > shapeCharsMax) {
    miner.shapes.clear();
    miner.shapeCount = 0;
    miner.shapeChars = 0;
  }
  const alike = miner.shapes.get(shape.hash);
  if (alike) alike.push(shape);
  else miner.shapes.set(shape.hash, [shape]);
  miner.shapeCount += 1;
  miner.shapeChars += chars;
}

function restore(miner: Miner, { templates, shapes }: MinerState): void {
  miner.templates.length = 0;
  for (const { id, parts, gaps, mergedInto } of templates) {
    const template: Template = { id, parts: [...parts], gaps: [...gaps], mergedInto };
    miner.templates.push(template);
    miner.templateChars += charsOf(parts);
    if (mergedInto !== null || id === overflowTemplate) continue;
    const key = frameOf(parts);
    const bucket = miner.buckets.get(key) ?? emptyBucket(parts);
    miner.buckets.set(key, bucket);
    bucket.templates.push(template);
  }
  for (const { hash, parts, template } of shapes) {
    remember(miner, { hash, parts: [...parts], template });
  }
}

/** What lines have in common before any of their words is looked at. */
function frameOf(parts: readonly string[]): string {
  const fixed = parts.map((part, at) => (isFixed(parts, at) ? part : ''));
  return `${parts.length} ${fixed.join(' ')}`;
}

function emptyBucket(parts: readonly string[]): Bucket {
  return { places: [...parts.keys()].filter((at) => !isFixed(parts, at)), templates: [] };
}

function isFixed(parts: readonly string[], at: number): boolean {
  return isMark(parts[at] ?? '') || isKey(parts, at);
}

function charsOf(parts: readonly string[]): number {
  // One for each part, and its text: a template that widens never grows.
  let chars = parts.length;
  for (const part of parts) chars += isVariable(part) ? 0 : part.length;
  return chars;
}
