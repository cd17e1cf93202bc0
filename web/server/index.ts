export { startServer, type RunningServer, type ServerOptions } from './server.ts';
export { openLibrary, type RunFiles } from './query-library.ts';
export type { RunLibrary } from './run-library.ts';
export type { ServerLog } from './log-line.ts';
