/**
 * Every error that the workbench reports, in one catalogue. A code is stable: tests and scripts
 * match on it, never on the message. The exit code belongs to the entry, the hint is the next thing
 * to type.
 */

/** The process's exit codes, the same for every command. */
export const ExitCode = {
  ok: 0,
  assertionFailed: 1,
  badInput: 2,
  detectorFailed: 3,
  storage: 4,
  timeout: 5,
  network: 6,
  internal: 70,
  interrupted: 130,
  terminated: 143,
} as const;

type Details = Readonly<Record<string, unknown>>;

interface CatalogueEntry {
  readonly exit: number;
  readonly message: (d: Details) => string;
  readonly hint?: (d: Details) => string;
}

const entry = (
  exit: number,
  message: CatalogueEntry['message'],
  hint?: CatalogueEntry['hint'],
): CatalogueEntry => (hint ? { exit, message, hint } : { exit, message });

const catalogue = {
  // scenario files
  SCENARIO_INVALID: entry(
    ExitCode.badInput,
    (d) => `${d['file']}: ${d['count']} problem${d['count'] === 1 ? '' : 's'} in the scenario`,
    (d) => `workbench validate ${d['file']}`,
  ),
  FILE_NOT_FOUND: entry(
    ExitCode.badInput,
    (d) => `no such file: ${d['file']}`,
    (d) => (d['suggestion'] ? `did you mean ${d['suggestion']}?` : 'check the path'),
  ),
  FILE_UNREADABLE: entry(ExitCode.badInput, (d) => `cannot read ${d['file']}: ${d['reason']}`),
  FILE_TOO_LARGE: entry(
    ExitCode.badInput,
    (d) => `${d['file']} has ${d['bytes']} bytes; the limit is ${d['limit']}`,
  ),
  SIMULATION_TOO_LARGE: entry(
    ExitCode.badInput,
    (d) => `the simulation needs more than ${d['limit']} ${d['what']} at once`,
    () => 'lower the traffic, the queues or the timeouts of the scenario',
  ),
  AUDIT_TOO_LARGE: entry(
    ExitCode.badInput,
    (d) => `the audit of ${d['scenario']} would take more than ${d['limit']} ${d['what']}`,
    () => 'shorten the scenario, lower its traffic, or audit it with fewer faults and claims',
  ),
  FILE_EXISTS: entry(
    ExitCode.badInput,
    (d) => `${d['file']} exists already`,
    () => 'add --force to overwrite it',
  ),
  // recordings
  SOURCE_MISSING: entry(
    ExitCode.badInput,
    (d) => `source file ${d['file']} is missing`,
    (d) =>
      d['suggestion']
        ? `did you mean ${d['suggestion']}?`
        : 'check the path; those in a scenario begin at the folder of its file',
  ),
  SOURCE_OUTSIDE: entry(
    ExitCode.badInput,
    (d) => `source ${d['file']} lies outside of the folders that the scenario may read`,
    (d) => `if you trust the scenario: workbench run <scenario> --allow ${d['folder']}`,
  ),
  RECORDING_UNREADABLE: entry(
    ExitCode.badInput,
    (d) => `cannot read the recording ${d['file']}: ${d['reason']}`,
  ),
  CASE_NOT_FOUND: entry(
    ExitCode.badInput,
    (d) => `no case "${d['case']}" in ${d['folder']}`,
    (d) => `nearest: ${d['nearest']}`,
  ),
  LOGHUB_INVALID: entry(
    ExitCode.badInput,
    (d) => `cannot score ${d['file']}: ${d['reason']}`,
    () =>
      'expected: <System>/<System>_2k.log_structured.csv with Content, EventId and EventTemplate',
  ),
  // detectors
  DETECTOR_NOT_FOUND: entry(
    ExitCode.badInput,
    (d) => `no detector "${d['id']}"`,
    (d) => `known detectors: ${d['known']}`,
  ),
  DETECTOR_OPTIONS: entry(
    ExitCode.badInput,
    (d) => `options of detector ${d['id']}: ${d['reason']}`,
    (d) => (d['known'] ? `its options and their defaults: ${d['known']}` : 'it has no options'),
  ),
  DETECTOR_UNTRUSTED: entry(
    ExitCode.badInput,
    (d) => `${d['file']} is code that ${d['reason']} (${d['hash']})`,
    (d) =>
      `if you trust it: the same command with --trust ${d['hash']}, or a bare --trust for all that it names`,
  ),
  DETECTOR_UNLOADABLE: entry(
    ExitCode.detectorFailed,
    (d) => `detector ${d['file']} cannot be loaded: ${d['reason']}`,
  ),
  DETECTOR_INVALID: entry(
    ExitCode.detectorFailed,
    (d) => `detector ${d['file']} breaks the contract: ${d['reason']}`,
  ),
  // storage
  RUN_FILE_FOREIGN: entry(
    ExitCode.storage,
    (d) => `${d['file']} is not a run file (${d['reason']})`,
    (d) =>
      d['toWrite']
        ? 'nothing was changed; name another file with --db'
        : 'nothing was changed; the runs there are: workbench runs',
  ),
  RUN_FILE_NEWER: entry(
    ExitCode.storage,
    (d) =>
      `${d['file']} was written by a newer workbench (schema ${d['found']}, known ${d['known']})`,
    () => 'update with: npm install',
  ),
  RUN_FILE_DAMAGED: entry(
    ExitCode.storage,
    (d) => `${d['file']} is damaged (${d['reason']})`,
    () => 'nothing was changed; run the scenario again, or restore the file from a copy',
  ),
  RUN_FILE_EXISTS: entry(
    ExitCode.storage,
    (d) => `${d['file']} holds a run already`,
    () => 'name another file with --db, or leave --db out',
  ),
  RUN_FILE_BUSY: entry(
    ExitCode.storage,
    (d) =>
      d['writer'] === 'elsewhere'
        ? `${d['file']} may still be written on another machine`
        : `${d['file']} is being written by process ${d['pid']}`,
    (d) =>
      d['writer'] === 'elsewhere'
        ? 'nothing was changed; if that run is over, remove the file itself'
        : 'nothing was changed; end that run first, with Ctrl+C where it runs',
  ),
  RUN_NOT_FOUND: entry(
    ExitCode.badInput,
    (d) => `no run "${d['run']}" in ${d['folder']}`,
    (d) => (d['suggestion'] ? `did you mean ${d['suggestion']}?` : 'workbench runs'),
  ),
  RUNS_DIFFER: entry(
    ExitCode.badInput,
    (d) => `the runs are of different scenarios: ${d['a']} and ${d['b']}`,
    () => 'add --force to compare them all the same',
  ),
  RESULTS_FOREIGN: entry(
    ExitCode.storage,
    (d) => `${d['file']} holds no results of a benchmark (${d['reason']})`,
    () => 'nothing was changed; name another file with --db',
  ),
  RESULTS_DIFFER: entry(
    ExitCode.badInput,
    (d) => `${d['file']} holds another benchmark: ${d['reason']}`,
    () => 'name another file with --db, or remove that one to begin afresh',
  ),
  RESULTS_NOT_FOUND: entry(
    ExitCode.badInput,
    (d) => `no results "${d['id']}" in ${d['folder']}`,
    () => 'workbench bench makes some',
  ),
  NOT_IN_RESULTS: entry(
    ExitCode.badInput,
    (d) => `no ${d['what']} "${d['name']}" in these results`,
    () => 'go back to the board, and choose a cell of it',
  ),
  PLAY_REFUSED: entry(
    ExitCode.badInput,
    (d) => `this cannot be played from here: ${d['reason']}`,
    () => 'run the command that stands beside it in a terminal',
  ),
  RESULTS_INCOMPARABLE: entry(
    ExitCode.badInput,
    (d) => `${d['file']} says nothing of this benchmark: ${d['reason']}`,
    (d) =>
      d['canBeForced']
        ? 'add --force to compare them all the same, or play the old one again'
        : 'name a board of the same suite',
  ),
  BASELINE_UNREADABLE: entry(
    ExitCode.badInput,
    (d) => `${d['file']} is no board to compare with (${d['reason']})`,
    () => 'name a board.json of bench --report, or a file of results',
  ),
  FORK_RECORDED: entry(
    ExitCode.badInput,
    (d) => `${d['run']} replays a recording: nobody knows what would have been`,
    () => 'fork a run of a simulated scenario: workbench runs',
  ),
  FORK_DIVERGED: entry(
    ExitCode.assertionFailed,
    (d) =>
      `the past of the fork is not that of ${d['run']}: they differ by ${d['at']} (made by engine ${d['parent']}, this one is ${d['fork']})`,
    (d) =>
      d['parent'] === d['fork']
        ? 'has a detector of yours changed? run the scenario again, and fork that run'
        : 'run the scenario again with this engine, and fork that run',
  ),
  NOT_IN_RUN: entry(
    ExitCode.badInput,
    (d) =>
      `no ${d['what']} "${d['name']}" in the run${d['t'] === undefined ? '' : ` up to ${d['t']} µs`}`,
    (d) => String(d['known'] ?? 'move the playhead on, or look at another run'),
  ),
  STORAGE_FULL: entry(
    ExitCode.storage,
    (d) =>
      `the disk of ${d['file']} is full${d['kept'] ? `; the run is kept up to ${d['kept']}` : ''}`,
    (d) => `free some space and try again, or ${d['next'] ?? 'name another disk with --db'}`,
  ),
  STORAGE_FAILED: entry(
    ExitCode.storage,
    (d) => `cannot write ${d['file']}: ${d['reason']}`,
    (d) => String(d['next'] ?? 'name another place, with --db <file> or WORKBENCH_HOME=<folder>'),
  ),
  STORAGE_BINDING_MISSING: entry(
    ExitCode.storage,
    (d) => `the SQLite binding is missing: ${d['reason']}`,
    () => 'npm rebuild better-sqlite3 (npm 12: npm install --allow-scripts=better-sqlite3)',
  ),
  // server
  QUESTION_TOO_SLOW: entry(
    ExitCode.timeout,
    (d) => `there was no answer within ${d['ms']} ms`,
    () => 'ask for a shorter stretch, or with fewer filters',
  ),
  ANSWER_TOO_LARGE: entry(
    ExitCode.badInput,
    (d) => `the answer has ${d['bytes']} bytes; the limit is ${d['limit']}`,
    () => 'ask for fewer rows, or a shorter stretch',
  ),
  PORT_IN_USE: entry(
    ExitCode.network,
    (d) => `port ${d['port']} is in use`,
    () => 'leave --port out to take a free one',
  ),
  PORT_REFUSED: entry(
    ExitCode.network,
    (d) => `cannot listen on port ${d['port']}: ${d['reason']}`,
    () => 'leave --port out to take a free one',
  ),
  SITE_MISSING: entry(
    ExitCode.internal,
    (d) => `the built page is missing at ${d['folder']}`,
    () => 'npm run build',
  ),
  // usage
  USAGE: entry(
    ExitCode.badInput,
    (d) => String(d['reason']),
    (d) => String(d['next'] ?? 'workbench --help'),
  ),
  ILLEGAL_TRANSITION: entry(
    ExitCode.badInput,
    (d) => `incident ${d['incident']} is ${d['from']}; it cannot become ${d['to']}`,
    (d) => `legal next steps: ${d['legal']}`,
  ),
  INTERNAL: entry(
    ExitCode.internal,
    (d) => `internal error: ${d['reason']}`,
    () => 'this is our bug: please report it with the command and the scenario',
  ),
} satisfies Record<string, CatalogueEntry>;

