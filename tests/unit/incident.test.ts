import { describe, expect, test } from 'vitest';
import { WorkbenchError } from '../../engine/errors.ts';
import {
  Correlator,
  applyHumanEvent,
  applyIncidentEvent,
  checkTransition,
  emptyState,
  humanActions,
  incidentPolicy,
  viewIncidents,
  type Finding,
  type HumanAction,
  type IncidentEvent,
  type IncidentView,
} from '../../engine/incident/index.ts';
import type { SeriesInfo, SourceHeader } from '../../engine/replay/source.ts';
import {
  batchOf,
  headerOf,
  minute,
  points,
  second,
  type StreamRecord,
} from '../support/synthetic-stream.ts';

const roles = ['request_rate', 'error_ratio', 'latency_p95'] as const;
const shop = headerOf([
  { name: 'web', entry: true, calls: ['checkout', 'search'], roles },
  { name: 'checkout', calls: ['orders-db'], roles },
  { name: 'orders-db', roles },
  { name: 'search', roles },
  { name: 'mail' },
]);
const [web, checkout, ordersDb, search, mail] = [0, 1, 2, 3, 4];
const errorsOf = (service: number) => service * 3 + 1;

function finding(t: number, service: number | null, more: Partial<Finding> = {}): Finding {
  return {
    t,
    detector: 'zscore',
    subject: service === null ? 'run' : (shop.services[service]?.name ?? ''),
    service,
    series: null,
    severity: 'warning',
    score: 0.8,
    message: 'deviates',
    body: `something is odd`,
    values: {},
    cadenceUs: 10 * second,
    ...more,
  };
}

/** A finding every `every` µs in `[from, to)`: "the condition holds". */
function holds(from: number, to: number, service: number | null, more: Partial<Finding> = {}) {
  const findings: Finding[] = [];
  for (let t = from; t < to; t += 10 * second) findings.push(finding(t, service, more));
  return findings;
}

function eventsOf(
  findings: readonly Finding[],
  records: readonly StreamRecord[] = [],
  header: SourceHeader = shop,
): IncidentEvent[] {
  const correlator = new Correlator(header);
  const batch = batchOf(records);
  correlator.observe(batch.columns, 0, batch.count);
  const most = correlator.advance(header.durationUs, findings).incidentEvents;
  return [...most, ...correlator.finish().incidentEvents];
}

const nameless = (service: number): SeriesInfo => ({
  service,
  name: 'load',
  unit: '1',
  attributes: {},
  role: null,
  cadenceUs: 10 * second,
  monotonic: false,
});

const kinds = (events: readonly IncidentEvent[]) => events.map((e) => [e.t / second, e.kind]);

/** The error ratio of a service: fine, then bad between two times. */
const failing = (service: number, from: number, to: number, ratio: number): StreamRecord[] => [
  ...points(service * 3, 0, 60 * minute, 40),
  ...points(errorsOf(service), 0, 60 * minute, (t) => (t >= from && t < to ? ratio : 0)),
];

describe('alerts', () => {
  test('a condition must hold for twenty seconds, and ends two minutes after its last finding', () => {
    const events = eventsOf(holds(100 * second, 160 * second, mail));
    expect(kinds(events)).toEqual([
      [120, 'opened'],
      [120, 'service-affected'],
      [120, 'alert-firing'],
      [150 + 120, 'alert-resolved'],
      [150 + 120 + 300, 'auto-resolved'],
    ]);
    expect(events[2]).toMatchObject({ since: 100 * second, fingerprint: 'zscore:mail' });
  });

  test('one finding is no alert on a fast subject, and is one where the cadence is long', () => {
    expect(eventsOf([finding(100 * second, mail)])).toEqual([]);
    const slow = eventsOf([finding(100 * second, mail, { cadenceUs: 5 * minute })]);
    expect(kinds(slow).slice(2)).toEqual([
      [100, 'alert-firing'],
      [100 + 750, 'alert-resolved'],
      [100 + 750 + 600, 'auto-resolved'],
    ]);
  });

  test('findings that are further apart than a pending alert lives never fire', () => {
    expect(eventsOf([1, 2, 3, 4].map((n) => finding(n * 2 * minute, mail)))).toEqual([]);
  });
});

