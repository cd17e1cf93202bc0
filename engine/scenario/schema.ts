/**
 * The format of scenario files, `workbench/v1`, written once: TypeScript types, validation and the
 * JSON Schema for editors all come from here.
 */
import Type from 'typebox';
import type { Static } from 'typebox';
import { limits } from '../limits.ts';
import { actions } from './schema-actions.ts';
import { common } from './schema-common.ts';
import { fault } from './schema-faults.ts';
import { closed, count, duration, list, name, oneOf, share, unit } from './schema-parts.ts';
import { serviceKinds, simulatedService } from './schema-services.ts';
import { source } from './schema-sources.ts';
import { change, traffic } from './schema-traffic.ts';

const telemetry = Type.Object(
  {
    log_sample: Type.Optional(
      share('Share of success logs kept, errors always are; 5% where left out.'),
    ),
    trace_sample: Type.Optional(share('Share of traces whose spans are kept; 1% where left out.')),
    metric_interval: Type.Optional(
      unit('interval', 'Distance between the points of a metric; 10s where left out.'),
    ),
    metric_lag: Type.Optional(
      duration('From the end of an interval to its points; none where left out.'),
    ),
  },
  { ...closed, description: 'How much the system tells about itself.' },
);

export const simulatedFile = Type.Object(
  {
    ...common,
    kind: Type.Literal('simulated', { description: 'The engine makes the outage.' }),
    start: Type.Optional(unit('instant', 'Wall-clock start. 2026-01-01T00:00:00Z where left out.')),
    duration: duration('How long it lasts.'),
    zones: Type.Optional(
      list(
        name('Name of a zone.'),
        'Availability zones, instances spread over them; [a] where left out.',
        {
          minItems: 1,
          maxItems: limits.zonesMax,
        },
      ),
    ),
    nodes: Type.Optional(
      count('Hosts, spread over the zones; one for each zone where left out.', {
        minimum: 1,
        maximum: limits.nodesMax,
      }),
    ),
    services: list(simulatedService, 'The simulated system.', {
      minItems: 1,
      maxItems: limits.servicesMax,
    }),
    traffic: list(traffic, 'Who calls it, how often.'),
    changes: Type.Optional(list(change, 'What people changed; most of it is innocent.')),
    faults: Type.Optional(list(fault, 'What goes wrong, and when.')),
    actions: Type.Optional(actions),
    telemetry: Type.Optional(telemetry),
  },
  { ...closed, description: 'An outage that the engine simulates.' },
);

const recordedService = Type.Object(
  {
    name: name('Name as in the recording.'),
    kind: Type.Optional(oneOf(serviceKinds, 'What it is; service where left out.')),
    entry: Type.Optional(Type.Boolean({ description: 'Users call it. No, where left out.' })),
  },
  { ...closed, description: 'A service of the recording.' },
);

const dependency = Type.Object(
  { caller: name('The service that calls.'), callee: name('The service that is called.') },
  { ...closed, description: 'Who calls whom.' },
);

export const recordedFile = Type.Object(
  {
    ...common,
    kind: Type.Literal('recorded', { description: 'The outage happened elsewhere.' }),
    start: Type.Optional(unit('instant', 'Where to begin. At the first record, where left out.')),
    duration: Type.Optional(duration('How much of it. To the last record, where left out.')),
    sources: list(source, 'The recordings.', { minItems: 1 }),
    services: Type.Optional(
      list(recordedService, 'What is known of the services.', { maxItems: limits.servicesMax }),
    ),
    dependencies: Type.Optional(
      list(dependency, 'Who calls whom, where known.', { maxItems: 5_000 }),
    ),
  },
  { ...closed, description: 'An outage that was recorded.' },
);

export type SimulatedFile = Static<typeof simulatedFile>;
export type RecordedFile = Static<typeof recordedFile>;
export type TelemetryFile = Static<typeof telemetry>;
