/**
 * Sources of a recorded scenario: one closed object per format, told apart by `format`. A new
 * reader adds its options here and its format to `sourceFormats` in `model.ts`.
 */
import Type from 'typebox';
import type { Static } from 'typebox';
import { limits } from '../limits.ts';
import { seriesRoles } from '../sdk/index.ts';
import { closed, duration, list, name, oneOf, taggedBy, text, unit } from './schema-parts.ts';

const path = Type.String({
  minLength: 1,
  maxLength: 1024,
  description: 'File or folder, relative to the scenario file. `.gz` is read as it is.',
});

const column = (description: string) => Type.Optional(name(description));

const jsonlLogs = Type.Object(
  {
    format: Type.Literal('jsonl-logs', {
      description: 'One JSON object per line, each a log record.',
    }),
    path,
    service: Type.Optional(name('Service of records that name none.')),
    levels: Type.Optional(
      oneOf(
        ['auto', 'pino', 'otel', 'syslog'],
        'What the numbers of a level field mean; auto takes 10, 20 … 60 for pino, others for OpenTelemetry.',
      ),
    ),
    fields: Type.Optional(
      Type.Object(
        {
          time: column('Field with the time. Usual names are found by themselves.'),
          severity: column('Field with the level.'),
          service: column('Field with the service.'),
          body: column('Field with the text.'),
          trace: column('Field with the trace id.'),
        },
        { ...closed, description: 'Where the fields have unusual names; dots go into objects.' },
      ),
    ),
  },
  closed,
);

const csvMetricsLong = Type.Object(
  {
    format: Type.Literal('csv-metrics-long', { description: 'One measured value per row.' }),
    path,
    service: Type.Optional(name('Service of rows that name none.')),
    unit: Type.Optional(name('UCUM unit of the values where no column has it: s, 1, By.')),
    columns: Type.Optional(
      Type.Object(
        {
          time: column('Column with the time.'),
          service: column('Column with the service.'),
          metric: column('Column with the name of the metric.'),
          value: column('Column with the value.'),
          unit: column('Column with the unit.'),
        },
        { ...closed, description: 'Where the columns have unusual names.' },
      ),
    ),
    roles: Type.Optional(
      Type.Unsafe<Record<string, (typeof seriesRoles)[number]>>({
        type: 'object',
        description: 'What a metric, by its name, tells about its service.',
        maxProperties: limits.scenarioItemsMax,
        propertyNames: { maxLength: limits.scenarioNameCharsMax },
        additionalProperties: oneOf(seriesRoles, 'The role.'),
      }),
    ),
  },
  closed,
);

const wideMetric = Type.Object(
  {
    metric: Type.Optional(name('Name of the metric; the column, where it is left out.')),
    service: Type.Optional(name("Service of this column, where it isn't the file's.")),
    unit: Type.Optional(name('UCUM unit: s, 1, By, {request}/s.')),
    role: Type.Optional(oneOf(seriesRoles, 'What the series tells about its service.')),
  },
  { ...closed, description: 'What the column measures.' },
);

const csvMetricsWide = Type.Object(
  {
    format: Type.Literal('csv-metrics-wide', {
      description: 'One row per time, one column per metric.',
    }),
    path,
    service: Type.Optional(name('Service of the columns.')),
    time: Type.Optional(name('Column with the time.')),
    metrics: Type.Optional(
      Type.Unsafe<Record<string, Static<typeof wideMetric>>>({
        type: 'object',
        description: 'Columns to read, each with its meaning; all of them where left out.',
        maxProperties: limits.scenarioItemsMax,
        propertyNames: { maxLength: limits.scenarioNameCharsMax },
        additionalProperties: wideMetric,
      }),
    ),
  },
  closed,
);

const petshop = Type.Object(
  {
    format: Type.Literal('petshop', { description: 'The PetShop root-cause dataset.' }),
    path,
    case: text('Which issue: low_traffic/test/issue_0.'),
    baseline: Type.Optional(
      duration('How much of the normal period to put before the issue. 12h where left out.'),
    ),
  },
  closed,
);

const skipped = Type.Object(
  {
    from: unit('instant', 'Where to stop reading.'),
    to: unit('instant', 'Where to go on.'),
  },
  { ...closed, description: 'A stretch to leave out.' },
);

const nezha = Type.Object(
  {
    format: Type.Literal('nezha', { description: 'The Nezha dataset: logs, metrics and spans.' }),
    path: Type.String({
      minLength: 1,
      maxLength: 1024,
      description: 'Folder of one day of the dataset, relative to the scenario file.',
    }),
    from: Type.Optional(unit('instant', 'Records from here on. All of the day, where left out.')),
    to: Type.Optional(unit('instant', 'Records before. All of the day, where left out.')),
    skip: Type.Optional(
      list(skipped, 'Stretches to leave out: other faults of the same day.', { maxItems: 100 }),
    ),
  },
  closed,
);

export const source = taggedBy(
  'format',
  [jsonlLogs, csvMetricsLong, csvMetricsWide, petshop, nezha],
  'One recording.',
);
export type SourceFile = Static<typeof source>;
