/** What the panels choose to show: charts, services of a large map, findings, key figures. */
import { describe, expect, test, vi } from 'vitest';
import type { FindingRow, LogRow, RunSummary, SeriesNode } from '../../engine/query/types.ts';
import { chartsFor, usualRange, windowFor } from '../../web/lib/charts/choice.ts';
import { shorten, shortNames } from '../../web/lib/format/name.ts';
import { foldFindings } from '../../web/lib/incidents/incident.ts';
import { detectionText, recordsFigure } from '../../web/lib/kpis/kpi.ts';
import { storyOf, summaryOf } from '../../web/lib/incidents/story.ts';
import { walkTo } from '../../web/lib/logs/walk.ts';
import { wholeRows } from '../../web/lib/logs/window.ts';
import { rankServices, type MapScene } from '../../web/lib/map/focus.ts';
import { layoutThatFits, scaleMin } from '../../web/lib/map/layout.ts';
import { arrange, type RunColumn } from '../../web/lib/runs/arrange.ts';
import { forkText } from '../../web/lib/runs/fork.ts';
import { matching, timeOffer, type Offer } from '../../web/lib/shell/palette.ts';
import { clusterFindings } from '../../web/lib/strip/geometry.ts';

const second = 1_000_000;
const series = (id: number, own: Partial<SeriesNode>): SeriesNode => ({
  id,
  service: 'web',
  name: 'http.client.request.duration',
  unit: 's',
  attributes: { peer: `p${id}` },
  role: null,
  cadenceUs: 60 * second,
  ...own,
});

describe('charts', () => {
  test('series of one name are lines of one chart, and no two charts have one id', () => {
    const all = [
      ...Array.from({ length: 6 }, (_, id) => series(id, {})),
      series(7, { unit: 'By' }),
      series(8, { role: 'latency_p95' }),
      series(9, { role: 'latency_p95' }),
      series(10, { name: 'other' }),
    ];
    const charts = chartsFor(all, 'web');
    expect(charts.map(({ title, series: lines }) => [title, lines.length])).toEqual([
      ['Latency p95', 2],
      ['http.client.request.duration', 4],
      ['http.client.request.duration', 1],
      ['other', 1],
    ]);
    expect(new Set(charts.map(({ id }) => id)).size).toBe(charts.length);
  });

  test('the window is as long as the cadence asks', () => {
    const every = (seconds: number) => windowFor([series(1, { cadenceUs: seconds * second })]);
    expect(every(10).words).toBe('last 15 min');
    expect(every(60).words).toBe('last hour');
    expect(every(300).words).toBe('last 3 h');
    expect(every(86_400 * 365).words).toBe('last 7 days');
    expect(windowFor([]).words).toBe('last 15 min');
  });

  test('what is usual is known from enough points before the incident, and from no others', () => {
    const points = Array.from({ length: 40 }, (_, i) => [i, i < 30 ? 10 + (i % 3) : 900] as const);
    expect(usualRange(points, 30)).toEqual({ low: 10, high: 12 });
    expect(usualRange(points, 19)).toBeNull();
  });
});

describe('names', () => {
  test('keep both ends', () => {
    expect(shorten('lambda_step_price_Function', 12)).toBe('lambda_s…ion');
    expect(shorten('short', 12)).toBe('short');
  });

  test('lose what nearly all share, unless they would be equal', () => {
    const names = ['seat', 'order', 'route', 'basic', 'food'].map((n) => `ts-${n}-service`);
    expect([...shortNames(names, 20).values()]).toEqual([
      'seat',
      'order',
      'route',
      'basic',
      'food',
    ]);
    expect(shortNames([...names, 'seat'], 20).get('ts-seat-service')).toBe('ts-seat-service');
    expect(shortNames(['web-a', 'web-b'], 20).get('web-a')).toBe('web-a');
    const steps = ['lambda_step_priceGreater_AWS::Lambda', 'lambda_step_readTable_AWS::Lambda'];
    expect([...shortNames(steps, 14).values()]).toEqual(['…priceGre…mbda', '…readTabl…mbda']);
  });
});