describe('grouping', () => {
  test('neighbours join, strangers get an incident of their own', () => {
    const events = eventsOf([
      ...holds(60 * second, 120 * second, ordersDb),
      ...holds(90 * second, 150 * second, checkout),
      ...holds(90 * second, 150 * second, mail),
      ...holds(120 * second, 180 * second, web),
    ]);
    const affected = events.flatMap((e) =>
      e.kind === 'service-affected' ? [[e.incident, e.service]] : [],
    );
    expect(affected).toEqual([
      [1, ordersDb],
      [1, checkout],
      [2, mail],
      [1, web],
    ]);
  });

  test('a neighbour that fires long after the incident went quiet is another incident', () => {
    const quietAt = 150 * second + incidentPolicy.keepFiringUs;
    const later = quietAt + incidentPolicy.quietUs + second;
    const events = eventsOf([
      ...holds(100 * second, 160 * second, ordersDb),
      ...holds(later, later + minute, checkout),
    ]);
    expect(events.filter((e) => e.kind === 'opened').map((e) => e.incident)).toEqual([1, 2]);
  });

  test('the same service within ten minutes of the resolution reopens', () => {
    const again = 20 * minute;
    const events = eventsOf([
      ...holds(5 * minute, 6 * minute, checkout),
      ...holds(again, again + minute, checkout, { detector: 'threshold' }),
      ...holds(50 * minute, 51 * minute, checkout),
    ]);
    const lives = events.filter((e) => ['opened', 'auto-resolved', 'reopened'].includes(e.kind));
    expect(lives.map((e) => [e.incident, e.kind])).toEqual([
      [1, 'opened'],
      [1, 'auto-resolved'],
      [1, 'reopened'],
      [1, 'auto-resolved'],
      [2, 'opened'],
      [2, 'auto-resolved'],
    ]);
  });
});

describe('the end of an incident', () => {
  const resolvedBy = (events: readonly IncidentEvent[]) =>
    events.flatMap((e) => (e.kind === 'auto-resolved' ? [[e.t / minute, e.reason]] : []));
  const ill = failing(checkout, 100 * second, 5 * minute, 0.3);

  test('names those that were unwell, not those that only alerted', () => {
    const fine = failing(web, 0, 0, 0);
    const events = eventsOf(
      [
        ...holds(100 * second, 5 * minute, checkout),
        ...holds(100 * second, 5 * minute, web),
        ...holds(100 * second, 5 * minute, ordersDb),
      ],
      [...ill, ...fine],
    );
    expect(resolvedBy(events)).toEqual([
      [expect.any(Number), 'no alert for 5 min; healthy again: checkout'],
    ]);
  });

  test('is not put off by traffic that changes at a service that is well again', () => {
    const traffic = { subject: 'checkout/rate', series: checkout * 3, score: 0.45 };
    const slow = { subject: 'checkout/p95', series: checkout * 3 + 2, score: 0.45 };
    const late = (more: Partial<Finding>) =>
      resolvedBy(
        eventsOf(
          [
            ...holds(100 * second, 5 * minute, checkout),
            ...holds(9 * minute, 30 * minute, checkout, more),
          ],
          ill,
        ),
      ).map(([at]) => Math.round(Number(at)));
    expect(late(traffic)).toEqual([12]);
    expect(late(slow)).toEqual([37]);
  });
});

describe('what is worth an incident', () => {
  const measured = { ...shop, series: [...shop.series, nameless(web)] };
  const nodeLoad = measured.series.length - 1;
  const at = [100 * second, 200 * second] as const;

  test('an alert that is not sure opens none, and joins one that opens next to it', () => {
    const unsure = holds(...at, checkout, { score: 0.3 });
    expect(eventsOf(unsure)).toEqual([]);
    const joined = eventsOf([...unsure, ...holds(150 * second, 200 * second, ordersDb)]);
    expect(joined.filter((event) => event.kind === 'opened')).toHaveLength(1);
    const fired = joined.flatMap((event) => (event.kind === 'alert-firing' ? [event] : []));
    expect(fired.map(({ service, since }) => [service, since / second])).toEqual([
      [ordersDb, 150],
      [checkout, 100],
    ]);
  });

  test('one that becomes surer opens an incident then', () => {
    const surer = [
      ...holds(100 * second, 150 * second, mail, { score: 0.3 }),
      ...holds(150 * second, 200 * second, mail, { score: 0.6 }),
    ];
    expect(eventsOf(surer)[0]).toMatchObject({ t: 150 * second, kind: 'opened' });
  });

  test('a series of which nobody knows the meaning opens none, unless its service is unwell', () => {
    const odd = holds(...at, web, { subject: 'web/load', series: nodeLoad });
    expect(eventsOf(odd, [], measured)).toEqual([]);
    const unwell = eventsOf(odd, failing(web, 50 * second, 60 * minute, 0.3), measured);
    expect(unwell[0]).toMatchObject({ kind: 'opened', severity: 'high' });
  });

  test('where no series has a known meaning, each may', () => {
    const bare = { ...shop, series: [...shop.series, nameless(mail)] };
    const odd = holds(...at, mail, { subject: 'mail/load', series: nodeLoad });
    expect(eventsOf(odd, [], bare)[0]).toMatchObject({ kind: 'opened' });
  });
});

