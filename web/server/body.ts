import type { IncomingMessage } from 'node:http';
import { limits } from '../../engine/limits.ts';
import { Refused, refusals } from './refusal.ts';

/** The parsed JSON of a request's body. @throws Refused when it is too large or no JSON in UTF-8 */
export async function readJsonBody(request: IncomingMessage): Promise<unknown> {
  const bytes = await readBody(request);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    // Whatever the parser says, the client's next step is the same.
    throw new Refused(refusals.body('the body is not JSON in UTF-8'));
  }
}

/** Events, not `for await`: leaving that loop early would destroy the socket before the answer. */
function readBody(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= limits.httpBodyBytesMax) {
        chunks.push(chunk);
        return;
      }
      request.pause();
      reject(new Refused(refusals.bodyTooLarge));
    });
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('error', reject);
  });
}
