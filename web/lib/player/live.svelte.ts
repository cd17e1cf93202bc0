/** The live socket of one run: hears how far it is, and carries commands to it. */
import type { LiveCommand, LiveMessage } from '../../../engine/query/types.ts';
import type { Connection } from '../api/connection.svelte.ts';
import type { Player } from './player.svelte.ts';

export class Live {
  /** What the server refused, until the next message. */
  refusal = $state<string | null>(null);

  #socket: WebSocket | null = null;
  readonly #player: Player;
  readonly #connection: Connection;

  constructor(player: Player, connection: Connection) {
    this.#player = player;
    this.#connection = connection;
    player.steerBy((command) => this.#send(command));
  }

  open(): () => void {
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
    const socket = new WebSocket(`${scheme}://${location.host}/live`);
    this.#socket = socket;
    socket.addEventListener('open', () => this.#send({ type: 'subscribe', run: this.#player.run }));
    socket.addEventListener('message', (event) => this.#hear(String(event.data)));
    socket.addEventListener('close', () => {
      // Closed by the other side while the run grows: the process ended, or the network did.
      if (this.#socket === socket && this.#player.growing) this.#connection.lost();
    });
    return () => {
      this.#socket = null;
      socket.close();
    };
  }

  #hear(text: string): void {
    // The parse boundary: our own server, whose messages its tests check.
    const message = JSON.parse(text) as LiveMessage;
    if (message.type === 'error') this.refusal = message.message;
    else if (message.run === this.#player.run) {
      this.refusal = null;
      this.#player.hear(message);
    }
  }

  #send(command: LiveCommand): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(command));
  }
}
