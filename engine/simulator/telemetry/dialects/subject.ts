/** Names that messages and traces make of a path or a table: `POST /api/orders/{id}` is about orders. */

export interface Subject {
  /** `orders` */
  readonly plural: string;
  /** `order` */
  readonly singular: string;
  /** `Order` */
  readonly type: string;
}

export function subjectOf(path: string): Subject {
  const plural = lastWord(path);
  const singular =
    plural.endsWith('s') && !plural.endsWith('ss') && plural.length > 3
      ? plural.slice(0, -1)
      : plural;
  return { plural, singular, type: singular.charAt(0).toUpperCase() + singular.slice(1) };
}

/** The last part of a path that is a word and no parameter; hyphens and the like are left out. */
function lastWord(path: string): string {
  const parts = path.split('/');
  for (let i = parts.length - 1; i >= 0; i--) {
    const part = parts[i] as string;
    if (part === '' || part.startsWith('{') || part.startsWith(':')) continue;
    const word = part.replace(/[^A-Za-z]/g, '').toLowerCase();
    if (word !== '' && !/^v\d+$/.test(part)) return word;
  }
  return 'request';
}