describe('a large map', () => {
  const services = Array.from({ length: 46 }, (_, i) => ({
    name: `service-number-${i}`,
    kind: 'service',
    entry: i === 0,
  }));
  const dependencies = services
    .slice(1)
    .map(({ name }, i) => ({ caller: `service-number-${Math.floor(i / 3)}`, callee: name }));
  const scene: MapScene = {
    services,
    dependencies,
    health: services.map(({ name }, i) => ({
      service: name,
      state: i === 20 ? 'down' : i === 6 ? 'degraded' : 'healthy',
    })),
    affected: ['service-number-30', 'gone'],
    selected: [],
  };

  test('ranks the unwell first, then those around them, and forgets nobody', () => {
    const { names, notable } = rankServices(scene);
    expect(names.slice(0, 3)).toEqual([20, 6, 30].map((i) => `service-number-${i}`));
    expect(notable).toBe(2);
    const calm = { ...scene, health: [] };
    expect(rankServices(calm)).toMatchObject({ notable: 1 });
    expect(rankServices(calm).names[0]).toBe('service-number-30');
    expect(names.slice(3, 9)).toContain('service-number-1');
    expect(names.toSorted()).toEqual(services.map(({ name }) => name).toSorted());
  });

  test('shows as many as can be read in its place', () => {
    const box = { width: 490, height: 230, footer: 34 };
    const layout = layoutThatFits(scene, rankServices(scene), box);
    const shown = layout.nodes.map(({ name }) => name);
    expect(shown).toEqual(expect.arrayContaining(['service-number-20', 'service-number-6']));
    expect(shown.length).toBeGreaterThan(3);
    expect(layout.width * scaleMin).toBeLessThanOrEqual(box.width);
    expect(layout.height * scaleMin).toBeLessThanOrEqual(box.height);
    const unwell = { names: services.map(({ name }) => name), notable: 40 };
    expect(layoutThatFits(scene, unwell, box).nodes).toHaveLength(40);
  });
});

test('what only hangs on something left out is left out, and names of a shop stay whole', () => {
  const names = ['edge', 'notifications', 'catalog-cache', 'payments', 'card-gateway'];
  const services = names.map((name) => ({ name, kind: 'service', entry: name === 'edge' }));
  const dependencies = [
    { caller: 'edge', callee: 'payments' },
    { caller: 'payments', callee: 'card-gateway' },
  ];
  const ranking = { names: ['edge', 'card-gateway', 'payments'], notable: 1 };
  const narrow = { width: 150, height: 90, footer: 34 };
  const few = layoutThatFits({ services, dependencies }, ranking, narrow);
  expect(few.nodes.map(({ name }) => name)).not.toContain('card-gateway');
  const wide = { width: 640, height: 200, footer: 34 };
  const all = layoutThatFits({ services, dependencies }, { names, notable: 1 }, wide);
  expect(all.nodes.map(({ label }) => label).toSorted()).toEqual(names.toSorted());
});

test('marks nearer than the gap are one, with the sum of their findings', () => {
  const place = { t: 1000, duration: 1000, width: 1000 };
  const at = (t: number, severity = 'warning') => ({ t, count: 2, severity });
  expect(
    clusterFindings([at(10), at(15), at(20), at(100, 'critical'), at(1001)], place, 12),
  ).toEqual([
    { left: 10, right: 20, count: 6, critical: false },
    { left: 100, right: 100, count: 2, critical: true },
  ]);
  // A long row of warnings is not swallowed by what comes after it.
  const row = [0, 10, 20, 30, 40].map((t) => at(t));
  expect(clusterFindings([...row, at(48, 'critical')], place, 12)).toHaveLength(2);
});

test('findings that repeat themselves are one entry, spoken for by the strongest', () => {
  const finding = (k: number, t: number, score: number, subject = 's'): FindingRow => ({
    k,
    t,
    detector: 'zscore',
    service: 'web',
    subject,
    severity: 'warning',
    score,
    body: '',
  });
  const folded = foldFindings([finding(1, 10, 0.5), finding(2, 20, 0.9), finding(3, 15, 0.1, 'x')]);
  expect(folded.map(({ finding: { k }, count, from, to }) => [k, count, from, to])).toEqual([
    [2, 2, 10, 20],
    [3, 1, 15, 15],
  ]);
});

test('key figures say what a run has', () => {
  expect(recordsFigure({ logs: 0, records: 36_042 }, 0)).toMatchObject({
    label: 'Metric points',
    count: 36_042,
  });
  expect(recordsFigure({ logs: 9, records: 20 }, 4)).toMatchObject({
    label: 'Log records',
    count: 4,
  });
  expect([null, 0, 20 * second].map(detectionText)).toEqual(['none yet', 'at once', 'after 0:20']);
});

test('a list of whole rows cuts none', () => {
  expect([0, 23, 24, 47, 48].map(wholeRows)).toEqual([24, 24, 24, 24, 48]);
});

test('the turns of an incident stand out, what lies between is folded', () => {
  const entry = (t: number, kind: string, actor: string | null = null) => ({
    t,
    kind,
    text: kind,
    actor,
    wallUnixMs: null,
  });
  const story = storyOf([
    entry(1, 'opened'),
    entry(1, 'service-affected'),
    entry(1, 'alert-firing'),
    entry(2, 'alert-firing'),
    entry(3, 'severity-changed'),
    entry(4, 'note', 'ada'),
    entry(5, 'alert-resolved'),
  ]);
  expect(
    story.map((part) => (part.type === 'turn' ? part.entry.kind : summaryOf(part.entries))),
  ).toEqual([
    'opened',
    '2 alerts fired, 1 service affected',
    'severity-changed',
    'note',
    '1 alert ended',
  ]);
});

