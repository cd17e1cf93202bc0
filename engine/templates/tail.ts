const code = { exclamation: 0x21, dot: 0x2e, colon: 0x3a, question: 0x3f } as const;

/** The end without what ends a sentence or announces something. */
export function withoutTail(text: string, start: number, from: number): number {
  let end = from;
  while (end > start) {
    const last = text.charCodeAt(end - 1);
    const isTail =
      last === code.dot ||
      last === code.colon ||
      last === code.exclamation ||
      last === code.question;
    if (!isTail) break;
    end -= 1;
  }
  return end;
}
