// Scenarios that extend what they should not: each is told so, and nothing of the file is shown.
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { formatProblems, parseScenario } from '../../engine/scenario/index.ts';
import { scenarioFolder } from '../support/scenario-folder.ts';
import { heavy } from '../support/heavy-scenarios.ts';
import { minimal } from '../support/scenario-text.ts';

const folder = scenarioFolder();
afterAll(() => folder.remove());

const secret = 'topsecret-7f3a';
const root = join(folder.path, 'scenarios');
const own = (path: string) =>
  `apiVersion: workbench/v1\nkind: simulated\nname: hostile\nextends: ${path}\n`;
const write = (file: string, text: string | Uint8Array) => folder.write(`scenarios/${file}`, text);
const verdict = (text: string) => {
  write('mine/scenario.yaml', text);
  return folder.verdict('scenarios/mine/scenario.yaml');
};

write('base/shop.yaml', minimal.replace('kind: simulated', 'kind: base'));
write('base/private.yaml', `password: ${secret}\n`);
write('base/private-list.yaml', `- ${secret}\n`);
write('base/private-broken.yaml', `password: "${secret}\n`);
write('base/recorded.yaml', `kind: recorded\nname: ${secret}\n`);
write('base/said-so.yaml', `# kind: base\npassword: ${secret}\n`);
write('base/empty.yaml', '');
write('base/bytes.yaml', Uint8Array.from([...Buffer.from(`kind: base\n${secret}`), 0xff]));
write('base/large.yaml', `kind: base\n#${secret}${'x'.repeat(300 * 1024)}`);
write('base/text.txt', `kind: base\npassword: ${secret}\n`);
folder.write('outside.yaml', `kind: base\npassword: ${secret}\n`);
folder.write('elsewhere/inside.yaml', `kind: base\npassword: ${secret}\n`);
mkdirSync(join(root, 'base/folder.yaml'));
symlinkSync(join(folder.path, 'outside.yaml'), join(root, 'base/link.yaml'));
symlinkSync(join(folder.path, 'elsewhere'), join(root, 'base/linked'));
symlinkSync(join(root, 'base/shop.yaml'), join(root, 'base/link-inside.yaml'));
symlinkSync(join(root, 'base/text.txt'), join(root, 'base/link-text.yaml'));
symlinkSync(join(root, 'base/loop.yaml'), join(root, 'base/loop.yaml'));
symlinkSync(join(folder.path, 'missing.yaml'), join(root, 'base/dangling.yaml'));

const outside = (path: string) =>
  `forbidden: "${path}" lies outside of the scenario's folder and those beside it`;
const noBase = (path: string) =>
  `forbidden: "${path}" is no base and no simulated scenario [a base says so itself: kind: base]`;

// prettier-ignore
const refused: readonly (readonly [path: string, said: string])[] = [
  ['/etc/passwd.yaml', 'forbidden: extends must be a relative path [write it relative to this file, with slashes]'],
  ['"..\\\\base\\\\shop.yaml"', 'forbidden: extends must be a relative path [write it relative to this file, with slashes]'],
  ['c:/shop.yaml', 'forbidden: extends must be a relative path [write it relative to this file, with slashes]'],
  ['https://example.org/shop.yaml', 'forbidden: path is an address, not a file [download it and name the file, relative to the scenario]'],
  ['~/shop.yaml', 'forbidden: ~ is not read in paths [write it relative to the scenario file]'],
  ['"../base/\\0.yaml"', 'forbidden: path has a control character in it'],
  ['../base/text.txt', 'bad-value: extends must name a file that ends in .yaml'],
  ['../base/', 'bad-value: extends must name a file that ends in .yaml'],
  ['.yaml', 'bad-value: extends must name a file that ends in .yaml'],
  ['""', 'bad-value: extends must name a file that ends in .yaml'],
  ['[../base/shop.yaml]', 'wrong-type: extends must be text: the path of a file'],
  ['7', 'wrong-type: extends must be text: the path of a file'],
  ['null', 'wrong-type: extends must be text: the path of a file'],
  [`../${'x/'.repeat(600)}x.yaml`, 'limit: extends is longer than 1024 characters'],
  ['../../outside.yaml', outside('../../outside.yaml')],
  ['../../elsewhere/inside.yaml', outside('../../elsewhere/inside.yaml')],
  ['../../../../../../../../../etc/x.yaml', outside('../../../../../../../../../etc/x.yaml')],
  ['../base/link.yaml', outside('../base/link.yaml')],
  ['../base/linked/inside.yaml', outside('../base/linked/inside.yaml')],
  ['../base/link-text.yaml', outside('../base/link-text.yaml')],
  ['../base/dangling.yaml', 'reference: no file "../base/dangling.yaml"'],
  ['../base/loop.yaml', 'reference: no file "../base/loop.yaml"'],
  ['../base/shp.yaml', 'reference: no file "../base/shp.yaml" [did you mean "../base/shop.yaml"?]'],
  ['../base/linked/insid.yaml', 'reference: no file "../base/linked/insid.yaml"'],
  ['../nowhere/shop.yaml', 'reference: no file "../nowhere/shop.yaml"'],
  ['../base/folder.yaml', 'reference: "../base/folder.yaml" cannot be read'],
  ['../base/large.yaml', 'limit: "../base/large.yaml" is larger than 262144 bytes'],
  ['../base/bytes.yaml', 'encoding: "../base/bytes.yaml": byte 26 is not UTF-8 [save as UTF-8]'],
  ['../base/private.yaml', noBase('../base/private.yaml')],
  ['../base/private-list.yaml', noBase('../base/private-list.yaml')],
  ['../base/private-broken.yaml', noBase('../base/private-broken.yaml')],
  ['../base/recorded.yaml', noBase('../base/recorded.yaml')],
  ['../base/said-so.yaml', noBase('../base/said-so.yaml')],
  ['../base/empty.yaml', noBase('../base/empty.yaml')],
  ['./scenario.yaml', 'cycle: extends goes in a circle'],
];

