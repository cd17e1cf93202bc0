/**
 * A linear look at the tokens of a YAML text before it is parsed. The parser needs seconds and
 * then the stack for deep nesting, and hundreds of megabytes for a file of commas; here such
 * input is refused at the token where it goes too far. Tags and directives end here too.
 */
import { CST, Lexer } from 'yaml';
import { limits } from '../limits.ts';
import type { RawProblem } from './problem.ts';

/** Twice what the tree may have: tokens count only nearly, `yaml-tree.ts` counts exactly. */
const depthMax = limits.scenarioDepthMax * 2;
/** Tokens of a file with as many nodes as allowed: a pair has a key, a colon, a value. */
const tokensMax = limits.scenarioNodesMax * 3;

export function scanYaml(text: string): RawProblem | null {
  const depth = new Depth();
  let offset = 0;
  let tokens = 0;
  let inScalar = false;
  for (const token of new Lexer().lex(text)) {
    const type = inScalar ? 'scalar' : CST.tokenType(token);
    inScalar = token === CST.SCALAR && !inScalar;
    // Marks between tokens that stand for no text.
    if (inScalar || token === CST.DOCUMENT || token === CST.FLOW_END) continue;
    const refused = type === null ? null : refusedToken(type, token);
    if (refused) return { kind: 'forbidden', ...refused, offset, length: token.trimEnd().length };
    depth.see(type, offset, token);
    if (depth.now > depthMax) {
      const message = `nested deeper than ${limits.scenarioDepthMax} levels`;
      return { kind: 'limit', message, offset };
    }
    if (type !== 'space' && type !== 'newline' && type !== 'comment') tokens++;
    if (tokens > tokensMax) {
      const message = `more than ${limits.scenarioNodesMax} values`;
      return { kind: 'limit', message, hint: bulkHint, offset };
    }
    offset += token.length;
  }
  return null;
}

export const bulkHint = 'a scenario is a plan; records belong into a recording: kind: recorded';

function refusedToken(type: string, token: string) {
  if (type === 'tag') {
    return {
      message: `tag ${quoted(token)}: tags are not read`,
      hint: `remove it; quote the value where it is text`,
    };
  }
  if (type === 'directive-line') {
    return {
      message: `directive ${quoted(token.trimEnd())}`,
      hint: 'remove the line: YAML 1.2 it is',
    };
  }
  return null;
}

function quoted(token: string): string {
  return token.length > 40 ? `${token.slice(0, 40)}…` : token;
}

/**
 * How many collections are open: brackets, and the columns at which block collections began. A
 * plain value counts as one more, which is as near as a look at tokens comes.
 */
class Depth {
  private flow = 0;
  private readonly columns: number[] = [];
  private lineStart = 0;
  /** At the start of a line or after an indicator: the next token may begin a collection. */
  private fresh = true;

  get now(): number {
    return this.flow + this.columns.length;
  }

  see(type: string | null, offset: number, token: string): void {
    switch (type) {
      case 'newline':
      case 'space':
      case 'comment':
      case 'anchor':
      case 'byte-order-mark':
        break;
      case 'flow-map-start':
      case 'flow-seq-start':
        if (this.flow === 0) this.begin(offset);
        this.flow++;
        break;
      case 'flow-map-end':
      case 'flow-seq-end':
        this.flow = Math.max(0, this.flow - 1);
        break;
      case 'seq-item-ind':
      case 'explicit-key-ind':
      case 'map-value-ind':
        if (this.flow === 0 && this.fresh) this.begin(offset);
        this.fresh = true;
        break;
      default:
        if (this.flow === 0 && this.fresh) this.begin(offset);
        this.fresh = false;
    }
    const lastNewline = token.lastIndexOf('\n');
    if (lastNewline >= 0) {
      this.lineStart = offset + lastNewline + 1;
      this.fresh = true;
    }
  }

  private begin(offset: number): void {
    const column = offset - this.lineStart;
    while ((this.columns.at(-1) ?? -1) > column) this.columns.pop();
    if (this.columns.at(-1) !== column) this.columns.push(column);
  }
}
