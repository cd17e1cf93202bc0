/**
 * Copies what is committed from the write-ahead log into the run file, beside the thread that writes:
 * half of a load's file writes are this copying. It blocks nobody; the log starts over when the writer
 * finds it all copied. Messages in: anything, when there is something to copy; null to close.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { openForWriting } from './database.ts';

const port = parentPort;
if (port) {
  const db = openForWriting(workerData as string);
  // It reads each page once: a cache would only hold memory.
  db.pragma('cache_size = 16');
  port.on('message', (request: unknown) => {
    if (request !== null) {
      db.pragma('wal_checkpoint(PASSIVE)');
      return;
    }
    db.close();
    port.close();
  });
}
