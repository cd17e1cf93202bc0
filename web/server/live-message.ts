/** The two directions of `/live` as bytes. */
import type { LiveCommand, LiveMessage } from '../../engine/query/types.ts';
import type { LiveStatus } from '../../engine/replay/control.ts';
import { speedMax, speedMin } from '../../engine/replay/speed.ts';
import { compileCheck } from './schema.ts';

/** Serialised once, sent to everyone who watches. */
export function statusFrame(run: string, status: LiveStatus): Buffer {
  const { state, throughUs, durationUs, askedSpeed, realSpeed } = status;
  return frame({ type: 'run', run, state, throughUs, durationUs, askedSpeed, realSpeed });
}

export function errorFrame(code: string, message: string): Buffer {
  return frame({ type: 'error', code, message });
}

function frame(message: LiveMessage): Buffer {
  return Buffer.from(JSON.stringify(message));
}

const run = { type: 'string', minLength: 1, maxLength: 200 };
const command = (
  types: readonly string[],
  more: object = {},
  required: readonly string[] = [],
) => ({
  type: 'object',
  additionalProperties: false,
  required: ['type', 'run', ...required],
  properties: { type: { type: 'string', enum: types }, run, ...more },
});
const commandSchema = {
  oneOf: [
    command(['subscribe', 'pause', 'resume']),
    command(['step'], { us: { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER } }),
    command(
      ['speed'],
      {
        speed: {
          oneOf: [{ type: 'number', minimum: speedMin, maximum: speedMax }, { const: 'max' }],
        },
      },
      ['speed'],
    ),
  ],
};
const checkCommand = compileCheck(commandSchema);
const isCommand = (value: unknown): value is LiveCommand => checkCommand(value) === null;

/** The command in a text message; null for anything else. */
export function readCommand(text: string): LiveCommand | null {
  try {
    const value: unknown = JSON.parse(text);
    return isCommand(value) ? value : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
