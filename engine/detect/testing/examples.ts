/** Examples of a detector: scenes in which it must be quiet and scenes in which it must fire. */
import type { Finding } from '../../incident/model.ts';
import type { Scene } from './scene.ts';
import { failureOf, show, type Candidate } from './screen.ts';

export interface QuietExample {
  /** What the scene shows; the name of the test. */
  readonly name: string;
  readonly scene: Scene;
  /** Options that differ from the defaults. */
  readonly config?: Readonly<Record<string, number | string | boolean>>;
}

export interface FiringExample extends QuietExample {
  /** Everything it says, by message and service: no more, no less. */
  readonly expect: readonly ExpectedFinding[];
}

export interface ExpectedFinding {
  readonly message: string;
  /** Any service where not given. */
  readonly service?: string;
  /** Seconds between which the first such finding comes, both included. */
  readonly first: readonly [from: number, to: number];
}

export interface Examples {
  readonly quiet: readonly QuietExample[];
  readonly fires: readonly FiringExample[];
}

/** Types examples and gives them back unchanged. */
export function defineExamples(examples: Examples): Examples {
  return examples;
}

/** What is wrong with a showing of a quiet example; '' where nothing is. */
export function quietProblem(candidate: Candidate, example: QuietExample): string {
  const showing = show(candidate, example.scene, settingOf(example));
  const failed = failureOf(showing);
  if (failed !== '') return failed;
  const [first] = showing.findings;
  return first === undefined
    ? ''
    : `expected: nothing; got: "${first.message}" at ${seconds(first)} s, ${first.body}`;
}

/** What is wrong with a showing of a firing example; '' where nothing is. */
export function firingProblem(candidate: Candidate, example: FiringExample): string {
  const showing = show(candidate, example.scene, settingOf(example));
  const failed = failureOf(showing);
  if (failed !== '') return failed;
  const { findings } = showing;
  const problems = example.expect.flatMap((expected) => {
    const { message, service, first: window } = expected;
    const first = findings.find((finding) => fits(finding, expected));
    const what = `"${message}"${service === undefined ? '' : ` of ${service}`}`;
    const when = `first from ${window[0]} to ${window[1]} s`;
    if (first === undefined) return [`expected: ${what}, ${when}; got: ${gotText(findings)}`];
    const at = seconds(first);
    if (at >= window[0] && at <= window[1]) return [];
    return [`expected: ${what}, ${when}; got: first at ${at} s`];
  });
  const surplus = findings.find((finding) => !example.expect.some((e) => fits(finding, e)));
  if (surplus !== undefined) problems.push(`expected: nothing else; got: ${gotText([surplus])}`);
  return problems.join('; ');
}

/** The first thing that was said. */
function gotText([first]: readonly Finding[]): string {
  if (first === undefined) return 'nothing';
  return `"${first.message}" of ${first.subject} at ${seconds(first)} s, ${first.body}`;
}

function settingOf({ config }: QuietExample): Parameters<typeof show>[2] {
  return config === undefined ? {} : { config };
}

function fits(finding: Finding, { message, service }: ExpectedFinding): boolean {
  if (finding.message !== message) return false;
  const { subject } = finding;
  return (
    service === undefined ||
    subject === service ||
    subject.startsWith(`${service}/`) ||
    subject.endsWith(`>${service}`)
  );
}

function seconds(finding: Finding): number {
  return finding.t / 1_000_000;
}
