/** What a line has in the places that vary, given only the text of its template. */
import { scan } from './scan.ts';
import { makeTokens, TokenKind } from './tokens.ts';
import { defaultTuning } from './tuning.ts';

const varies = '<*>';

/** In their order; null where the line is not one of the template. Linear in the line's length. */
export function parametersOfText(template: string, line: string): readonly string[] | null {
  const tokens = makeTokens(defaultTuning);
  scan(line, tokens);
  const values: string[] = [];
  let at = 0;
  for (let i = 0; i < tokens.count; i++) {
    const token = line.slice(tokens.starts[i], tokens.ends[i]);
    while (template[at] === ' ') at++;
    // A word may be learned to vary, a mark never does: `<` of a line is not the beginning of `<*>`.
    const isText = tokens.kinds[i] !== TokenKind.variable;
    if (isText && template.startsWith(token, at)) at += token.length;
    else if (template.startsWith(varies, at)) {
      values.push(token);
      at += varies.length;
    } else return null;
  }
  return template.slice(at).trim() === '' ? values : null;
}