describe('the palette', () => {
  const offer = (title: string, detail = ''): Offer => ({
    kind: 'service',
    title,
    detail,
    act: () => undefined,
  });

  test('finds by every word, beginnings first', () => {
    const offers = ['my-web', 'cobweb', 'web', 'orders-db'].map((title) => offer(title));
    const titles = (query: string) => matching(offers, query).map(({ title }) => title);
    expect(titles('web')).toEqual(['web', 'my-web', 'cobweb']);
    expect(titles('service DB')).toEqual(['orders-db']);
    expect(titles('(')).toEqual([]);
    expect(titles('')).toEqual(['my-web', 'cobweb', 'web', 'orders-db']);
    expect(
      matching(
        Array.from({ length: 99 }, () => offer('x')),
        'x',
      ),
    ).toHaveLength(12);
  });

  test('takes a time to that moment, and a bare number for a name', () => {
    const seek = vi.fn();
    timeOffer(' T+12:30', seek)[0]?.act();
    expect(seek).toHaveBeenCalledExactlyOnceWith(750 * second);
    expect(matching([offer('web'), ...timeOffer('1:2', seek)], '1:2')).toHaveLength(1);
    expect(timeOffer('12', seek)).toEqual([]);
    expect(timeOffer('12:zz', seek)).toEqual([]);
  });
});

describe('the list of runs', () => {
  const run = (id: string, own: Partial<RunSummary>): RunSummary => ({
    id,
    title: `Run ${id}`,
    scenario: 's',
    kind: 'simulated',
    state: 'completed',
    stateReason: '',
    seed: 1,
    createdUnixMs: 0,
    durationUs: 0,
    throughUs: 0,
    records: 0,
    incidents: { critical: 0, high: 0, medium: 0, low: 0 },
    detectors: ['zscore'],
    fileBytes: 0,
    digest: null,
    tags: [],
    difficulty: null,
    parent: null,
    live: false,
    ...own,
  });
  const one = run('one', { incidents: { critical: 0, high: 1, medium: 0, low: 9 }, records: 5 });
  const two = run('two', {
    incidents: { critical: 1, high: 0, medium: 0, low: 0 },
    state: 'failed',
  });

  test('a fork is told from its parent, and found by what was done', () => {
    const parent = { run: 'one', at: 750_000_000, actions: ['rollback:web', 'restart:web'] };
    const fork = run('three', { title: one.title, parent });
    expect(forkText(parent)).toBe('fork of one at T+12:30: rollback:web, restart:web');
    expect(forkText({ ...parent, actions: [] })).toBe('fork of one at T+12:30');
    const found = arrange([one, fork], { text: 'fork rollback', by: 'created', descending: true });
    expect(found.map(({ id }) => id)).toEqual(['three']);
  });

  test('is sorted by what a column counts, severity before number', () => {
    const ids = (by: RunColumn, descending: boolean) =>
      arrange([one, two], { text: '', by, descending }).map(({ id }) => id);
    expect(ids('incidents', true)).toEqual(['two', 'one']);
    expect(ids('records', true)).toEqual(['one', 'two']);
    expect(ids('records', false)).toEqual(['two', 'one']);
    expect(ids('created', true)).toEqual(['one', 'two']);
  });

  test('is filtered by every word', () => {
    const found = (text: string) =>
      arrange([one, two], { text, by: 'created', descending: true }).map(({ id }) => id);
    expect(found('FAILED zscore')).toEqual(['two']);
    expect(found('nothing')).toEqual([]);
  });
});

test('keys walk a list of lines to the next of their kind', () => {
  const rows = (['info', 'error', 'warn', 'info', 'error'] as const).map((level, k): LogRow => ({
    k,
    t: k,
    service: 'web',
    severity: 9,
    level,
    body: k === 3 ? 'Pool is empty' : 'x',
    message: k === 3 ? 'Pool is empty' : 'x',
    truncated: false,
    traceId: null,
  }));
  const to = (key: string, from: number, search = '', modified = false) => {
    const row = walkTo(rows, from, { key, modified, search });
    return row ? row.k : row;
  };
  expect([to('ArrowUp', -1), to('j', 0), to('k', 0)]).toEqual([4, 1, null]);
  expect([to('e', 1), to('E', 4), to('e', 4)]).toEqual([4, 1, null]);
  expect([to('w', 0), to('n', 0, 'POOL'), to('n', 0)]).toEqual([2, 3, null]);
  expect([to('z', 0), to('k', 0, '', true)]).toEqual([undefined, undefined]);
});
