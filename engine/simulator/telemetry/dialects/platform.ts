/**
 * Lines of the machine below the process: kernel, kubelet, controllers, time daemon. The process
 * itself cannot tell these things; often it is dead by then.
 */
import { severityNumbers } from '../../../sdk/index.ts';
import type { Runtime } from '../../../scenario/model-services.ts';
import type { LineContext } from './dialect.ts';
import { klog, syslog } from './instant.ts';
import type { LifecycleLine, LifecycleParams, LifecycleWords } from './lifecycle.ts';
import { mix } from './mix.ts';

type PlatformKind =
  'oom-killed' | 'crashed' | 'probe-failed' | 'scaled' | 'disk-pressure' | 'clock-step';

export const platformWords: Pick<LifecycleWords, PlatformKind> = {
  'oom-killed': ({ limitBytes }, context, runtime) => {
    const pages = mix(context.flavour, 21);
    const limitKb = Math.round(limitBytes / 1024);
    return verbatim(
      severityNumbers.error,
      kernel(
        context,
        `Memory cgroup out of memory: Killed process ${processOf(context)} (${commandOf(runtime, context)}) ` +
          `total-vm:${limitKb + 400_000 + (pages % 900_000)}kB, anon-rss:${limitKb - (pages % 900)}kB, ` +
          `file-rss:0kB, shmem-rss:0kB, UID:1000 pgtables:${1800 + (pages % 1200)}kB oom_score_adj:968`,
      ),
    );
  },
  crashed: ({ exitCode, restarts }, context) => {
    const { service } = context;
    // kubelet doubles its patience, up to five minutes.
    const pauseSeconds = Math.min(300, 10 * 2 ** Math.min(restarts, 5));
    const backOff = `back-off ${pauseSeconds}s restarting failed container=${service} pod=${podOf(context)}`;
    return kubelet(context, 'E', 'pod_workers.go:1301', 'Error syncing pod, skipping', [
      ['err', `failed to "StartContainer" for "${service}" with CrashLoopBackOff: "${backOff}"`],
      ['pod', podOf(context)],
      ['containerName', service],
      ['exitCode', exitCode],
      ['restartCount', restarts],
    ]);
  },
  'probe-failed': ({ probe, reason, status }, context) =>
    kubelet(context, 'E', 'prober.go:107', 'Probe failed', [
      ['probeType', probe],
      ['pod', podOf(context)],
      ['containerName', context.service],
      ['probeResult', 'failure'],
      ['output', probeOutput(reason, status, context)],
    ]),
  scaled: ({ from, to }, context) =>
    kubelet(context, 'I', 'horizontal.go:844', 'Successfully rescaled', [
      ['HPA', `shop/${context.service}`],
      ['currentReplicas', from],
      ['desiredReplicas', to],
      ['reason', to > from ? 'cpu resource utilization above target' : 'All metrics below target'],
    ]),
  'disk-pressure': ({ usedShare }, context) =>
    kubelet(context, 'W', 'eviction_manager.go:376', 'Eviction manager: attempting to reclaim', [
      ['resourceName', 'ephemeral-storage'],
      ['node', nodeOf(context)],
      ['usedPercent', Math.round(usedShare * 100)],
    ]),
  'clock-step': ({ offsetMs }, context) =>
    verbatim(
      severityNumbers.info,
      `${syslog(context.wall)} ${nodeOf(context)} chronyd[${600 + (context.flavour & 127)}]: ` +
        `System clock wrong by ${(offsetMs / 1000).toFixed(6)} seconds`,
    ),
};

function probeOutput(
  reason: LifecycleParams['probe-failed']['reason'],
  status: number,
  { flavour }: LineContext,
): string {
  const address = `10.8.${(flavour >>> 8) & 127}.${10 + (flavour & 127)}:8080`;
  switch (reason) {
    case 'status':
      return `HTTP probe failed with statuscode: ${status}`;
    case 'refused':
      return `Get "http://${address}/healthz": dial tcp ${address}: connect: connection refused`;
    case 'timeout':
      return `Get "http://${address}/healthz": context deadline exceeded (Client.Timeout exceeded while awaiting headers)`;
    default:
      return reason satisfies never;
  }
}

function kubelet(
  context: LineContext,
  letter: 'I' | 'W' | 'E',
  at: string,
  message: string,
  fields: readonly (readonly [string, string | number])[],
): LifecycleLine {
  let text = `${letter}${klog(context.wall, context.flavour >>> 0)}       1 ${at}] ${JSON.stringify(message)}`;
  for (const [name, value] of fields) text += ` ${name}=${JSON.stringify(value)}`;
  return verbatim(klogSeverities[letter], text);
}

const klogSeverities = {
  I: severityNumbers.info,
  W: severityNumbers.warn,
  E: severityNumbers.error,
} as const;

/** The kernel counts from its own start. */
function kernel(context: LineContext, message: string): string {
  const { wall, wallMs } = context;
  const uptime = 1_823_456 + ((wallMs / 1000) % yearSeconds);
  return `${syslog(wall)} ${nodeOf(context)} kernel: [${uptime.toFixed(6)}] ${message}`;
}

const yearSeconds = 365 * 86_400;

function verbatim(severity: number, message: string): LifecycleLine {
  return { severity, message, verbatim: true };
}

function podOf({ instance }: LineContext): string {
  return `shop/${instance}`;
}

function nodeOf({ node }: LineContext): string {
  return node === undefined || node === '' ? 'localhost' : node;
}

function processOf({ flavour }: LineContext): number {
  return 4000 + (mix(flavour, 22) % 28_000);
}

/** Name of the process as the kernel knows it: at most 15 bytes. */
function commandOf(runtime: Runtime, { service }: LineContext): string {
  return (commands[runtime] ?? service).slice(0, 15);
}

const commands: Readonly<Partial<Record<Runtime, string>>> = {
  node: 'node',
  java: 'java',
  python: 'gunicorn',
  nginx: 'nginx',
  envoy: 'envoy',
  postgres: 'postgres',
  redis: 'redis-server',
  kafka: 'java',
};
