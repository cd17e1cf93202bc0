/**
 * A schema whose repeated objects stand once, under `$defs`: a call is one function to ajv and one
 * page to a reader, however many places it may stand in.
 */
type Schema = Readonly<Record<string, unknown>>;

export function sharedSchema(schema: Schema): Schema {
  // A copy of nothing but what JSON keeps: TypeBox marks its objects for itself.
  const root = JSON.parse(JSON.stringify(schema)) as Schema;
  const uses = new Map<string, number>();
  count(root, uses);
  const sharing = new Sharing(uses);
  const parts = Object.entries(root).map(([key, value]) => [key, sharing.replaced(value, key)]);
  return { ...(Object.fromEntries(parts) as Schema), $defs: sharing.definitions };
}

/** Objects alone: what is said of texts and numbers is shorter than a reference. */
function isShareable(value: unknown): value is Schema {
  if (typeof value !== 'object' || value === null) return false;
  const { type, properties } = value as Schema;
  return properties !== undefined && [type].flat().includes('object');
}

function count(value: unknown, uses: Map<string, number>): void {
  if (typeof value !== 'object' || value === null) return;
  if (isShareable(value)) {
    const text = JSON.stringify(value);
    const before = uses.get(text) ?? 0;
    uses.set(text, before + 1);
    // What is inside of a repeated object is counted with its first use.
    if (before > 0) return;
  }
  for (const part of Object.values(value)) count(part, uses);
}

class Sharing {
  readonly definitions: Record<string, unknown> = {};
  private readonly uses: ReadonlyMap<string, number>;
  private readonly names = new Map<string, string>();

  constructor(uses: ReadonlyMap<string, number>) {
    this.uses = uses;
  }

  /** `key`: the nearest one that says what the value is. */
  replaced(value: unknown, key: string): unknown {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map((item) => this.replaced(item, key));
    const text = isShareable(value) ? JSON.stringify(value) : '';
    if ((this.uses.get(text) ?? 0) < 2) return this.parts(value as Schema, key);
    let name = this.names.get(text);
    if (name === undefined) {
      name = this.freeName(key);
      this.names.set(text, name);
      // Its place first: what is inside comes behind it.
      this.definitions[name] = {};
      this.definitions[name] = this.parts(value as Schema, key);
    }
    const { description } = value as Schema;
    return { $ref: `#/$defs/${name}`, ...(description !== undefined && { description }) };
  }

  private parts(schema: Schema, key: string): Schema {
    const structural = new Set(['properties', 'items', 'then', 'else', 'oneOf', 'anyOf']);
    return Object.fromEntries(
      Object.entries(schema).map(([step, value]) => [
        step,
        this.replaced(value, structural.has(step) ? key : step),
      ]),
    );
  }

  private freeName(key: string): string {
    for (let n = 1; ; n++) {
      const name = n === 1 ? key : `${key}${n}`;
      if (!(name in this.definitions)) return name;
    }
  }
}
