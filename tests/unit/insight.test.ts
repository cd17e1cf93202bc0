import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { shareText } from '../../engine/wording.ts';
import type { InsightCard } from '../../engine/insight/index.ts';
import { insightsAt } from '../../engine/query/insights.ts';
import { migrate } from '../../engine/store/migrations.ts';
import { loadedIndexes } from '../../engine/store/schema.ts';
import { minute, second } from '../support/synthetic-stream.ts';

type Db = Database.Database;
type Shape = (t: number) => number;
const [web, checkout] = [0, 1];
const onset = 12 * minute;

/** web calls checkout; one series per entry of `series`, a point every ten seconds for 30 minutes. */
function runFile(series: readonly { service: number; role: string; value: Shape }[]): Db {
  const db = new Database(':memory:');
  db.transaction(() => migrate(db))();
  db.exec(loadedIndexes);
  db.exec(`INSERT INTO service VALUES (0, 'web', 'service', 1), (1, 'checkout', 'service', 0);
    INSERT INTO dependency VALUES (0, 1);
    INSERT INTO detector (id, name, summary, per, options, config, messages, origin)
    VALUES (0, 'zscore', '', 'series', '', '', '', '')`);
  const addSeries = db.prepare("INSERT INTO series VALUES (?, ?, ?, '1', '{}', ?, 10000000)");
  const addSample = db.prepare('INSERT INTO sample VALUES (?, ?, ?)');
  series.forEach(({ service, role, value }, id) => {
    addSeries.run(id, service, role, role);
    for (let t = 0; t < 30 * minute; t += 10 * second) addSample.run(id, t, value(t));
  });
  return db;
}

const unwell = (db: Db, t: number, service: number) =>
  db
    .prepare("INSERT INTO health_event VALUES (?, ?, ?, 'degraded', 'it is bad', '{}')")
    .run(t * 4 + service, t, service);

const step =
  (before: number, after: number): Shape =>
  (t) =>
    t < onset ? before : after;
const wobble =
  (value: number): Shape =>
  (t) =>
    value * (1 + ((t / (10 * second)) % 7) / 100);
const titles = (cards: readonly InsightCard[]) => cards.map((c) => [c.category, c.title]);
const plain = (card: InsightCard | undefined) =>
  (card?.text ?? []).map((p) => (typeof p === 'string' ? p : `[${p.cite}]`)).join('');

/** A checkout whose pool runs full after a deploy, with errors in both services. */
function outage(): Db {
  const db = runFile([
    { service: checkout, role: 'error_ratio', value: step(0.002, 0.34) },
    { service: web, role: 'error_ratio', value: step(0.001, 0.3) },
    { service: checkout, role: 'saturation', value: step(0.3, 1) },
    { service: checkout, role: 'latency_p95', value: step(0.05, 2.8) },
  ]);
  unwell(db, onset + 20 * second, checkout);
  unwell(db, onset + 30 * second, web);
  const log = db.prepare(
    "INSERT INTO log (k, t, service_id, severity, body) VALUES (?, ?, 1, 17, 'pool timeout after ' || ? || ' ms')",
  );
  for (let t = onset; t < 30 * minute; t += second) log.run(t * 4, t, (t / second) % 97);
  const change = db.prepare("INSERT INTO change VALUES (?, ?, 1, 'deploy', '2.4.1', NULL)");
  change.run((onset - minute) * 4, onset - minute);
  db.prepare(
    `INSERT INTO finding VALUES (?, ?, 0, 's', 1, NULL, 'warning', 0.9, 'm', 'it deviates', '{}')`,
  ).run((onset + 10 * second) * 4, onset + 10 * second);
  return db;
}

