/** How audits are told: on a terminal, and as a page that does not give the solution away. */
import { expect, test } from 'vitest';
import { auditLines, auditSum } from '../../cli/output/audit.ts';
import { auditMarkdown } from '../../cli/output/audit-report.ts';
import { audit, fairScenario, slowDatabase, turnedAway, withTruth } from '../support/audited.ts';

const fair = audit(fairScenario());
const refused = audit(withTruth(fairScenario(), { clues: [slowDatabase, turnedAway] }));
const plain = (_: unknown, text: string) => text;

test('a terminal gets a line for each rule, and reasons below those that refuse', () => {
  const [head, ...lines] = auditLines(refused, plain);
  expect(head).toBe('refused case (difficulty 1, seed 5)');
  const rules = lines.filter((line) => /^ {2}(ok|remark|refuse) /.test(line));
  expect(rules.map((line) => line.trim().split(/ +/)[1])).toEqual(
    refused.rules.map(({ rule }) => rule),
  );
  const reasons = lines[lines.findIndex((line) => line.includes('three-clues')) + 1];
  expect(reasons?.trim()).toBe('- 2 independent clues of at least 3');
  expect(auditSum({ accepted: 1, refused: 2, failed: 0 })).toBe('1 scenario accepted, 2 refused');
});

test('no text of a scenario reaches a terminal, or a page, as anything but text', () => {
  const evil = { ...slowDatabase, says: '\u001b[31m<img src=x> [a](b)' };
  const audited = audit(withTruth(fairScenario(), { clues: [evil] }));
  expect(auditLines({ ...audited, name: 'a\u001bb' }, plain).join('')).not.toContain('\u001b');
  const page = auditMarkdown([audited], { spoilers: true });
  expect(page).not.toMatch(/\u001b|<img|[^\\]\[a\\?\]/);
});

test('a page says why it is worth playing', () => {
  expect(auditMarkdown([fair], { spoilers: false })).toMatchInlineSnapshot(`
    "# A slow \\*database\\*

    - Scenario: case, 3 min, 3 services, 40 requests of users a second
    - Difficulty: 1
    - Category: hidden
    - Audit: accepted (seed 5)

    ## Why it is worth playing

    - The records show something at once; users feel it at once.
    - Doing nothing costs users 2 lost minutes; what helps leaves 0.1 lost minutes (at T+01:05).
    - 3 clues lead to the cause (metric, log, change).
    - 1 red herring, of which 1 can be falsified from the data.
    - Rules of one line: highest z-score misses the cause, first error misses the cause, most frequent template misses the cause.

    ## What was checked

    | rule | verdict | in short |
    |---|---|---|
    | moves-a-user-sli | ok | 1 objective of users broken by the faults |
    | three-clues | ok | 3 of 3 clues hold, 3 independent, from metric, log and change records |
    | herrings-falsifiable | ok | 1 of 1 red herring can be falsified |
    | faults-have-effect | ok | 1 of 1 fault has an effect |
    | one-line-rules | ok | none finds the cause |
    | actions | ok | 1 of 1 claim about actions holds |
    "
  `);
});

test('nothing on it tells what is broken, unless asked', () => {
  const solution = /orders-db|data-store|2\.0\.0|banner|answers late|Tags|slow-query/;
  const tagged = { ...fair, tags: ['slow-query'] };
  expect(auditMarkdown([tagged], { spoilers: false })).not.toMatch(solution);
  const told = auditMarkdown([tagged], { spoilers: true });
  for (const word of [
    'data-store',
    'Tags: slow-query',
    'the database answers late',
    'highest z-score: web',
    'banner',
  ]) {
    expect(told).toContain(word);
  }
});

test('several scenarios begin with a table of them', () => {
  const page = auditMarkdown([fair, refused], { spoilers: false });
  expect(page).toContain('| A slow \\*database\\* | 1 | 3 min | 3 | accepted |');
  expect(page).toContain('| A slow \\*database\\* | 1 | 3 min | 3 | refused: three-clues |');
  expect(page.match(/^## A slow/gm)).toHaveLength(2);
});
