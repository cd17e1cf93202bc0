import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { bindLoopback } from '../../web/server/listen.ts';

/** A server on a machine that lets nobody listen there. */
function refusedServer() {
  const server = createServer();
  server.listen = () => {
    const error = Object.assign(new Error('listen EACCES: permission denied'), { code: 'EACCES' });
    queueMicrotask(() => server.emit('error', error));
    return server;
  };
  return server;
}

test('a port that the system does not give is told by its number and reason', async () => {
  await expect(bindLoopback(1, refusedServer)).rejects.toMatchObject({
    code: 'PORT_REFUSED',
    exitCode: 6,
    message: expect.stringMatching(/port 1: .*EACCES/),
  });
});
