/** A new scenario as its author finds it: the file, and the page for those who play it. */
import { stringify } from 'yaml';
import { formatMicros } from '../engine/scenario/index.ts';
import type { Check, Clue } from '../engine/scenario/model.ts';
import type { Recipe } from './scenario-recipes.ts';

/** One clear signal: red herrings are for the author to add. */
const difficulty = 1;
const minuteUs = 60_000_000;
const secondUs = 1_000_000;

export interface Draft {
  readonly name: string;
  readonly title: string;
  readonly fault: string;
  readonly recipe: Recipe;
  readonly at: string;
  readonly duration: string;
  readonly clues: readonly Clue[];
  /** When somebody has found out and acts; with the fault, where nobody knows yet. */
  readonly helpAt: string;
}

export function scenarioText(draft: Draft): string {
  const { name, title, fault, recipe, at, duration, clues, helpAt } = draft;
  const { service, category, alsoAccepted, deploy, helpful, custom } = recipe;
  const document = {
    extends: '../base/shop.yaml',
    apiVersion: 'workbench/v1',
    kind: 'simulated',
    name,
    title,
    description:
      'Customers complain. You are on call. What is broken, and what do you do about it?',
    tags: [fault],
    difficulty,
    seed: 1,
    start: '2026-03-02T09:00:00Z',
    duration,
    changes: [
      ...(deploy ? [{ at, kind: 'deploy', service, ...deploy, over: '1m' }] : []),
      { at: '3m', kind: 'flag', service: 'storefront', flag: 'spring-banner', note: 'banner on' },
    ],
    faults: [{ id: 'fault', kind: fault, at, service, ...recipe.fault }],
    ...(custom ? { actions: { add: [{ ...custom, service, takes: '2m', ends: ['fault'] }] } } : {}),
    truth: {
      root_cause: { service, fault: 'fault' },
      category,
      also_accepted: alsoAccepted,
      clues: clues.map(clueOf),
      helpful: [{ do: [helpful], at: helpAt, says: 'It ends the cause.' }],
    },
  };
  const head = `# The clues are what the records of a first run show; choose those that a person would find.
# Above difficulty 1 the audit also asks for red herrings, and that no simple rule finds the cause.
`;
  return head + stringify(document, { lineWidth: 100 });
}

function clueOf({ says, checks }: Clue) {
  const [check] = checks;
  return check ? { says, [check.stream]: checkOf(check) } : { says };
}

function checkOf(check: Check) {
  const { service, from, to } = check;
  // Outwards, so that what the check asks for stays inside.
  const when = {
    from: formatMicros(Math.floor(from / secondUs) * secondUs),
    to: formatMicros(Math.ceil(to / secondUs) * secondUs),
  };
  if (check.stream === 'metric') {
    const { name, attributes, statistic, expect } = check;
    const what = Object.keys(attributes).length > 0 ? { attributes } : {};
    const limit = 'value' in expect ? { [expect.is]: expect.value } : {};
    return { service, name, ...what, statistic, ...when, ...limit };
  }
  if (check.stream === 'change') return { service, contains: check.contains, ...when };
  return { service, contains: check.contains, ...when, at_least: check.atLeast };
}

export function scenarioPage(
  { title, name, fault, recipe }: Draft,
  { durationUs, program }: { readonly durationUs: number; readonly program: string },
): string {
  const minutes = Number((durationUs / minuteUs).toFixed(1));
  return `# ${title}

Difficulty ${difficulty} of 4 · ${minutes} minutes

**Briefing.** You are on call for a shop. Customers complain; nobody knows more. Everything is in the logs,
the metrics, the traces and the list of changes. What is broken, and what do you do about it?

\`\`\`sh
${program} run ./${name} --open
\`\`\`

${tryingText(program, "the workbench's page about scenarios")}

<details>
<summary><b>Spoilers</b>: what happens, and how one can know</summary>

**Tags.** ${fault}

**Cause.** It begins in \`${recipe.service}\`.

**Course.** What users notice, and in which order.

**Clues.** Three that do not depend on each other.

**Red herrings.** What looks guilty, and what shows that it is not.

**Right:** \`${recipe.helpful}\`. **Tempting and harmful:** …

</details>
`;
}

/** How those who play a scenario find out whether they are right: the same in every briefing. */
export function tryingText(program: string, actions: string): string {
  return `Would it have helped? \`${program} fork <run> --at 12:30 --action <action>\` does it at that moment of the
run and says what it changed (\`${program} runs list\` names the run, ${actions}
what can be done, \`${program} fork --help\` the rest); \`${program} runs diff <run> <fork>\` holds the two
against each other. To check your answer open the spoilers: they tell what happened, and what actions are worth.`;
}
