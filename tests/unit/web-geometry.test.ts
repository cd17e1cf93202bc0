import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SeriesNode } from '../../engine/query/types.ts';
import { chartsFor, withGaps } from '../../web/lib/charts/choice.ts';
import { movement, sparkline, usualText } from '../../web/lib/kpis/kpi.ts';
import { isAtEnd, rowHeight, rowWindow, scrollToRow } from '../../web/lib/logs/window.ts';
import { blastRadius, layoutServices, nodeHeight } from '../../web/lib/map/layout.ts';
import { commandOf, type KeyPress } from '../../web/lib/shell/keys.ts';
import {
  bucketsFor,
  bucketsUpTo,
  incidentLanes,
  markersNear,
  ticks,
  timeAt,
  xOf,
} from '../../web/lib/strip/geometry.ts';

const second = 1_000_000;
const bar = (id: number, from: number, to: number | null) => ({
  id,
  title: `incident ${id}`,
  severity: 'high' as const,
  from,
  to,
});

describe('the strip', () => {
  test('a pixel and its time belong together', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e12 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (duration, share) => {
          const t = Math.round(duration * share);
          expect(Math.abs(timeAt(xOf(t, duration, 1200), duration, 1200) - t)).toBeLessThanOrEqual(
            1,
          );
        },
      ),
    );
    expect(xOf(5, 0, 100)).toBe(0);
    expect(timeAt(-20, 100, 10)).toBe(0);
  });

  test('ticks are round and keep their distance', () => {
    expect(ticks(30 * 60 * second, 1200, 90).map((t) => t / second)).toEqual([
      0, 300, 600, 900, 1200, 1500, 1800,
    ]);
    expect(ticks(0, 1200, 90)).toEqual([]);
    expect(ticks(1e18, 1200, 90).length).toBeLessThanOrEqual(200);
  });

  test('overlapping incidents lie in different lanes, later ones reuse them', () => {
    const all = [bar(1, 0, 10), bar(2, 5, null), bar(3, 12, 20), bar(4, 99, null)];
    const lanes = incidentLanes(all, 50, 3);
    expect(lanes.map(({ id, lane }) => [id, lane])).toEqual([
      [1, 0],
      [2, 1],
      [3, 0],
    ]);
  });

  test('no bucket after the playhead is drawn', () => {
    const buckets = { from: 0, bucketUs: 10, count: 4 };
    expect([-1, 0, 9, 10, 1000].map((t) => bucketsUpTo(buckets, t))).toEqual([0, 1, 1, 2, 4]);
  });

  test('bars keep their width while the playhead moves on', () => {
    const asked = [0, 50, 100, 900].map((t) => bucketsFor({ from: 0, to: 100, t, most: 240 }));
    expect(asked).toEqual([1, 120, 240, 240]);
  });

  test('the tooltip names what is near', () => {
    const markers = {
      changes: [],
      findings: [{ t: 10, count: 2, severity: 'warning' }],
      incidents: [bar(1, 8, null)],
    };
    expect(markersNear(markers, 11, 2)).toEqual(['◆ 2 findings', '▬ incident 1']);
    expect(markersNear(markers, 4, 1)).toEqual([]);
  });
});

describe('the list window', () => {
  test('mounts every row in sight, and few more', () => {
    fc.assert(
      fc.property(
        fc.nat(100_000),
        fc.nat(3_000_000),
        fc.integer({ min: 0, max: 1200 }),
        (rows, scroll, height) => {
          const { first, end, offset, total } = rowWindow(rows, scroll, height);
          const top = Math.min(scroll, Math.max(0, total - height));
          expect(first * rowHeight).toBeLessThanOrEqual(top);
          expect(end * rowHeight).toBeGreaterThanOrEqual(Math.min(total, top + height));
          expect(end - first).toBeLessThanOrEqual(Math.ceil(height / rowHeight) + 14);
          expect(offset).toBe(first * rowHeight);
        },
      ),
    );
  });

  test('knows its end and brings a row into sight', () => {
    expect(isAtEnd(100, 2400 - 240, 240)).toBe(true);
    expect(isAtEnd(100, 2000, 240)).toBe(false);
    expect(scrollToRow(5, 100, 240)).toBe(100);
    expect(scrollToRow(50, 0, 240)).toBe(50 * rowHeight - 108);
  });
});

