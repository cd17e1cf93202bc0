/**
 * A made-up recording of any size: JSON log lines of twenty services and a long table of metric
 * points, the same bytes for the same seed, written as a stream so that its own memory stays flat.
 */
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { randomFunction } from '../../engine/replay/random.ts';

export interface GeneratedRecording {
  readonly logFile: string;
  readonly metricFile: string;
}

export interface GenerateOptions {
  readonly folder: string;
  readonly logs: number;
  readonly points: number;
  readonly seed: number;
}

const services = 20;
const seriesPerService = 5;
/** Density is constant, so that three times the records last three times as long. */
const logsPerSecond = 500;
const startMs = Date.UTC(2026, 2, 2, 9);
/** Lines gathered before they are written. */
const linesPerWrite = 4096;

const verbs = ['accepted', 'forwarded', 'answered', 'retried'] as const;
const metrics = [
  'request_rate',
  'error_ratio',
  'latency_p95_seconds',
  'cpu_utilization',
  'queue_length',
] as const;

export function generateRecording(options: GenerateOptions): GeneratedRecording {
  const { folder, logs, points, seed } = options;
  mkdirSync(folder, { recursive: true });
  const logFile = join(folder, 'logs.jsonl');
  const metricFile = join(folder, 'metrics.csv');
  writeLines(logFile, logLines(logs, randomFunction(seed, 'logs')));
  const seconds = Math.max(1, logs / logsPerSecond);
  writeLines(metricFile, metricLines(points, seconds, randomFunction(seed, 'metrics')));
  return { logFile, metricFile };
}

/** Bodies of about 87 bytes, a trace of 16 hex digits, two attributes; one line in fifty is no info. */
function* logLines(count: number, random: () => number): Generator<string> {
  for (let i = 0; i < count; i++) {
    const ts = new Date(startMs + (i * 1000) / logsPerSecond).toISOString();
    const service = Math.floor(random() * services);
    const draw = random();
    const level = draw < 0.005 ? 'error' : draw < 0.02 ? 'warn' : 'info';
    const verb = verbs[Math.floor(random() * verbs.length)] ?? verbs[0];
    const order = String(Math.floor(random() * 1e8)).padStart(8, '0');
    const took = String(Math.floor(random() * 900) + 100);
    const trace = hex(random) + hex(random);
    const msg = `${verb} request for order ${order} of customer ${order.slice(2)} in ${took} ms, status 200, region eu-1`;
    yield `{"ts":"${ts}","level":"${level}","service":"service-${service}","trace_id":"${trace}","msg":"${msg}","pod":"pod-${service}-${order[7]}","status":200}\n`;
  }
}

function* metricLines(count: number, seconds: number, random: () => number): Generator<string> {
  yield 'timestamp,service,metric,value\n';
  const perRound = services * seriesPerService;
  const rounds = Math.ceil(count / perRound);
  for (let i = 0; i < count; i++) {
    const round = Math.floor(i / perRound);
    const ts = new Date(startMs + Math.floor((round * seconds * 1000) / rounds)).toISOString();
    const service = Math.floor((i % perRound) / seriesPerService);
    yield `${ts},service-${service},${metrics[i % seriesPerService] ?? ''},${random().toFixed(6)}\n`;
  }
}

function hex(random: () => number): string {
  return Math.floor(random() * 0x100000000)
    .toString(16)
    .padStart(8, '0');
}

function writeLines(file: string, lines: Iterable<string>): void {
  const handle = openSync(file, 'w');
  try {
    let pending: string[] = [];
    for (const line of lines) {
      if (pending.push(line) < linesPerWrite) continue;
      writeSync(handle, pending.join(''));
      pending = [];
    }
    writeSync(handle, pending.join(''));
  } finally {
    closeSync(handle);
  }
}