describe('severity and title', () => {
  const outage = [
    ...failing(ordersDb, 10 * minute, 20 * minute, 0.7),
    ...failing(checkout, 11 * minute, 20 * minute, 0.3),
    ...failing(web, 12 * minute, 20 * minute, 0.6),
    ...failing(search, 0, 0, 0),
  ];
  const events = eventsOf(
    holds(10 * minute, 20 * minute, ordersDb, { body: 'errors rise' }),
    outage,
  );

  test('severity follows what users feel as the outage spreads', () => {
    expect(events[0]).toMatchObject({ kind: 'opened', severity: 'high' });
    const changes = events.flatMap((e) =>
      e.kind === 'severity-changed' ? [[e.severity, e.reason]] : [],
    );
    expect(changes).toEqual([['critical', 'web, which users call, is down']]);
  });

  test('the unwell callers join along the calls, the healthy neighbour does not', () => {
    const affected = events.flatMap((e) => (e.kind === 'service-affected' ? [e.service] : []));
    expect(affected).toEqual([ordersDb, checkout, web]);
  });

  test('the title names the deepest unwell service and does not flap', () => {
    const titles = events.flatMap((e) =>
      e.kind === 'opened' || e.kind === 'title-changed' ? [e.title] : [],
    );
    expect(titles).toEqual(['orders-db fails 70 % of requests']);
  });

  test('a long title is cut at a word, and what follows a semicolon is left to the finding', () => {
    const title = (body: string) => {
      const [first] = eventsOf(holds(60 * second, 120 * second, mail, { body }));
      return first?.kind === 'opened' ? first.title : '';
    };
    expect(title('p95 of mail is at 2.5 s; 2.0 s is the limit.')).toBe('p95 of mail is at 2.5 s');
    const long = title(`mail ${'waits '.repeat(18)}for 123456 things, usually 12.5`);
    expect(long).toMatch(/ for…$/);
  });

  test('the title goes to the deepest service with symptoms, but traffic that stops is none', () => {
    const ill = failing(checkout, 100 * second, 10 * minute, 0.3);
    const slow = { subject: 'orders-db/p95', body: 'p95 of orders-db is at 2.0 s.' };
    const titled = (series: number) =>
      eventsOf(
        [
          ...holds(100 * second, 10 * minute, checkout, { body: 'checkout is odd.' }),
          ...holds(100 * second, 10 * minute, ordersDb, { ...slow, series }),
        ],
        ill,
      )
        .flatMap((e) => (e.kind === 'opened' || e.kind === 'title-changed' ? [e.title] : []))
        .at(-1);
    expect(titled(ordersDb * 3 + 2)).toBe('p95 of orders-db is at 2.0 s');
    expect(titled(ordersDb * 3)).toBe('checkout fails 30 % of requests');
  });

  test('an incident over a service without health is titled by its strongest alert', () => {
    const [first] = eventsOf([
      ...holds(60 * second, 120 * second, mail, { score: 0.5, body: 'weak.' }),
      ...holds(60 * second, 120 * second, mail, { detector: 'burst', body: 'Queue grows.' }),
    ]);
    expect(first).toMatchObject({ title: 'mail: Queue grows', severity: 'low' });
  });

  test('severity goes down only after the lower one has held two minutes', () => {
    const recovering = eventsOf(holds(10 * minute, 30 * minute, web), [
      ...failing(web, 10 * minute, 15 * minute, 0.8),
      ...failing(checkout, 10 * minute, 25 * minute, 0.8),
    ]);
    const down = recovering.filter((e) => e.kind === 'severity-changed').at(-1);
    // web is healthy again at 15:30 (three windows); checkout, inside, stays down.
    expect(down).toMatchObject({ t: 15 * minute + 150 * second, severity: 'high' });
  });
});

