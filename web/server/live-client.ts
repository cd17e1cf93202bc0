/**
 * One browser on `/live`, with everything that keeps it from hurting the others: a cap on the bytes
 * queued to it, a cap on its messages, and a ping that it has to answer.
 */
import { WebSocket } from 'ws';
import { limits } from '../../engine/limits.ts';

/** Close codes: RFC 6455 and the IANA registry. */
const close = { goingAway: 1001, unsupported: 1003, policy: 1008, tryAgainLater: 1013 } as const;

/** A closing client that does not answer gets this long, ms. */
const goodbyeMs = 1_000;

export interface ClientEvents {
  message(text: string): void;
  closed(): void;
}

export class LiveClient {
  /** The run that this client watches. */
  run: string | null = null;
  readonly #socket: WebSocket;
  readonly #pings: NodeJS.Timeout;
  #answered = true;
  #messages = 0;
  #windowStart = 0;

  constructor(socket: WebSocket, options: { events: ClientEvents; now: () => number }) {
    this.#socket = socket;
    // Twice per limit: asked at one beat, gone by the next.
    this.#pings = setInterval(() => this.#ping(), limits.socketPingMsMax / 2);
    socket.on('pong', () => (this.#answered = true));
    // Too large, not UTF-8, not a frame: `ws` closes with the right code by itself.
    socket.on('error', () => this.#closeSoon(close.policy));
    socket.on('close', () => {
      clearInterval(this.#pings);
      options.events.closed();
    });
    socket.on('message', (data, isBinary) => {
      if (socket.readyState !== WebSocket.OPEN) return;
      if (!this.#withinRate(options.now())) this.#closeSoon(close.policy);
      else if (isBinary) this.#closeSoon(close.unsupported);
      else options.events.message(String(data));
    });
  }

  /** Queues a frame, or closes the client where the queue would be longer than it may. */
  send(frame: Buffer): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    if (this.#socket.bufferedAmount + frame.length > limits.socketQueueBytesMax) {
      this.#closeSoon(close.tryAgainLater);
    } else {
      this.#socket.send(frame, { binary: false });
    }
  }

  goAway(): void {
    this.#closeSoon(close.goingAway);
  }

  /** Cuts the connection without a word. */
  cut(): void {
    this.#socket.terminate();
  }

  #ping(): void {
    if (!this.#answered) {
      this.#socket.terminate();
      return;
    }
    this.#answered = false;
    this.#socket.ping();
  }

  #withinRate(now: number): boolean {
    if (now - this.#windowStart >= 1_000 || now < this.#windowStart) {
      this.#windowStart = now;
      this.#messages = 0;
    }
    this.#messages += 1;
    return this.#messages <= limits.socketMessagesPerSecondMax;
  }

  #closeSoon(code: number): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.close(code);
    setTimeout(() => this.#socket.terminate(), goodbyeMs).unref();
  }
}
