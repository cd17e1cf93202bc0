/** What travels between the server and a process that answers for it. */
import type { WireError } from '../../engine/errors.ts';

export type AnswerMessage =
  | { readonly type: 'ready' }
  /** Something that the person at the terminal should know. */
  | { readonly type: 'complaint'; readonly line: string }
  | { readonly type: 'answer'; readonly json: Uint8Array }
  | { readonly type: 'error'; readonly error: WireError };