describe('what people do', () => {
  const opened: IncidentEvent[] = [
    { t: 10, incident: 1, kind: 'opened', title: 'mail is odd', severity: 'low' },
    { t: 10, incident: 1, kind: 'service-affected', service: mail },
    {
      t: 10,
      incident: 1,
      kind: 'alert-firing',
      fingerprint: 'a:mail',
      detector: 'a',
      service: mail,
      since: 5,
      body: '',
      score: 1,
    },
  ];
  const services = shop.services.map((service) => service.name);
  const human = (t: number, action: HumanAction) => ({
    t,
    wallUnixMs: 0,
    actor: 'ann',
    incident: 1,
    action,
    note: '',
  });

  function viewOf(events: readonly IncidentEvent[], actions: readonly [number, HumanAction][]) {
    const state = emptyState({ services });
    for (const event of events) applyIncidentEvent(state, event);
    for (const [t, action] of actions) applyHumanEvent(state, human(t, action));
    const [view] = viewIncidents(state, 1_000);
    if (!view) throw new Error('no incident');
    return view;
  }

  test('the way from open to resolved, with its times', () => {
    const view = viewOf(opened, [
      [20, 'acknowledge'],
      [30, 'investigate'],
      [40, 'mitigate'],
      [50, 'resolve'],
    ]);
    expect(view).toMatchObject({
      status: 'resolved',
      firstSignalAt: 5,
      openedAt: 10,
      acknowledgedAt: 20,
      mitigatedAt: 40,
      resolvedAt: 50,
      services: ['mail'],
      detectors: ['a'],
      legal: ['reopen', 'note'],
    });
  });

  test('an illegal jump is refused, with the legal ones named', () => {
    const view = viewOf(opened, []);
    expect(() => checkTransition(view, 'mitigate')).toThrow(WorkbenchError);
    const error = catchFrom(() => checkTransition(view, 'mitigate'));
    expect(error).toMatchObject({ code: 'ILLEGAL_TRANSITION' });
    expect(String(error)).toContain('incident 1 is open; it cannot become mitigated');
    expect((error as WorkbenchError).hint).toBe('legal next steps: acknowledge, note');
  });

  test('legal is exactly what is not refused, in every status', () => {
    const seen = new Map<string, IncidentView>();
    const ways: HumanAction[][] = [[], ['acknowledge'], ['acknowledge', 'investigate']];
    ways.push(['acknowledge', 'mitigate'], ['acknowledge', 'resolve']);
    for (const way of ways) {
      const view = viewOf(
        opened,
        way.map((action, i) => [20 + i, action]),
      );
      seen.set(view.status, view);
    }
    expect(seen.size).toBe(5);
    for (const view of seen.values()) {
      const passed = humanActions.filter(
        (action) => catchFrom(() => checkTransition(view, action)) === null,
      );
      expect([...view.legal].sort()).toEqual([...passed].sort());
    }
  });

  test('a new alert after somebody resolved it reopens it, and asks for a new owner', () => {
    const again: IncidentEvent[] = [
      { t: 25, incident: 1, kind: 'alert-resolved', fingerprint: 'a:mail' },
      { ...(opened[2] as IncidentEvent), t: 60 },
    ];
    const done: [number, HumanAction][] = [
      [20, 'acknowledge'],
      [50, 'resolve'],
    ];
    expect(viewOf(opened, done).status).toBe('resolved');
    expect(viewOf([...opened, ...again], done)).toMatchObject({
      status: 'open',
      acknowledgedAt: null,
      resolvedAt: null,
      alertsFiring: 1,
      alertsTotal: 1,
    });
  });

  test('what people did after the moment asked for is not shown', () => {
    const state = emptyState({ services });
    for (const event of opened) applyIncidentEvent(state, event);
    applyHumanEvent(state, human(500, 'acknowledge'));
    expect(viewIncidents(state, 499)[0]?.status).toBe('open');
    expect(viewIncidents(state, 500)[0]?.status).toBe('acknowledged');
  });
});

function catchFrom(act: () => unknown): unknown {
  try {
    act();
    return null;
  } catch (error) {
    return error;
  }
}
