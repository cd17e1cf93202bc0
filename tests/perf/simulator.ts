/**
 * The simulator against theory, and its speed against two other simulators of the same queue: a bare
 * heap loop in this process and SimPy. CPU time, not wall time; rounds interleaved, so that a noisy
 * neighbour meets both sides.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseScenario, type SimulatedScenario } from '../../engine/scenario/index.ts';
import { simulate } from '../../engine/simulator/index.ts';
import { atLeast, median, type Emit, type Log } from './bar.ts';
import { bareQueue } from './bare-queue.ts';
import { holdAgainstTheory } from './simulator-theory.ts';

const servers = 4;
const ratePerSecond = 800;
const meanUs = 4_000;
const rounds = 5;

/** Eight million jobs at utilisation 0.8. */
const scenarioText = `apiVersion: workbench/v1
kind: simulated
name: mm4
seed: 11
duration: 10000s
services:
  - name: counter
    instances: 1
    workers: ${servers}
    queue: 100000
    service_time: { distribution: exponential, mean: ${meanUs}us }
traffic:
  - { entry: counter, rate: ${ratePerSecond}/s }
`;

export async function run(emit: Emit, log: Log): Promise<void> {
  const scenario = readScenario();
  holdAgainstTheory(emit, log);
  const ours: number[] = [];
  const ratios: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const bare = jobsPerCpuSecond(() => bareRun(round));
    const simulated = jobsPerCpuSecond(() => simulatedRun(scenario, round));
    ours.push(simulated);
    ratios.push(simulated / bare);
    log(
      `round ${round + 1}: ${millions(simulated)} simulated, ${millions(bare)} bare, ratio ${(simulated / bare).toFixed(2)}`,
    );
  }
  emit(
    atLeast(
      'simulator-speed',
      median(ratios),
      0.25,
      'of the bare loop',
      'M/M/4 at 0.8: jobs per CPU-second of a bare typed-array heap loop, same process',
    ),
  );
  compareWithSimpy(median(ours), emit, log);
}

function compareWithSimpy(ours: number, emit: Emit, log: Log): void {
  const script = fileURLToPath(new URL('../../../tests/perf/simpy-mm4.py', import.meta.url));
  const speeds: number[] = [];
  let version = '';
  for (let round = 0; round < 3; round++) {
    const done = spawnSync('/usr/bin/python3', [script, '100000', String(round)], {
      encoding: 'utf8',
    });
    if (done.status !== 0) {
      log('SKIPPED: no SimPy for /usr/bin/python3 (apt-get install python3-simpy3)');
      return;
    }
    const result: unknown = JSON.parse(done.stdout);
    const { jobs, cpu, version: found } = result as { jobs: number; cpu: number; version: string };
    version = found;
    speeds.push(jobs / cpu);
  }
  log(`SimPy ${version}: ${Math.round(median(speeds))} jobs per CPU-second`);
  emit(
    atLeast(
      'simulator-simpy',
      ours / median(speeds),
      20,
      '× SimPy',
      `the same queue in SimPy ${version}, jobs per CPU-second`,
    ),
  );
}

function simulatedRun(scenario: SimulatedScenario, seed: number): number {
  return simulate(scenario, { seed }).statistics.endpoints[0]?.ok ?? 0;
}

function bareRun(seed: number): number {
  return bareQueue({ servers, rate: ratePerSecond / 1e6, meanUs, jobs: 8_000_000, seed }).done;
}

function jobsPerCpuSecond(work: () => number): number {
  const before = process.cpuUsage();
  const jobs = work();
  const { user, system } = process.cpuUsage(before);
  return jobs / ((user + system) / 1e6);
}

function readScenario(): SimulatedScenario {
  const result = parseScenario({ file: 'mm4.yaml', text: scenarioText });
  if (result.scenario?.kind === 'simulated') return result.scenario;
  throw new Error(`the M/M/4 scenario is not valid: ${JSON.stringify(result)}`);
}

function millions(jobs: number): string {
  return `${(jobs / 1e6).toFixed(2)} M/s`;
}
