/** Objectives and ground truth, in JSON Schema by TypeBox. */
import Type from 'typebox';
import type { Static } from 'typebox';
import { insightCategories } from '../insight/model.ts';
import { limits } from '../limits.ts';
import { changeKinds } from '../sdk/index.ts';
import {
  closed,
  count,
  duration,
  list,
  mapOf,
  name,
  oneOf,
  oneOrMany,
  share,
  text,
} from './schema-parts.ts';

export const objective = Type.Object(
  {
    service: name('The service that the objective is about.'),
    endpoint: Type.Optional(name('Only this endpoint of it; all where left out.')),
    name: text('What people call the objective.'),
    target: share('Share of requests that must be good.'),
    window: duration('The window that the share is taken over.'),
    latency: Type.Optional(
      duration('A good request is answered within this. Any answer will do, where left out.'),
    ),
  },
  closed,
);

const from = Type.Optional(duration('Where to look from; the first fault where left out.'));
const to = Type.Optional(duration('Where to look to; the end where left out.'));
const service = name('Whose records.');
const needle = Type.String({
  minLength: 1,
  maxLength: limits.scenarioTextCharsMax,
  description: 'Text that the record has in it.',
});
const counted = {
  at_least: Type.Optional(
    count('So many of them; 1 where left out, 0 with at_most.', { minimum: 0, maximum: 1e9 }),
  ),
  at_most: Type.Optional(count('Not more of them.', { minimum: 0, maximum: 1e9 })),
};

const metricCheck = Type.Object(
  {
    service,
    name: name('Name of the metric: db.client.connection.utilization.'),
    attributes: Type.Optional(mapOf(name('The value.'), 'Attributes that the series must have.')),
    statistic: Type.Optional(
      oneOf(['mean', 'max', 'min'], 'Of the points in between; mean where left out.'),
    ),
    from,
    to,
    above: Type.Optional(
      Type.Number({ description: 'More than this, in the unit of the series.' }),
    ),
    below: Type.Optional(
      Type.Number({ description: 'Less than this, in the unit of the series.' }),
    ),
    above_baseline: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: 1e9,
        description: 'More than so many times the mean before the first fault.',
      }),
    ),
    below_baseline: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: 1e9,
        description: 'Less than so many times the mean before the first fault.',
      }),
    ),
    unchanged_within: Type.Optional(
      share('Not further than this from the mean before the first fault.'),
    ),
  },
  closed,
);
const logCheck = Type.Object({ service, contains: needle, from, to, ...counted }, closed);
const spanCheck = Type.Object(
  { service, contains: Type.Optional(needle), from, to, ...counted },
  closed,
);
const changeCheck = Type.Object(
  {
    service,
    kind: Type.Optional(oneOf(changeKinds, 'What was changed.')),
    contains: Type.Optional(needle),
    from: Type.Optional(duration('Where to look from; the start where left out.')),
    to,
  },
  closed,
);

const clue = Type.Object(
  {
    says: text('A sentence that the records bear out.'),
    metric: Type.Optional(oneOrMany(metricCheck, 'A metric and what it does.')),
    log: Type.Optional(oneOrMany(logCheck, 'Log records that are there, or are not.')),
    span: Type.Optional(oneOrMany(spanCheck, 'Spans that are there, or are not.')),
    change: Type.Optional(oneOrMany(changeCheck, 'A change that people see.')),
  },
  { ...closed, description: 'A sentence, and what to look up in the records of a run.' },
);

const redHerring = Type.Object(
  { says: text('What looks like a cause and is none.'), falsified_by: clue },
  { ...closed, description: 'A false trail, and how the records show that it is one.' },
);

const claim = Type.Object(
  {
    do: list(
      Type.String({
        minLength: 1,
        maxLength: limits.actionCharsMax,
        description: 'An action: rollback:checkout.',
      }),
      'Actions, taken together.',
      { minItems: 1, maxItems: 20 },
    ),
    at: duration('When they are taken, counted from the start.'),
    says: text('Why.'),
  },
  { ...closed, description: 'Actions whose outcome is compared with doing nothing.' },
);

const category = oneOf(insightCategories, 'What kind of trouble it is.');

const window = Type.Object(
  {
    from: duration('When users began to suffer, counted from the start.'),
    to: duration('When it was over, counted from the start.'),
  },
  closed,
);

const edge = Type.Object(
  { from: name('Where it was.'), to: name('Where it went.') },
  { ...closed, description: 'How the trouble went from one service to another.' },
);

const few = { maxItems: limits.truthItemsMax };

export const truth = Type.Object(
  {
    root_cause: Type.Optional(
      Type.Object(
        {
          service: name('The service in which it began.'),
          fault: Type.Optional(
            name('The id of the fault; in a recording, what is known of it in a few words.'),
          ),
        },
        { ...closed, description: 'What began it all.' },
      ),
    ),
    category: Type.Optional(category),
    also_accepted: Type.Optional(
      list(category, 'Other answers that count as right.', { maxItems: insightCategories.length }),
    ),
    also_accepted_services: Type.Optional(
      list(name('A service.'), 'Other services that count as the root cause.', few),
    ),
    windows: Type.Optional(
      list(window, 'Recordings: when the outage was. In a simulation the engine knows.'),
    ),
    trigger: Type.Optional(text('What set it off.')),
    contributing: Type.Optional(list(text('A sentence.'), 'What made it worse.', few)),
    latent: Type.Optional(text('What had been waiting for it.')),
    propagation: Type.Optional(list(edge, 'How the trouble travelled.', few)),
    clues: Type.Optional(list(clue, 'How one can know.', few)),
    red_herrings: Type.Optional(list(redHerring, 'False trails.', few)),
    helpful: Type.Optional(list(claim, 'Better than doing nothing.', few)),
    harmful: Type.Optional(list(claim, 'Tempting, and worse than doing nothing.', few)),
  },
  { ...closed, description: 'Ground truth: only the scorer and the instructor see it.' },
);

export type ObjectiveFile = Static<typeof objective>;
export type TruthFile = Static<typeof truth>;
export type ClueFile = Static<typeof clue>;
export type MetricCheckFile = Static<typeof metricCheck>;
export type ClaimFile = Static<typeof claim>;
