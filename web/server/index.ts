export { startServer, type RunningServer, type ServerOptions } from './server.ts';
export { openLibrary } from './query-library.ts';
export type { LibraryCall, Progress, RunLibrary } from './run-library.ts';
export type { ServerLog } from './log-line.ts';
