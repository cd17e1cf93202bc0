/** From a dataset's case or a file to a scenario that is ready to run. */
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { WorkbenchError, reasonOf } from '../../errors.ts';
import { prepareRecording } from '../prepare.ts';
import type { PrepareOptions, PreparedRecording } from '../prepare.ts';
import { asScenario } from './draft.ts';
import type { Draft } from './draft.ts';
import { csvDraft, jsonlDraft } from './file-draft.ts';
import { nezhaDraft } from './nezha-draft.ts';
import { petshopDraft } from './petshop-draft.ts';
import { scenarioText } from './scenario-text.ts';

export type ImportRequest =
  | { readonly kind: 'petshop' | 'nezha'; readonly folder: string; readonly case: string }
  | {
      readonly kind: 'jsonl' | 'csv';
      readonly file: string;
      readonly service?: string | undefined;
    };

export interface ImportOptions extends PrepareOptions {
  /** Absolute path of the scenario to write. */
  readonly outFile: string;
  readonly schemaFile: string;
  /** Overwrite. */
  readonly force: boolean;
}

export interface Imported {
  readonly draft: Draft;
  readonly recording: PreparedRecording;
}

/**
 * Reads the recording once, so that a broken one is found now, and writes the scenario. Throws
 * SOURCE_MISSING, CASE_NOT_FOUND, RECORDING_UNREADABLE, FILE_EXISTS or STORAGE_FAILED.
 */
export async function importRecording(
  request: ImportRequest,
  options: ImportOptions,
): Promise<Imported> {
  const draft = await draftOf(request);
  const recording = await prepareRecording(asScenario(draft), options);
  const { outFile, schemaFile, force } = options;
  const text = scenarioText(draft, { outFile, schemaFile, header: recording.header });
  writeScenario(outFile, text, force);
  return { draft, recording };
}

function draftOf(request: ImportRequest): Draft | Promise<Draft> {
  switch (request.kind) {
    case 'petshop':
      return petshopDraft(request.folder, request.case);
    case 'nezha':
      return nezhaDraft(request.folder, request.case);
    case 'jsonl':
      return jsonlDraft({ file: request.file, service: request.service });
    case 'csv':
      return csvDraft({ file: request.file, service: request.service });
    default:
      return request satisfies never;
  }
}

/** `wx` refuses what exists in one step, so nothing slips in between a check and the write. */
function writeScenario(file: string, text: string, force: boolean): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    const handle = openSync(file, force ? 'w' : 'wx');
    try {
      writeSync(handle, text);
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EEXIST') throw new WorkbenchError('FILE_EXISTS', { file });
    throw new WorkbenchError('STORAGE_FAILED', { file, reason: reasonOf(error) }, { cause: error });
  }
}