describe('what cannot be extended', () => {
  test.each(refused)('%s', (path, said) => {
    // A list has no place of its own: its key has.
    expect(verdict(own(path))).toEqual([`4:${path.startsWith('[') ? 1 : 10} ${said}`]);
    const result = folder.read('scenarios/mine/scenario.yaml');
    if (result.scenario) throw new Error('the scenario is valid');
    expect(formatProblems('scenario.yaml', result)).not.toContain(secret);
    expect(JSON.stringify(result)).not.toContain(secret);
  });
});

test('a link inside is as good as the file', () => {
  expect(verdict(own('../base/link-inside.yaml'))).toEqual(['ok']);
});

test('a circle through several files is told where it closes', () => {
  write('base/a.yaml', 'kind: base\nextends: ./b.yaml\n');
  write('base/b.yaml', 'kind: base\nextends: ./a.yaml\n');
  expect(verdict(own('../base/a.yaml'))).toEqual([
    '../base/b.yaml:2:10 cycle: extends goes in a circle',
  ]);
});

test('three files below one another, and no more', () => {
  write('base/1.yaml', 'kind: base\nextends: ./2.yaml\n');
  write('base/2.yaml', 'kind: base\nextends: ./3.yaml\n');
  write('base/3.yaml', minimal);
  expect(verdict(own('../base/1.yaml'))).toEqual(['ok']);
  write('base/3.yaml', 'kind: base\nextends: ./4.yaml\n');
  write('base/4.yaml', minimal);
  expect(verdict(own('../base/1.yaml'))).toEqual([
    '../base/3.yaml:2:10 limit: extends goes on for more than 3 files',
  ]);
});

test('a base of a base is bound by the folder of the scenario', () => {
  write('base/deep/up.yaml', 'kind: base\nextends: ../../../outside.yaml\n');
  expect(verdict(own('../base/deep/up.yaml'))).toEqual([
    `../base/deep/up.yaml:2:10 ${outside('../../../outside.yaml')}`,
  ]);
});

test('a recording extends nothing', () => {
  const said = verdict(own('../base/shop.yaml').replace('simulated', 'recorded'));
  expect(said.join('\n')).toContain('4:1 unknown-key: unknown key "extends"');
});

test('a scenario in a folder at the very top reaches that folder alone', () => {
  const text = own('../etc/shop.yaml');
  const { problems } = parseScenario({ file: '/dev/scenario.yaml', text }) as {
    problems: readonly { message: string }[];
  };
  expect(problems.map(({ message }) => message)).toEqual([
    `"../etc/shop.yaml" lies outside of the scenario's folder and those beside it`,
  ]);
});

test('keys of a base leave no trace on the objects of others', () => {
  write('base/evil.yaml', 'kind: base\n__proto__: { polluted: true }\nconstructor: 1\n');
  expect(verdict(own('../base/evil.yaml')).map((line) => line.split(': ')[0])).toEqual([
    '../base/evil.yaml:2:1 forbidden',
    '../base/evil.yaml:3:1 forbidden',
  ]);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

test('bounds hold for what comes of it, too', () => {
  const services = (from: number) =>
    Array.from({ length: 240 }, (_, i) => `  - { name: s${from + i}, service_time: { p50: 1ms, p99: 2ms } }`); // prettier-ignore
  write('base/many.yaml', `kind: base\nservices:\n${services(0).join('\n')}\n`);
  const many = `services:\n${services(300).join('\n')}\n  - { name: web, service_time: { p50: 1ms, p99: 2ms } }\n`;
  // 481 services are within the limit; 721 are not.
  const rest = 'duration: 1m\ntraffic: [{ entry: web, rate: 1/s }]\n';
  expect(verdict(own('../base/many.yaml') + many + rest)[0]).toBe('ok');
  write(
    'base/more.yaml',
    `kind: base\nextends: ./many.yaml\nservices:\n${services(600).join('\n')}\n`,
  );
  expect(verdict(own('../base/more.yaml') + many + rest)).toEqual([
    '5:1 limit: services has more than 500 entries',
  ]);
  const texts = (name: string, count: number) =>
    `${name}: [${Array.from({ length: count }, () => 'x').join(', ')}]\n`;
  write('base/wide.yaml', `kind: base\n${texts('a', 30_000)}`);
  expect(verdict(own('../base/wide.yaml') + texts('b', 30_000))).toEqual([
    '4:10 limit: more than 50000 values with what is extended',
  ]);
  const long = (name: string) =>
    `${name}: [${Array.from({ length: 45 }, () => 'x'.repeat(3_900)).join(', ')}]\n`;
  const contributing = long('contributing').trim();
  write('base/long.yaml', `${minimal}truth: { ${contributing} }\n`);
  const clues = Array.from({ length: 45 }, () => `{ says: ${'x'.repeat(3_900)}, change: { service: web } }`).join(', '); // prettier-ignore
  expect(verdict(`${own('../base/long.yaml')}truth: { clues: [${clues}] }\n`)).toEqual([
    '4:10 limit: more than 262144 characters with what is extended',
  ]);
});

describe('a heavy base is answered in time', () => {
  test.each(heavy)('%s', (_name, text) => {
    writeFileSync(join(root, 'base/heavy.yaml'), `kind: base\n${text}`);
    const before = process.cpuUsage();
    const lines = verdict(own('../base/heavy.yaml'));
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).toBeLessThan(5_000);
    expect(lines.length).toBeLessThanOrEqual(21);
  });
});
