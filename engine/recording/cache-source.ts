/** A recording as the run reads it: batches out of the cache, in order. */
import { WorkbenchError } from '../errors.ts';
import { unpackBatch } from '../replay/batch.ts';
import type { BatchWriter } from '../replay/batch.ts';
import type { Source, SourceHeader } from '../replay/source.ts';
import type { TemplateStep } from '../templates/index.ts';
import { openCache } from './cache-file.ts';

/** Throws RECORDING_UNREADABLE where the file is no cache; `prepareRecording` makes one that is. */
export function createCacheSource(cacheFile: string): Source {
  const database = openCache(cacheFile);
  const header = database?.prepare('SELECT header FROM recording').pluck().get();
  if (!database || typeof header !== 'string') {
    database?.close();
    const reason = 'it is no cache of a recording';
    throw new WorkbenchError('RECORDING_UNREADABLE', { file: cacheFile, reason });
  }
  const next = database
    .prepare('SELECT count, through, columns, templates FROM batch WHERE sequence = ?')
    .raw();
  let sequence = 0;
  return {
    header: JSON.parse(header) as SourceHeader,
    next(batch: BatchWriter) {
      const row = next.get(sequence) as [number, number, Buffer, string] | undefined;
      if (!row) return null;
      sequence += 1;
      const [count, through, columns, templates] = row;
      unpackBatch(columns, count, batch);
      batch.templates = JSON.parse(templates) as TemplateStep[];
      return { through };
    },
    close: () => void database.close(),
  };
}
