/** `--report board.html`: one file, in which whatever a name says stays text. The browser test opens one. */
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { boardHtml } from '../../cli/output/board-html.ts';
import { refuseUnknownEnding } from '../../cli/output/board-files.ts';
import { board, missed, report, row } from '../support/bench-report.ts';

const hostile = `</script><script>alert(1)</script><!-- "'&__proto__`;

function parts(html: string) {
  const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? '';
  const scripts = [...html.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)].map(
    ([, text = '']) => text,
  );
  const styles = [...html.matchAll(/<style[^>]*>([\s\S]*?)<\/style>/g)].map(
    ([, text = '']) => text,
  );
  return { policy, scripts, styles };
}

const hashed = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

describe('the report as one page', () => {
  const made = board([row('zscore'), row(hostile, { failures: [hostile] })], { suite: hostile });
  const html = boardHtml(report(made, { mistakes: { zscore: [missed] } }));

  test('has its data, its script and its style, and a policy that lets these run and nothing else', () => {
    const { policy, scripts, styles } = parts(html);
    expect(scripts).toHaveLength(2);
    expect(styles).toHaveLength(1);
    expect(policy).toContain(`default-src 'none'; script-src ${hashed(scripts[1] ?? '')};`);
    expect(policy).toContain(`style-src ${hashed(styles[0] ?? '')};`);
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
    expect(html).not.toMatch(/ (src|href)="/);
  });

  test('keeps names as they are, as data', () => {
    const content = JSON.parse(parts(html).scripts[0] ?? '') as {
      readonly board: typeof made;
      readonly commands: Readonly<Record<string, readonly string[]>>;
    };
    expect(content.board.rows[1]?.entry).toBe(hostile);
    expect(content.board.suite).toBe(hostile);
    expect(content.commands['zscore']?.[0]).toContain('--seed 2');
    expect(html).not.toContain('alert(1)</script>');
  });

  test('stays under a megabyte for forty entries on two hundred items, each with a flood of mistakes', () => {
    const items = Array.from({ length: 200 }, (_, i) => ({
      ...made.items[0]!,
      id: `item-${i}`,
      title: `Item ${i}, whose title is about as long as titles are`,
    }));
    const rows = Array.from({ length: 40 }, (_, i) =>
      row(`entry-${i}`, { scores: items.map(() => Math.PI / 4) }),
    );
    const flood = Array.from({ length: 200 }, () => ({ ...missed, item: 'item-7' }));
    const mistakes = Object.fromEntries(rows.map(({ entry }) => [entry, flood]));
    const points = Array.from({ length: 100 }, (_, i) => ({
      ...{ threshold: 1 - i / 101, precision: i / 99.7, recall: i / 99, f1: Math.sqrt(i / 99) / 3 },
      falseAlarmsPerHour: Math.PI * i,
    }));
    const curve = { basis: 'incidents', points, area: 0.5 } as const;
    const flooded = report(board(rows, { items }), { mistakes });
    const entries = flooded.details.entries.map((one) => ({
      ...one,
      curves: { held: curve, onset: curve },
    }));
    const large = boardHtml({ ...flooded, details: { entries } });
    expect(large.length).toBeLessThan(1_000_000);
  });

  test('is asked for by its ending', () => {
    expect(() => refuseUnknownEnding('board.html')).not.toThrow();
    expect(() => refuseUnknownEnding('board.htm')).toThrow('.html');
  });
});
