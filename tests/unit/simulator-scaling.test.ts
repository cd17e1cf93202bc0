import { describe, expect, test } from 'vitest';
import { measureOutcome, openSimulation, runTo } from '../../engine/simulator/index.ts';
import { simulated } from '../support/simulated.ts';

const second = 1_000_000;

/** Four hundred requests a second of 5 ms need two cores, so four at half use; it begins with two. */
const growing = (startup: string) =>
  simulated(`seed: 3
duration: 4m
services:
  - name: web
    instances: 2
    instances_max: 12
    workers: 64
    cpus: 1
    startup: { time: ${startup} }
    balancer: { health_check: { interval: 5s, timeout: 1s } }
    autoscale: { min: 2, max: 12, target: 50%, every: 10s, lag: 20s }
    service_time: { distribution: constant, value: 5ms }
traffic:
  - { entry: web, rate: 340/s }
objectives:
  - { service: web, name: answers, target: 99%, window: 4m }
`);

describe('the autoscaler', () => {
  test('does not ask again for what is still starting', () => {
    const run = openSimulation(growing('60s'), { seed: 1, telemetry: false });
    runTo(run, 200 * second);
    expect(run.simulation.world.services.instancesUp[0]).toBe(4);
  });

  test('nobody sends requests to a new instance before it is ready', () => {
    const { objectives } = measureOutcome(growing('20s'), { seed: 1 });
    expect(objectives[0]?.bad.reduce((a, b) => a + b, 0)).toBe(0);
  });
});
