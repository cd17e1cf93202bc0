/** Who calls a simulated system, and what people change in it, in JSON Schema by TypeBox. */
import Type from 'typebox';
import type { Static } from 'typebox';
import { limits } from '../limits.ts';
import {
  chosenBy,
  closed,
  count,
  duration,
  factor,
  list,
  mapOf,
  name,
  oneOf,
  share,
  taggedBy,
  text,
  unit,
  yesNo,
} from './schema-parts.ts';

const surge = Type.Object(
  {
    at: duration('When it begins, counted from the start.'),
    until: duration('When it is over, counted from the start.'),
    factor: factor('So many times the rate.', { minimum: 0, maximum: 1_000 }),
    ramp: Type.Optional(duration('Reached and left over this long; at once where left out.')),
  },
  { ...closed, description: 'A flash crowd.' },
);

const reload = Type.Object(
  {
    share: share('Share of failed or slow requests that are made again.'),
    after: Type.Optional(duration('After this long; 2s where left out.')),
    max: Type.Optional(
      count('At most so many times; once where left out.', { minimum: 1, maximum: 20 }),
    ),
  },
  { ...closed, description: 'Users who press reload.' },
);

const entry = name('The service that is called.');
const endpoint = Type.Optional(name('Which of its endpoints, where it has several.'));

const users = Type.Object(
  {
    entry,
    endpoint,
    // The other kinds stand here for the message and for the editor; their branches come first.
    kind: Type.Optional(
      Type.Unsafe<'users'>({
        type: 'string',
        enum: ['users', 'probe', 'batch'],
        'x-tag': true,
        description: 'Who calls; users where left out.',
      }),
    ),
    rate: unit('rate', 'Requests of users; they do not wait for answers (open loop).'),
    shape: Type.Optional(
      oneOf(['steady', 'daily', 'weekly'], 'How the rate moves; steady where left out.'),
    ),
    mix: Type.Optional(
      mapOf(share('Share of the rate.'), 'Endpoints by share, 100% in all, instead of endpoint.'),
    ),
    surges: Type.Optional(list(surge, 'Flash crowds.', { maxItems: limits.surgesMax })),
    patience: Type.Optional(duration('Users go away after this long. Never, where left out.')),
    reload: Type.Optional(reload),
  },
  { ...closed, description: 'Requests of users.' },
);

const probe = Type.Object(
  {
    entry,
    endpoint,
    kind: Type.Literal('probe', { description: 'One request after the other, like a clock.' }),
    every: duration('Distance between them.'),
    timeout: Type.Optional(duration('Gives up after this long. Never, where left out.')),
  },
  { ...closed, description: 'A synthetic check from outside.' },
);

const batch = Type.Object(
  {
    entry,
    endpoint,
    kind: Type.Literal('batch', { description: 'Many requests at once, every so often.' }),
    every: duration('Distance between the beginnings.'),
    burst: count('Requests each time.', { minimum: 1, maximum: 1_000_000 }),
    spread: Type.Optional(duration('Over this long; at once where left out.')),
  },
  { ...closed, description: 'A job that runs by the clock.' },
);

export const traffic = chosenBy('kind', users, { probe, batch }, 'Requests from outside.');

const changeCommon = {
  at: duration('When, counted from the start.'),
  service: name('Name of the service.'),
  note: Type.Optional(text('What people see.')),
};

const plainChange = <const K extends string>(kind: K, description: string) =>
  Type.Object({ ...changeCommon, kind: Type.Literal(kind, { description }) }, closed);

export const change = taggedBy(
  'kind',
  [
    Type.Object(
      {
        ...changeCommon,
        kind: Type.Literal('deploy', { description: 'A version goes out.' }),
        version: Type.Optional(name('The version that was deployed.')),
        instances: Type.Optional(
          count('Only so many instances, a canary; all where left out.', {
            minimum: 1,
            maximum: limits.instancesPerServiceMax,
          }),
        ),
        over: Type.Optional(
          duration('One instance after the other over this long; at once where left out.'),
        ),
      },
      closed,
    ),
    Type.Object(
      {
        ...changeCommon,
        kind: Type.Literal('flag', { description: 'A flag goes on or off.' }),
        flag: Type.Optional(name('Which flag of the service.')),
        on: Type.Optional(yesNo('It goes on. Yes, where left out.')),
      },
      closed,
    ),
    Type.Object(
      {
        ...changeCommon,
        kind: Type.Literal('config', { description: 'The configuration changes.' }),
        config: Type.Optional(name('Its new revision.')),
      },
      closed,
    ),
    plainChange('scaling', 'People, or a program, look at the number of instances.'),
    plainChange('certificate', 'A certificate is renewed or replaced.'),
    plainChange('other', 'Anything else.'),
  ],
  'A deploy, flag, configuration, scaling or certificate event.',
);

export type TrafficFile = Static<typeof traffic>;
export type UsersFile = Static<typeof users>;
export type ChangeFile = Static<typeof change>;
