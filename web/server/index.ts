export { serve, type RunningServer, type ServerOptions } from './server.ts';
export type { RunLibrary } from './run-library.ts';
