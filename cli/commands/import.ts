/** `workbench import`: a dataset's case or a file of records becomes a scenario that is ready to run. */
import { basename, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { ExitCode, WorkbenchError } from '../../engine/errors.ts';
import { pathKind } from '../../engine/path-kind.ts';
import type { ImportRequest, Imported } from '../../engine/recording/index.ts';
import { jsonlFieldNames } from '../../engine/recording/model.ts';
import { similarFile } from '../../engine/similar.ts';
import { printable } from '../../engine/terminal-text.ts';
import { homeFolders } from '../home.ts';
import { rememberPaths } from '../source-paths.ts';
import type { Io } from '../io.ts';
import { importLines } from '../output/import.ts';
import { count } from '../output/format.ts';
import { emit } from '../output/json.ts';
import { nearPath } from '../output/next.ts';
import { painter } from '../output/style.ts';
import { packageFolder } from '../package-files.ts';
import type { RegisterCommand } from './command.ts';

interface ImportFlags {
  readonly out?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

export const registerImport: RegisterCommand = (program, { io, run }) => {
  const group = program
    .command('import')
    .description('make a scenario from a recording')
    .addHelpText('after', example(io));
  for (const [kind, dataset, sample] of datasets) {
    withOutput(group.command(kind))
      .description(`one case of the ${dataset} dataset, with its ground truth`)
      .argument('<folder>', 'the dataset: the folder with cases.csv')
      .requiredOption('--case <id>', `which case: ${sample}`)
      .action(
        run((folder: string, flags: ImportFlags & { case: string }) =>
          importCommand(io, flags, { kind, folder: resolve(io.cwd, folder), case: flags.case }),
        ),
      );
  }
  for (const [kind, what, layout] of files) {
    withOutput(group.command(kind))
      .description(what)
      .addHelpText('after', layout)
      .argument('<file>', 'the file; gzip is read as it is')
      .option('--service <name>', 'the service of records that name none')
      .action(
        run((file: string, flags: ImportFlags & { service?: string }) =>
          importCommand(io, flags, { kind, file: resolve(io.cwd, file), service: flags.service }),
        ),
      );
  }
};

const datasets = [
  ['petshop', 'PetShop', 'low_traffic/test/issue_0'],
  ['nezha', 'Nezha', 'nezha-tt-2023-01-29-06'],
] as const;

const jsonlLayout = `
Each field is looked for under these names:
${Object.entries(jsonlFieldNames)
  .map(([field, names]) => `  ${field.padEnd(10)}${names.join(' ')}`)
  .join('\n')}
Others are named in the scenario: fields: { time: when }.
`;

const csvLayout = `
The first row names the columns:
  timestamp,service,metric,value   one value a row; others: columns: { time: when } in the scenario
  timestamp,cart_cpu,cart_latency  one series a column; others: time: when
`;

const files = [
  ['jsonl', 'log records, one JSON object a line', jsonlLayout],
  ['csv', 'metrics: one value a row, or one series a column', csvLayout],
] as const;

const example = ({ program }: Pick<Io, 'program'>) => `
Example:
  ${program} import petshop ../petshop --case low_traffic/test/issue_0 --out petshop.yaml
  ${program} run petshop.yaml
`;

function withOutput(command: Command): Command {
  return command
    .option('--out <file>', 'where to write the scenario (default: named after the case, here)')
    .option('--force', 'overwrite the scenario if it exists')
    .option('--json', 'one JSON object on stdout');
}

async function importCommand(io: Io, flags: ImportFlags, request: ImportRequest): Promise<number> {
  refuseMissing('file' in request ? request.file : request.folder);
  const { importRecording } = await import('../../engine/recording/index.ts');
  const outFile = resolve(io.cwd, flags.out ?? `${defaultName(request)}.yaml`);
  const watched = io.stderr.isTty && !flags.json;
  const imported = await importRecording(request, {
    outFile,
    schemaFile: schemaFile(),
    force: flags.force ?? false,
    cacheFolder: homeFolders(io).cache,
    onProgress: ({ records, file }) => {
      const line = `reading ${printable(file)} · ${count(records)} records`;
      if (watched) io.stderr.write(`\r\u001b[2K${line.slice(0, io.stderr.columns - 1)}`);
    },
  });
  if (watched) io.stderr.write('\r\u001b[2K');
  // Whoever imports a dataset or a file trusts a scenario with it.
  const imports = imported.draft.sources.map((source) => source.path);
  rememberPaths(homeFolders(io).home, imports);
  const path = nearPath(io.cwd, outFile);
  if (flags.json) emit(io, asJson(path, imported));
  else io.stdout.write(`${importLines(io, path, imported, painter(io, io.stdout)).join('\n')}\n`);
  return ExitCode.ok;
}

/** A path that was typed is worded as one, before the reader words it as a source of a scenario. */
function refuseMissing(path: string): void {
  if (pathKind(path).kind !== 'missing') return;
  throw new WorkbenchError('FILE_NOT_FOUND', { file: path, suggestion: similarFile(path) });
}

function defaultName(request: ImportRequest): string {
  return 'case' in request
    ? `${request.kind}-${request.case}`.replace(/^nezha-nezha-/, 'nezha-').replace(/[/\\_]+/g, '-')
    : basename(request.file).replace(/\..*$/, '');
}

function asJson(path: string, { draft, recording }: Imported) {
  const { header, report, cacheFile } = recording;
  return {
    type: 'import',
    scenario: path,
    name: draft.name,
    startUnixUs: header.startUnixUs,
    durationUs: header.durationUs,
    services: header.services.length,
    series: header.series.length,
    dependencies: header.dependencies.length,
    intake: header.intake,
    notes: report.notes,
    rejections: report.rejections,
    truth: draft.truth,
    cacheFile,
  };
}

/** The schema for editors lies beside the library of scenarios. */
function schemaFile(): string {
  return join(packageFolder(), 'scenarios/scenario.schema.json');
}