describe('keys', () => {
  const key = (name: string, shiftKey = false): KeyPress => ({
    key: name,
    shiftKey,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
  });

  test('do what the map says', () => {
    expect(commandOf(key(' '), 'page')).toEqual({ type: 'toggle' });
    expect(commandOf(key('7'), 'page')).toEqual({ type: 'percent', percent: 70 });
    expect(commandOf(key('ArrowLeft', true), 'page')).toEqual({ type: 'step-share', share: -0.1 });
    expect(commandOf(key('?', true), 'page')).toEqual({ type: 'help' });
    expect(commandOf(key('}', true), 'page')).toEqual({ type: 'incident', direction: 1 });
  });

  test('stay quiet in fields, on buttons that own them, and with modifiers', () => {
    expect(commandOf(key('k'), 'field')).toBeNull();
    expect(commandOf(key('Escape'), 'field')).toEqual({ type: 'close' });
    expect(commandOf(key(' '), 'button')).toBeNull();
    expect(commandOf({ ...key('l'), ctrlKey: true }, 'page')).toBeNull();
    expect(commandOf({ ...key('k'), metaKey: true }, 'field')).toEqual({ type: 'palette' });
  });
});

describe('the service map', () => {
  const run = {
    services: ['web', 'cart', 'db'].map((name) => ({
      name,
      kind: 'service',
      entry: name === 'web',
    })),
    dependencies: [
      { caller: 'web', callee: 'cart' },
      { caller: 'cart', callee: 'db' },
      { caller: 'db', callee: 'web' },
      { caller: 'ghost', callee: 'db' },
    ],
  };

  test('stands still, survives cycles and unknown names, and overlaps nothing', () => {
    const layout = layoutServices(run);
    expect(layout).toEqual(layoutServices(run));
    expect(layout.edges).toHaveLength(3);
    const places = layout.nodes.map((node) => `${node.x},${node.y}`);
    expect(new Set(places).size).toBe(3);
    expect(layoutServices({ services: [], dependencies: [] }).nodes).toEqual([]);
  });

  test('services that nobody calls stand in rows below, and on nothing', () => {
    const alone = Array.from({ length: 12 }, (_, i) => ({
      name: `alone-${i}`,
      kind: 'service',
      entry: false,
    }));
    const { nodes, width, height } = layoutServices({
      ...run,
      services: [...run.services, ...alone],
    });
    expect(nodes).toHaveLength(15);
    expect(width).toBeGreaterThan(height);
    for (const a of nodes)
      for (const b of nodes)
        if (a !== b)
          expect(
            Math.abs(a.x - b.x) >= (a.width + b.width) / 2 || Math.abs(a.y - b.y) >= nodeHeight,
          ).toBe(true);
  });

  test('a failure reaches the callers, and theirs', () => {
    const chain = run.dependencies.slice(0, 2);
    expect([...blastRadius(chain, 'db')].toSorted()).toEqual(['cart', 'db', 'web']);
    expect([...blastRadius(chain, 'web')]).toEqual(['web']);
    expect(blastRadius(run.dependencies, 'db').size).toBe(4);
  });
});

describe('charts', () => {
  const series = (id: number, role: SeriesNode['role'], service = 'web'): SeriesNode => ({
    id,
    service,
    name: `m${id}`,
    unit: '1',
    attributes: {},
    role,
    cadenceUs: 10 * second,
  });

  test('known roles come first, and other services never', () => {
    const all = [series(1, null), series(2, 'error_ratio'), series(3, 'request_rate', 'db')];
    expect(chartsFor(all, 'web').map((chart) => chart.title)).toEqual(['Error rate', 'm1']);
    expect(chartsFor(all, 'nobody')).toEqual([]);
  });

  test('a hole in the data is a hole in the line', () => {
    const drawn = withGaps([10, 20, 30, 200, 210].map((t) => [t, 1] as const));
    expect(drawn.filter((point) => Number.isNaN(point.y))).toEqual([{ x: 199, y: NaN }]);
    expect(withGaps([])).toEqual([]);
  });

  test('sparklines break where nothing was measured', () => {
    expect(sparkline([1, 2, null, 3, 4], { width: 40, height: 20 }).match(/M/g)).toHaveLength(2);
    expect(sparkline([1, null], { width: 40, height: 20 })).toBe('');
  });

  test('figures say how far they are from what is usual, and whether that is bad', () => {
    const usual = {
      ...{ requestRate: 100, errorRatio: 0.01, latencyP95: 0.1 },
      ...{ from: 0, to: 630e6 },
    };
    expect(movement(usual, 'errorRatio', 0.055)).toEqual({ text: '+4.5 pt', sense: 'worse' });
    expect(movement(usual, 'latencyP95', 1.1)).toEqual({ text: '×11', sense: 'worse' });
    expect(movement(usual, 'requestRate', 80)).toEqual({ text: '−20 %', sense: 'neutral' });
    expect(movement(usual, 'latencyP95', null)).toBeNull();
    expect(movement(null, 'latencyP95', 1.1)).toBeNull();
    expect(usualText(usual, 'latencyP95')).toBe(
      'usually 100 ms while they are healthy, last from T+00:00 to T+10:30',
    );
    expect(usualText(null, 'latencyP95')).toBe('no healthy time to compare with yet');
  });
});
