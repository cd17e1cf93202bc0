/** What people may do about an outage, in JSON Schema by TypeBox. */
import Type from 'typebox';
import type { Static } from 'typebox';
import { limits } from '../limits.ts';
import { actionKinds } from './action-reader.ts';
import type { ActionKind } from './model.ts';
import { closed, duration, list, name, slug, text } from './schema-parts.ts';

const customAction = Type.Object(
  {
    id: slug('Its name, where people take it: restore-record.'),
    title: text('What people read.'),
    service: name('The service that it is about.'),
    takes: duration('How long until it works.'),
    ends: Type.Optional(list(name('Id of a fault.'), 'Faults that it ends.')),
    begins: Type.Optional(list(name('Id of a fault.'), 'Faults that it begins.')),
  },
  { ...closed, description: 'An action of this scenario.' },
);

const takes = Type.Optional(duration('How long until it works.'));
const delays = Type.Unsafe<Partial<Record<ActionKind, string>>>(
  Type.Object(Object.fromEntries(actionKinds.map((kind) => [kind, takes])), {
    ...closed,
    description: 'How long actions take, where other than usual.',
  }),
);

export const actions = Type.Object(
  {
    forbid: Type.Optional(
      list(
        Type.String({
          minLength: 1,
          maxLength: limits.actionCharsMax,
          description: 'A kind of action (fail-over), or one of them (restart:orders-db).',
        }),
        'What nobody may do here.',
        { maxItems: 100 },
      ),
    ),
    delays: Type.Optional(delays),
    add: Type.Optional(
      list(customAction, 'Actions of this scenario.', { maxItems: limits.customActionsMax }),
    ),
  },
  { ...closed, description: 'What people may do about the outage.' },
);

export type ActionsFile = Static<typeof actions>;
