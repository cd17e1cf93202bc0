/** Binds loopback, and nothing but loopback: 127.0.0.1, and ::1 where the machine has it. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { reasonOf, WorkbenchError } from '../../engine/errors.ts';

export interface Bound {
  readonly port: number;
  readonly servers: readonly Server[];
}

/** Tries for a port that is free on both addresses, when none was asked for. */
const triesMax = 20;

/** @throws WorkbenchError PORT_IN_USE, PORT_REFUSED */
export async function bindLoopback(port: number | null, makeServer: () => Server): Promise<Bound> {
  for (let tries = 1; ; tries++) {
    try {
      return await bindBoth(port ?? 0, makeServer);
    } catch (error) {
      const code = codeOf(error);
      if (code === 'EADDRINUSE' && port === null && tries < triesMax) continue;
      if (code === 'EADDRINUSE')
        throw new WorkbenchError('PORT_IN_USE', { port }, { cause: error });
      throw new WorkbenchError('PORT_REFUSED', { port, reason: reasonOf(error) }, { cause: error });
    }
  }
}

async function bindBoth(port: number, makeServer: () => Server): Promise<Bound> {
  const four = await bind(makeServer(), '127.0.0.1', port);
  // `localhost` may mean ::1 first; a stranger who listened there would get our visitors.
  try {
    const six = await bind(makeServer(), '::1', portOf(four));
    return { port: portOf(four), servers: [four, six] };
  } catch (error) {
    const code = codeOf(error);
    if (code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT') {
      return { port: portOf(four), servers: [four] };
    }
    four.close();
    throw error;
  }
}

function bind(server: Server, host: string, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, exclusive: true }, () => {
      server.off('error', reject);
      resolve(server);
    });
  });
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  return address !== null && typeof address === 'object' ? address.port : 0;
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