export type ErrorCode = keyof typeof catalogue;

/** Every code, for the docs test and the README's table. */
export const errorCodes = Object.keys(catalogue) as readonly ErrorCode[];

export function exitCodeOf(code: ErrorCode): number {
  return catalogue[code].exit;
}

/** An operating error: something outside of our code is not as it should be. */
export class WorkbenchError extends Error {
  readonly code: ErrorCode;
  readonly details: Details;
  readonly exitCode: number;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, details: Details = {}, options?: { cause?: unknown }) {
    const found: CatalogueEntry = catalogue[code];
    super(found.message(details), options);
    this.name = 'WorkbenchError';
    this.code = code;
    this.details = details;
    this.exitCode = found.exit;
    this.hint = found.hint?.(details);
  }
}

/** What a foreign throw says, in one line. */
export function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** A WorkbenchError as plain data, to cross a thread. */
export interface WireError {
  readonly code: ErrorCode;
  readonly details: Details;
}

export function serialiseError(thrown: unknown): WireError {
  if (thrown instanceof WorkbenchError) return { code: thrown.code, details: thrown.details };
  const reason = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  return { code: 'INTERNAL', details: { reason } };
}

export function reviveError(wire: WireError): WorkbenchError {
  return new WorkbenchError(wire.code, wire.details);
}
