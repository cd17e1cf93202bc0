/**
 * The process that opens run files and answers from them, one call at a time; `answerer.ts` starts
 * it. Ends when the server does, whichever way.
 */
import { serialiseError, WorkbenchError } from '../../engine/errors.ts';
import { limits } from '../../engine/limits.ts';
import { writerWhereabouts } from '../../engine/query/index.ts';
import type { AnswerMessage } from './answer-protocol.ts';
import { RunFiles, type RunPlaces } from './run-files.ts';
import type { LibraryCall } from './run-library.ts';

// The server's own arguments, in its own words.
const places = JSON.parse(process.argv[2] ?? '') as RunPlaces;
const files = new RunFiles(places, {
  complain: (line) => tell({ type: 'complaint', line }),
  whereabouts: writerWhereabouts,
});

// Ctrl+C reaches the whole group of processes; the server decides what it means.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
process.on('message', (call: LibraryCall) => void replyTo(call).then(tell));
process.once('disconnect', () => {
  files.close();
  process.exit();
});
tell({ type: 'ready' });

async function replyTo(call: LibraryCall): Promise<AnswerMessage> {
  try {
    const json = Buffer.from(JSON.stringify(await files.answer(call)));
    if (json.length <= limits.answerBytesMax) return { type: 'answer', json };
    throw new WorkbenchError('ANSWER_TOO_LARGE', {
      bytes: json.length,
      limit: limits.answerBytesMax,
    });
  } catch (thrown) {
    return { type: 'error', error: serialiseError(thrown) };
  }
}

function tell(message: AnswerMessage): void {
  process.send?.(message);
}
