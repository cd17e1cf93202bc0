/** XML 1.0 as strictly as a reader of JUnit files takes it: elements, attributes, text, five entities. */

export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

/** What production 2 of the specification lets into a document. */
const allowed = /^[\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u;
const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';
const token = /<\/([\w-]+)>|<([\w-]+)((?: [\w-]+="[^"<]*")*)(\/?)>|([^<]+)/y;
const entity: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
};

/** Throws where it is not well-formed. */
export function parseXml(document: string): XmlElement {
  if (!allowed.test(document)) throw new Error('a character that XML cannot have');
  if (!document.startsWith(declaration)) throw new Error('no declaration');
  const body = document.slice(declaration.length).trim();
  const root = { name: '', attributes: {}, children: [] as XmlElement[], text: '' };
  const open = [root];
  token.lastIndex = 0;
  while (token.lastIndex < body.length) {
    const at = token.lastIndex;
    const found = token.exec(body);
    if (!found) throw new Error(`not well-formed at ${body.slice(at, at + 40)}`);
    const [, end, start, attributes = '', empty, text] = found;
    const inside = open.at(-1) ?? root;
    if (text !== undefined) inside.text += unescaped(text);
    if (end !== undefined && open.pop()?.name !== end) throw new Error(`</${end}> ends nothing`);
    if (start === undefined) continue;
    const element = { name: start, attributes: attributesOf(attributes), children: [], text: '' };
    inside.children.push(element);
    if (empty === '') open.push(element);
  }
  const [only, ...more] = root.children;
  if (open.length !== 1 || !only || more.length > 0) throw new Error('not one whole element');
  return only;
}

function attributesOf(text: string): Record<string, string> {
  const pairs = [...text.matchAll(/ ([\w-]+)="([^"]*)"/g)];
  const names = pairs.map(([, name = '']) => name);
  if (new Set(names).size < names.length) throw new Error('an attribute twice');
  return Object.fromEntries(pairs.map(([, name = '', value = '']) => [name, unescaped(value)]));
}

function unescaped(text: string): string {
  return text.replace(/&(\w*);?/g, (whole, name: string) => {
    const character = whole.endsWith(';') ? entity[name] : undefined;
    if (character === undefined) throw new Error(`no entity ${whole}`);
    return character;
  });
}
