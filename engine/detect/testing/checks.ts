/** The rules that every detector keeps, checked on its examples and on scenes that are unkind. */
import { limits } from '../../limits.ts';
import { seriesRoles } from '../../sdk/index.ts';
import { notPlain } from '../plain.ts';
import type { Examples } from './examples.ts';
import { logs, noise, points } from './film.ts';
import type { Scene, SceneRecord } from './scene.ts';
import { failureOf, show, type Candidate, type ShowOptions, type Showing } from './screen.ts';

/** A rule that every detector keeps. */
export interface Rule {
  /** '' where it holds, else what breaks it. */
  readonly check: (candidate: Candidate, examples: Examples) => string;
  /** What to do about a detector that breaks it. */
  readonly hint: string;
}

const survivalHint =
  'a real stream has such records: look for a division by zero, an empty list, or a value that is no number';

export const rules: Readonly<Record<string, Rule>> = {
  'has a quiet and a firing example': {
    // One without a message can only ever be quiet.
    check: ({ metadata }, { quiet, fires }) =>
      quiet.length > 0 && (fires.length > 0 || Object.keys(metadata.messages).length === 0)
        ? ''
        : 'examples.ts needs at least one of each',
    hint: 'beside detector.ts lies examples.ts, beside my.ts lies my.examples.ts: export default defineExamples({ quiet: […], fires: […] })',
  },
  'uses every message': {
    check: everyMessageUsed,
    hint: 'add a firing example for it, or take the message out',
  },
  'says the same twice for the same seed': {
    check: (candidate, examples) =>
      each(examples, (scene, config) =>
        differs(candidate, scene, config, { seed: 7 }, { seed: 7 }),
      ),
    hint: 'something outlives a run: keep everything in the state, nothing in variables of the module',
  },
  'says the same wherever ranges are cut': {
    check: (candidate, examples) =>
      each(examples, (scene, config) =>
        differs(candidate, scene, config, {}, { cuts: cutsOf(scene), batchSize: 997 }),
      ),
    hint: 'records come in batches of any size: keep everything in the state, nothing in variables of the module',
  },
  'says of a beginning what it says of the whole': {
    check: (candidate, examples) =>
      each(examples, (scene, config) => foresight(candidate, scene, config)),
    hint: 'it knows what comes later: use nothing but records up to now, and the intervals only up to now',
  },
  'goes on from a snapshot of its state': {
    check: (candidate, examples) =>
      each(examples, (scene, config) => {
        const cuts = cutsOf(scene);
        const replaceAt = Math.max(1, cuts.length >> 1);
        return differs(candidate, scene, config, { cuts }, { cuts, replaceAt });
      }),
    hint: 'the state is copied and put back as plain data: keep no function, Map or class in it, and nothing outside of it',
  },
  'is not moved by records it does not listen to': {
    check: (candidate, examples) =>
      each(examples, (scene, config) => {
        const more = { ...scene, records: [...scene.records, ...unheard(candidate, scene)] };
        return compare(show(candidate, scene, config), show(candidate, more, config));
      }),
    hint: 'it counts calls of tick or reads the topology where it should read its own records',
  },
  'keeps plain states within the limit': {
    check: (candidate, examples) =>
      each(examples, (scene, config) => stateProblem(show(candidate, scene, config))),
    hint: 'numbers, texts, booleans, null, and arrays and objects of them; forget what is old',
  },
  'survives nothing at all': {
    check: (candidate) => survives(candidate, { seconds: 5, records: [] }),
    hint: survivalHint,
  },
  'survives many records of one moment': {
    check: (candidate) => survives(candidate, oneMoment()),
    hint: survivalHint,
  },
  'survives every script and control character': {
    check: (candidate) => survives(candidate, unkindText()),
    hint: survivalHint,
  },
  'survives huge, tiny and negative values': {
    check: (candidate) => survives(candidate, unkindValues()),
    hint: survivalHint,
  },
};

/** How much of a scene is its beginning. */
const beginningShare = 0.6;

type Setting = Pick<ShowOptions, 'config'>;

/** The first problem over all scenes, with the name of the example. */
function each(examples: Examples, check: (scene: Scene, setting: Setting) => string): string {
  for (const { name, scene, config } of [...examples.quiet, ...examples.fires]) {
    const problem = check(scene, config === undefined ? {} : { config });
    if (problem !== '') return `in "${name}": ${problem}`;
  }
  return '';
}

function everyMessageUsed(candidate: Candidate, examples: Examples): string {
  const said = new Set(
    examples.fires.flatMap(({ scene, config }) =>
      show(candidate, scene, config === undefined ? {} : { config }).findings.map(
        (finding) => finding.message,
      ),
    ),
  );
  const unused = Object.keys(candidate.metadata.messages).filter((id) => !said.has(id));
  return unused.length === 0 ? '' : `no firing example says ${unused.join(', ')}`;
}

function differs(
  candidate: Candidate,
  scene: Scene,
  setting: Setting,
  one: ShowOptions,
  other: ShowOptions,
): string {
  return compare(
    show(candidate, scene, { ...setting, ...one }),
    show(candidate, scene, { ...setting, ...other }),
  );
}

