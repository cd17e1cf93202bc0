/** Metrics of Nezha: one table a pod, a row a minute. Names and units follow OpenTelemetry. */
import type { SeriesRole } from '../sdk/index.ts';
import { requireColumn } from './csv-metrics.ts';
import { selects } from './nezha-selection.ts';
import type { Selection } from './nezha-selection.ts';
import type { Intake } from './intake.ts';
import type { RawRecord, RawSeries } from './raw-record.ts';
import { readMetricTable } from './metric-table.ts';

interface Meaning {
  readonly name: string;
  readonly unit: string;
  readonly factor?: number;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly role?: SeriesRole;
  readonly rank?: number;
}

const latency = (side: 'client' | 'server', quantile: string, role?: SeriesRole): Meaning => ({
  name: side === 'server' ? 'http.server.request.duration' : 'http.client.request.duration',
  unit: 's',
  attributes: { quantile },
  ...(role ? { role } : {}),
});

/** Header of a pod's table → what it measures. Time, PodName and host columns are not series of the pod. */
const podColumns: Readonly<Record<string, Meaning>> = {
  'CpuUsage(m)': { name: 'k8s.pod.cpu.usage', unit: '{cpu}', factor: 1e-3 },
  'CpuUsageRate(%)': {
    name: 'k8s.pod.cpu_limit_utilization',
    unit: '1',
    factor: 0.01,
    role: 'saturation',
  },
  'MemoryUsage(Mi)': { name: 'k8s.pod.memory.usage', unit: 'By', factor: 1024 * 1024 },
  // CPU is the one that moves from minute to minute; of two candidates it gets the role.
  'MemoryUsageRate(%)': {
    name: 'k8s.pod.memory_limit_utilization',
    unit: '1',
    factor: 0.01,
    role: 'saturation',
    rank: 1,
  },
  SyscallRead: { name: 'process.syscalls', unit: '{call}', attributes: { direction: 'read' } },
  SyscallWrite: { name: 'process.syscalls', unit: '{call}', attributes: { direction: 'write' } },
  NetworkReceiveBytes: {
    name: 'k8s.pod.network.io',
    unit: 'By/s',
    attributes: { direction: 'receive' },
  },
  NetworkTransmitBytes: {
    name: 'k8s.pod.network.io',
    unit: 'By/s',
    attributes: { direction: 'transmit' },
  },
  'PodClientLatencyP90(s)': latency('client', '0.9'),
  'PodClientLatencyP95(s)': latency('client', '0.95'),
  'PodClientLatencyP99(s)': latency('client', '0.99'),
  'PodServerLatencyP90(s)': latency('server', '0.9'),
  'PodServerLatencyP95(s)': latency('server', '0.95', 'latency_p95'),
  'PodServerLatencyP99(s)': latency('server', '0.99', 'latency_p99'),
  'PodWorkload(Ops)': {
    name: 'http.server.request.rate',
    unit: '{request}/s',
    role: 'request_rate',
  },
  'PodSuccessRate(%)': {
    name: 'http.server.success_ratio',
    unit: '1',
    factor: 0.01,
    role: 'availability',
  },
  'NodeCpuUsageRate(%)': { name: 'k8s.node.cpu.utilization', unit: '1', factor: 0.01 },
  'NodeMemoryUsageRate(%)': { name: 'k8s.node.memory.utilization', unit: '1', factor: 0.01 },
  NodeNetworkReceiveBytes: { name: 'k8s.node.network.io', unit: 'By/s' },
};

/** What users see at the front door; of lower rank than what the entry service's own pod measures. */
const frontColumns: Readonly<Record<string, Meaning>> = {
  'SuccessRate(%)': {
    name: 'front.success_ratio',
    unit: '1',
    factor: 0.01,
    role: 'availability',
    rank: 1,
  },
  'LatencyP50(s)': { ...frontLatency('0.5'), role: 'latency_p50', rank: 1 },
  'LatencyP90(s)': frontLatency('0.9'),
  'LatencyP95(s)': { ...frontLatency('0.95'), role: 'latency_p95', rank: 1 },
  'LatencyP99(s)': { ...frontLatency('0.99'), role: 'latency_p99', rank: 1 },
};

function frontLatency(quantile: string): Meaning {
  return { name: 'front.request.duration', unit: 's', attributes: { quantile } };
}

export function readNezhaMetrics(
  file: string,
  service: string,
  selection: Selection,
  intake: Intake,
): AsyncGenerator<readonly RawRecord[]> {
  return read({ file, service, meanings: podColumns, selection, intake });
}

export function readNezhaFront(
  file: string,
  service: string,
  selection: Selection,
  intake: Intake,
): AsyncGenerator<readonly RawRecord[]> {
  return read({ file, service, meanings: frontColumns, selection, intake });
}

interface Table {
  readonly file: string;
  readonly service: string;
  readonly meanings: Readonly<Record<string, Meaning>>;
  readonly selection: Selection;
  readonly intake: Intake;
}

function read({ file, service, meanings, selection, intake }: Table) {
  return readMetricTable(file, intake, (header) => {
    // Not TimeStamp: one of the dataset's days has it 200,000,000 s ahead.
    const time = requireColumn(file, header, ['Time']);
    const columns = header.flatMap((name, index) => {
      const meaning = Object.hasOwn(meanings, name) ? meanings[name] : undefined;
      if (!meaning) return [];
      return [{ index, series: () => seriesOf(service, meaning), factor: meaning.factor ?? 1 }];
    });
    return {
      time,
      key: () => '',
      columns,
      delayUs: 0,
      selects: (us: number) => selects(selection, us),
    };
  });
}

function seriesOf(service: string, meaning: Meaning): RawSeries {
  return {
    service,
    name: meaning.name,
    unit: meaning.unit,
    attributes: meaning.attributes ?? {},
    role: meaning.role ?? null,
    rank: meaning.rank ?? 0,
    zeroIsDead: true,
  };
}
