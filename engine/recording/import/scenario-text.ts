/** The text of an imported scenario: YAML that a person can read on and edit. */
import { dirname, relative, sep } from 'node:path';
import { Document, isMap, isSeq } from 'yaml';
import type { SourceHeader } from '../../replay/source.ts';
import { formatMicros } from '../../scenario/units.ts';
import { formatInstant } from '../timestamps.ts';
import type { Draft } from './draft.ts';

export interface ScenarioTextOptions {
  /** Absolute path of the file to be; paths inside are relative to it. */
  readonly outFile: string;
  /** Absolute path of the JSON Schema, for editors. */
  readonly schemaFile: string;
  readonly header: SourceHeader;
}

export function scenarioText(
  draft: Draft,
  { outFile, schemaFile, header }: ScenarioTextOptions,
): string {
  const from = dirname(outFile);
  const { startUnixUs, durationUs } = header;
  const document = new Document({
    apiVersion: 'workbench/v1',
    kind: 'recorded',
    name: draft.name,
    title: draft.title,
    description: draft.description,
    sources: draft.sources.map(({ format, path, options }) => ({
      format,
      path: portable(relative(from, path)),
      ...options,
    })),
    ...(draft.services.length > 0 ? { services: draft.services.map(shortService) } : {}),
    ...(draft.dependencies.length > 0 ? { dependencies: draft.dependencies } : {}),
    ...(draft.truth ? { truth: truthOf(draft.truth, startUnixUs) } : {}),
    detectors: 'default',
  });
  oneLineEach(document, 'services');
  oneLineEach(document, 'dependencies');
  const start = formatInstant({ us: startUnixUs, ns: 0 });
  document.commentBefore = [
    `yaml-language-server: $schema=${portable(relative(from, schemaFile))}`,
    ...draft.notes,
    `T+0 is ${start}, the minute of the first record; the recording lasts ${formatMicros(durationUs)}`,
  ]
    .map((line) => ` ${line}`)
    .join('\n');
  return document.toString({ lineWidth: 100, flowCollectionPadding: true });
}

/** What is left out has the format's default. */
function shortService({ name, kind, entry }: Draft['services'][number]) {
  return {
    name,
    ...(kind === 'service' ? {} : { kind }),
    ...(entry ? { entry } : {}),
  };
}

function truthOf(truth: NonNullable<Draft['truth']>, startUnixUs: number) {
  const sinceStart = (us: number) => formatMicros(Math.max(0, us - startUnixUs));
  return {
    ...(truth.service === null
      ? {}
      : { root_cause: { service: truth.service, fault: truth.fault } }),
    category: truth.category,
    ...(truth.alsoAccepted.length > 0 ? { also_accepted: truth.alsoAccepted } : {}),
    ...(truth.windows.length === 0
      ? {}
      : {
          windows: truth.windows.map(({ from, to }) => ({
            from: sinceStart(from),
            to: sinceStart(to),
          })),
        }),
  };
}

/** Long lists of small things read better with one line for each. */
function oneLineEach(document: Document, key: string): void {
  const list = document.get(key);
  if (!isSeq(list)) return;
  for (const item of list.items) if (isMap(item)) item.flow = true;
}

function portable(path: string): string {
  return sep === '/' ? path : path.split(sep).join('/');
}
