/** `/live`: who watches which run, and the commands that steer a hosted one. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { reasonOf } from '../../engine/errors.ts';
import { limits } from '../../engine/limits.ts';
import type { LiveCommand, RunProgress } from '../../engine/query/types.ts';
import type { RunControl } from '../../engine/replay/control.ts';
import { LiveClient } from './live-client.ts';
import { errorFrame, readCommand, statusFrame } from './live-message.ts';
import { refusalOf } from './refusal.ts';
import { fileSource, hostedSource, RunFeed } from './run-feed.ts';
import type { RunLibrary } from './run-library.ts';

export interface LiveOptions {
  readonly library: RunLibrary;
  readonly controls: () => readonly RunControl[];
  readonly now: () => number;
  readonly log: (line: string) => void;
}

interface Watched {
  readonly feed: RunFeed;
  readonly clients: Set<LiveClient>;
}

export class Live {
  readonly #options: LiveOptions;
  readonly #clients = new Set<LiveClient>();
  readonly #watched = new Map<string, Watched>();
  readonly #server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: limits.socketMessageBytesMax,
    // A few hundred bytes a message: compression would only add a bomb to defuse.
    perMessageDeflate: false,
  });

  /** `malformed` answers a handshake that `ws` refuses. */
  constructor(options: LiveOptions, malformed: (socket: Duplex) => void) {
    this.#options = options;
    this.#server.on('wsClientError', (_error, socket) => malformed(socket));
  }

  get full(): boolean {
    return this.#clients.size >= limits.socketClientsMax;
  }

  /** Takes over the connection of an upgrade that has passed the gate. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#server.handleUpgrade(request, socket, head, (webSocket) => {
      const client: LiveClient = new LiveClient(webSocket, {
        now: this.#options.now,
        events: {
          message: (text) => this.#onMessage(client, text),
          closed: () => {
            this.#leave(client);
            this.#clients.delete(client);
          },
        },
      });
      this.#clients.add(client);
    });
  }

  close(): void {
    for (const { feed } of this.#watched.values()) feed.stop();
    this.#watched.clear();
    for (const client of this.#clients) client.goAway();
    this.#server.close();
  }

  /** For those who did not answer the goodbye. */
  cut(): void {
    for (const client of this.#clients) client.cut();
  }

  #onMessage(client: LiveClient, text: string): void {
    const command = readCommand(text);
    if (!command) {
      client.send(errorFrame('BAD_MESSAGE', 'the message is not a command of this server'));
      return;
    }
    try {
      this.#obey(client, command);
    } catch (thrown) {
      const { status, error } = refusalOf(thrown);
      if (status === 500) this.#options.log(`/live ${command.type} failed: ${reasonOf(thrown)}`);
      client.send(errorFrame(error.code, error.message));
    }
  }

  #obey(client: LiveClient, command: LiveCommand): void {
    if (command.type === 'subscribe') {
      this.#subscribe(client, command.run);
      return;
    }
    const control = this.#controlOf(command.run);
    if (!control) {
      const message = 'another process hosts this run, or it is over; it cannot be steered here';
      client.send(errorFrame('RUN_NOT_HOSTED', message));
      return;
    }
    switch (command.type) {
      case 'pause':
        return control.pause();
      case 'resume':
        return control.resume();
      case 'step':
        return control.step(command.us);
      case 'speed':
        return control.setSpeed(command.speed);
      default:
        command satisfies never;
    }
  }

  /** A client watches one run at a time; the new one replaces the old one. */
  #subscribe(client: LiveClient, run: string): void {
    this.#leave(client);
    const watched = this.#watched.get(run);
    if (watched) {
      client.run = run;
      watched.clients.add(client);
      if (watched.feed.latest) client.send(statusFrame(run, watched.feed.latest));
      return;
    }
    const clients = new Set([client]);
    const feed = new RunFeed(this.#sourceOf(run), (status) => {
      const frame = statusFrame(run, status);
      for (const each of clients) each.send(frame);
    });
    client.run = run;
    this.#watched.set(run, { feed, clients });
  }

  #leave(client: LiveClient): void {
    const run = client.run;
    client.run = null;
    const watched = run === null ? undefined : this.#watched.get(run);
    if (run === null || !watched) return;
    watched.clients.delete(client);
    if (watched.clients.size > 0) return;
    watched.feed.stop();
    this.#watched.delete(run);
  }

  #sourceOf(run: string) {
    const control = this.#controlOf(run);
    if (control) return hostedSource(control);
    const { library, now } = this.#options;
    return fileSource({
      progress: async () => progressIn(await library.call({ type: 'progress', run })),
      now,
      failed: (thrown) => this.#dismiss(run, thrown),
    });
  }

  #controlOf(run: string): RunControl | undefined {
    return this.#options.controls().find((control) => control.runId === run);
  }

  /** The file of a run went away while people watched it. */
  #dismiss(run: string, thrown: unknown): void {
    const watched = this.#watched.get(run);
    this.#watched.delete(run);
    const { error } = refusalOf(thrown);
    for (const client of watched?.clients ?? []) {
      client.run = null;
      client.send(errorFrame(error.code, error.message));
    }
    watched?.feed.stop();
  }
}

/** Our own process wrote it. */
function progressIn(json: Uint8Array): RunProgress {
  return JSON.parse(Buffer.from(json).toString()) as RunProgress;
}
