/** Scenario files that are made to cost much. */
import { minimal } from './scenario-text.ts';

export const kilo = 1024;
export const plus = (line: string) => `${minimal}${line}\n`;
export const instead = (from: string, to: string) => minimal.replace(from, to);

/** Up to the size limit, shaped to make a parser slow. What is said matters less than when. */
export const heavy: readonly (readonly [string, string])[] = [
  ['23 20,000 keys in a map', Array.from({ length: 20_000 }, (_, i) => `k${i}: 1`).join('\n')],
  [
    '20,000 keys nearly right',
    plus(Array.from({ length: 20_000 }, (_, i) => `nam${i}: 1`).join('\n')),
  ],
  ['20,000 empty services', instead('traffic', `${'  - {}\n'.repeat(20_000)}traffic`)],
  ['24,000 words of YAML 1.1', plus(`x: [${'no,'.repeat(24_000)}]`)],
  ['quotes', '"'.repeat(250 * kilo)],
  ['anchors', '&a '.repeat(80 * kilo)],
  ['aliases', `- &a x\n${'- *a\n'.repeat(50_000)}`],
  ['brackets closed, never opened', `a: [${'}'.repeat(250 * kilo)}`],
  ['question marks', '?\n'.repeat(125 * kilo)],
  ['colons', ':\n'.repeat(125 * kilo)],
  ['documents', '---\n'.repeat(60 * kilo)],
  ['newlines', `a:${'\n'.repeat(250 * kilo)}`],
  ['comments', '# x\n'.repeat(60 * kilo)],
  ['one folded text', `a: >\n${' x\n\n'.repeat(60 * kilo)}`],
  ['mixed nesting', '- a: '.repeat(50 * kilo)],
  ['stairs of lists', Array.from({ length: 600 }, (_, i) => `${' '.repeat(i)}- a:`).join('\n')],
  ['a chain of 400 services', chain(400)],
];

/** Services in a row, each calling the next: deep in meaning, not in syntax. */
export function chain(length: number): string {
  const services = Array.from({ length }, (_, i) => {
    const calls = i + 1 < length ? `calls: [{ to: s${i + 1} }]` : 'calls: []';
    return `  - { name: s${i}, service_time: { p50: 1ms, p99: 2ms }, endpoints: [{ name: e, ${calls} }] }`;
  });
  return minimal
    .replace(/ {2}- name: web\n.*\n/, `${services.join('\n')}\n`)
    .replace('entry: web', 'entry: s0');
}