function compare(a: Showing, b: Showing): string {
  const problem = failureOf(a) || failureOf(b);
  if (problem !== '') return problem;
  for (const part of ['findings', 'scores'] as const) {
    const [left, right] = [a[part], b[part]];
    const at = left.findIndex((one, i) => JSON.stringify(one) !== JSON.stringify(right[i]));
    if (at >= 0 || left.length !== right.length) {
      const shown = JSON.stringify(left[at] ?? null);
      const instead = JSON.stringify(right[at < 0 ? left.length : at] ?? null);
      return `${part} differ: ${shown} became ${instead}`;
    }
  }
  return '';
}

/** What it says differently when it is shown the first part only: it has looked ahead. */
function foresight(candidate: Candidate, scene: Scene, setting: Setting): string {
  const seconds = scene.seconds * beginningShare;
  const through = seconds * 1_000_000;
  const records = scene.records.filter(({ at }) => at < seconds);
  const services = [...(scene.services ?? []), ...scene.records.map(({ service }) => service)];
  const recorded = scene.recorded?.flatMap(([from, to]) =>
    from < seconds ? [[from, Math.min(to, seconds)] as const] : [],
  );
  const beginning = { ...scene, seconds, records, services, ...(recorded ? { recorded } : {}) };
  const before = (showing: Showing): Showing => ({
    ...showing,
    findings: showing.findings.filter(({ t }) => t < through),
    scores: showing.scores.filter(({ t }) => t < through),
  });
  return compare(
    before(show(candidate, beginning, setting)),
    before(show(candidate, scene, setting)),
  );
}

/** Seven moments that fall on no round second, and one that does. */
function cutsOf(scene: Scene): number[] {
  const end = scene.seconds * 1_000_000;
  const cuts = [1, 2, 3, 4, 5, 6, 7].map((i) => Math.floor((end * i) / 7.3) + 3);
  const round = Math.floor(scene.seconds / 2) * 1_000_000;
  return [...cuts, round].filter((cut) => cut > 0 && cut < end).sort((a, b) => a - b);
}

/** Records of the kinds that the detector has no hook for. */
function unheard(candidate: Candidate, scene: Scene): SceneRecord[] {
  const service = scene.records[0]?.service ?? scene.services?.[0];
  if (service === undefined) return [];
  const at = scene.seconds / 3;
  const all: SceneRecord[] = [
    { kind: 'log', at, service, severity: 21, body: 'panic' },
    { kind: 'metric', at, service, metric: 'never.heard.of', value: 1e9 },
    { kind: 'change', at, service, change: 'deploy', note: 'v2' },
    {
      kind: 'span',
      at,
      service,
      name: 'x',
      duration: 9,
      traceId: 't',
      spanId: 's',
      status: 'error',
    },
  ];
  return all.filter(({ kind }) => !candidate.metadata.hooks.includes(kind));
}

function stateProblem(showing: Showing): string {
  const failed = failureOf(showing);
  if (failed !== '') return failed;
  for (const { state } of showing.snapshot.lanes) {
    const problem = notPlain(state);
    if (problem !== null) return problem;
    const bytes = Buffer.byteLength(JSON.stringify(state));
    if (bytes > limits.detectorStateBytesMax) {
      return `a state has ${bytes} bytes; the limit is ${limits.detectorStateBytesMax}`;
    }
  }
  return '';
}

function survives(candidate: Candidate, scene: Scene): string {
  return stateProblem(show(candidate, scene));
}

function oneMoment(): Scene {
  const burst = Array.from({ length: 5000 }, (_, i): SceneRecord => ({
    kind: 'log',
    at: 60,
    service: 'web',
    severity: 17,
    body: `timeout ${i}`,
  }));
  const same = Array.from({ length: 500 }, (_, i): SceneRecord => ({
    kind: 'metric',
    at: 60,
    service: 'web',
    metric: 'm',
    role: 'error_ratio',
    value: i / 500,
    every: 10,
  }));
  return { seconds: 120, records: [...burst, ...same] };
}

function unkindText(): Scene {
  const bodies = [
    '',
    '\u0000\u001b[2J',
    '日本語 العربية 😀',
    '\ud800',
    'e\u0301',
    'x'.repeat(limits.bodyCharsMax),
    '{placeholder}',
    '__proto__',
  ];
  const records = bodies.flatMap((body, i): SceneRecord[] => [
    { kind: 'log', at: i + 1, service: 'größe/π>ω', severity: 17, body },
    {
      kind: 'log',
      at: i + 1,
      service: '__proto__',
      severity: 24,
      body,
      attributes: { [body]: body },
    },
    { kind: 'metric', at: i + 1, service: 'größe/π>ω', metric: '{}', value: i },
  ]);
  return { seconds: 60, records };
}

function unkindValues(): Scene {
  const extremes = [0, -0, 1e308, -1e308, 5e-324, Number.MAX_SAFE_INTEGER, -1, 1e-9];
  const values = Array.from({ length: 400 }, (_, i) => extremes[i % extremes.length] ?? 0);
  const wild = [...seriesRoles, null].flatMap((role) =>
    points({ service: 'web', metric: `m.${role}`, role, every: 1, values }),
  );
  const flat = Array.from({ length: 50 }, () => 0);
  const waking = noise({ mean: 0, deviation: 1, count: 10, seed: 1 });
  const constant = points({
    service: 'web',
    metric: 'constant',
    every: 6,
    values: [...flat, ...waking],
  });
  const chatter = logs({ service: 'web', perSecond: 1, from: 0, to: 400 });
  return { seconds: 400, records: [...wild, ...constant, ...chatter] };
}
