export { startServer, type RunningServer, type ServerOptions } from './server.ts';
export { openLibrary } from './query-library.ts';
export type { LibraryCall, RunLibrary } from './run-library.ts';
export type { ServerLog } from './log-line.ts';
export type { BenchPlays } from './plays.ts';
export type { PlayRecipe } from './bench-answers.ts';