describe('insight cards', () => {
  test('every cited row exists, lies before the playhead, and says what the card says', () => {
    const db = outage();
    let cited = 0;
    for (const t of [onset + minute, 20 * minute, 29 * minute]) {
      for (const card of insightsAt(db, { t })) {
        expect(card.strength).toBeGreaterThanOrEqual(0);
        expect(card.strength).toBeLessThanOrEqual(1);
        const used = new Set(card.text.flatMap((p) => (typeof p === 'string' ? [] : [p.cite])));
        expect([...used].sort()).toEqual(card.evidence.map((e) => e.id).sort());
        for (const evidence of card.evidence) {
          cited++;
          expect(evidence.t).toBeLessThanOrEqual(t);
          expect(rowOf(db, evidence)).toBe(evidence.t);
        }
      }
    }
    expect(cited).toBeGreaterThan(20);
  });

  test('an exhausted pool: cause before symptom, with the waiting lines and the deploy', () => {
    const cards = insightsAt(outage(), { t: 20 * minute });
    expect(titles(cards)).toContainEqual(['error-spike', 'checkout fails 34 % of requests']);
    expect(titles(cards)).toContainEqual(['latency', 'checkout is slow (p95 latency 2.8 s)']);
    const own = cards.find((c) => c.title.startsWith('checkout fails'));
    const inherited = cards.find((c) => c.title.startsWith('web fails'));
    expect(own?.strength).toBeGreaterThan(inherited?.strength ?? 1);
    expect(plain(inherited)).toContain(
      'checkout, which it calls, was found degraded too at T+12:20',
    );
    // No incident says where the trouble began, so nothing is called the first.
    expect(plain(own)).toContain(' Noticed by zscore at T+12:10 ');
    expect(plain(own)).toMatch(new RegExp(`Up to ${shareText(0.34)} .*0\\.2 % was usual before`));
    const full = cards.find((c) => c.category === 'saturation');
    expect(plain(full)).toMatch(/speak of waiting .*“pool timeout after/);
    expect(plain(full)).toContain('60 s after a deploy of checkout (2.4.1)');
    expect(cards.some((c) => c.title.includes('filled up'))).toBe(false);
  });

  test('rows after the playhead change nothing', () => {
    const db = outage();
    const t = onset + minute;
    const before = insightsAt(db, { t });
    db.exec(`UPDATE sample SET value = 999 WHERE t > ${t};
      DELETE FROM log WHERE t > ${t}; UPDATE change SET note = 'later' WHERE t > ${t}`);
    unwell(db, t + second, web);
    expect(before.length).toBeGreaterThan(0);
    expect(insightsAt(db, { t })).toEqual(before);
  });

  test('slow growth is a leak with a time to its limit; the same growth with traffic is not', () => {
    const grows: Shape = (t) => 0.2 + (0.6 * t) / (30 * minute);
    const leak = runFile([
      { service: checkout, role: 'saturation', value: grows },
      { service: checkout, role: 'request_rate', value: wobble(40) },
    ]);
    const [card] = insightsAt(leak, { t: 20 * minute });
    expect(card?.title).toBe('saturation of checkout keeps filling up');
    expect(card?.category).toBe('saturation');
    // 0.6 at twenty minutes, two points a minute: twenty minutes more.
    expect(plain(card)).toContain('2 % a minute; at this pace it is full in 20 min.');
    const busy = runFile([
      { service: checkout, role: 'saturation', value: grows },
      { service: checkout, role: 'request_rate', value: (t) => 20 + (60 * t) / (30 * minute) },
    ]);
    const others = insightsAt(busy, { t: 20 * minute }).map((c) => c.title);
    expect(others.filter((title) => title.includes('filling'))).toEqual([]);
  });

  test.each([
    [120, 'Traffic to web surges'],
    [5, 'Traffic to web collapses'],
  ])('user traffic of %d/s instead of 40/s is an anomaly', (rate, title) => {
    const db = runFile([{ service: web, role: 'request_rate', value: step(40, rate) }]);
    unwell(db, onset + 20 * second, web);
    expect(titles(insightsAt(db, { t: 15 * minute }))).toEqual([['traffic-anomaly', title]]);
  });

  test('a healthy run gets hints at most, and none where there is room', () => {
    const calm = runFile([{ service: checkout, role: 'saturation', value: wobble(0.3) }]);
    expect(insightsAt(calm, { t: 20 * minute })).toEqual([]);
    const tight = runFile([{ service: checkout, role: 'saturation', value: wobble(0.7) }]);
    expect(insightsAt(tight, { t: 20 * minute }).map((c) => c.category)).toEqual(['performance']);
  });

  test('an incident is looked at in its own services and time, an unknown one not at all', () => {
    const db = outage();
    const add = db.prepare('INSERT INTO incident_event VALUES (?, ?, 1, ?, ?)');
    const t = onset + 30 * second;
    add.run(t * 4, t, 'opened', '{}');
    add.run(t * 4 + 1, t, 'service-affected', '{"service":1}');
    add.run(t * 4 + 2, t, 'alert-firing', `{"since":${onset}}`);
    const cards = insightsAt(db, { t: 29 * minute, incident: 1 });
    expect(cards.length).toBeGreaterThan(0);
    expect(cards.every((card) => card.service === 'checkout')).toBe(true);
    expect(insightsAt(db, { t: onset, incident: 1 })).toEqual([]);
    expect(insightsAt(db, { t: 29 * minute, incident: 7 })).toEqual([]);
  });
});

/** Time of the row that an evidence names; checks a sample's value on the way. */
function rowOf(db: Db, evidence: InsightCard['evidence'][number]): unknown {
  if (evidence.kind === 'sample') {
    const sql = 'SELECT t FROM sample WHERE series_id = ? AND t = ? AND value = ?';
    return db.prepare(sql).pluck().get(evidence.series, evidence.t, evidence.value);
  }
  const table = evidence.kind === 'health' ? 'health_event' : evidence.kind;
  return db.prepare(`SELECT t FROM ${table} WHERE k = ?`).pluck().get(evidence.k);
}
