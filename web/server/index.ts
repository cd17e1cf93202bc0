export { startServer, type RunningServer, type ServerOptions } from './server.ts';
export { openLibrary } from './query-library.ts';
export type { LibraryCall, RunLibrary } from './run-library.ts';
export type { ServerLog } from './log-line.ts';
