/** Kafka: a broker's log4j lines, the component in brackets and the class at the end. */
import { Outcome } from '../../requests.ts';
import { severityNumbers } from '../../../sdk/index.ts';
import { addressOf } from './callee.ts';
import { failureText } from './client.ts';
import type { Dialect, FailureText, Line, LineContext, OwnFailure } from './dialect.ts';
import { oneLine } from './escape.ts';
import { withComma } from './instant.ts';
import { say, seconds, type LifecycleWords } from './lifecycle.ts';
import { kafkaError } from './store-errors.ts';
import { subjectOf } from './subject.ts';
import { systemWords } from './system-errors.ts';

const client = systemWords(
  (f) => `[BrokerToController id=1] Connection to node 2 (${f.callee}/${addressOf(f)}) failed`,
);

const coordinator = 'kafka.coordinator.group.GroupCoordinator';

function ownFailure(failure: OwnFailure): FailureText {
  const topic = failure.table || subjectOf(failure.path).plural;
  const partition = `${topic}-${(failure.flavour >>> 4) % 12}`;
  const { code, text } = kafkaError({ ...failure, reason: failure.cause });
  if (failure.cause === Outcome.diskFull) {
    return {
      severity: severityNumbers.error,
      message: `[ReplicaManager broker=1] Error while appending records to ${partition} in dir /var/lib/kafka/data`,
      stack:
        'org.apache.kafka.common.errors.KafkaStorageException: Error while appending records' +
        '\nCaused by: java.io.IOException: No space left on device' +
        '\n\tat java.base/sun.nio.ch.FileDispatcherImpl.write0(Native Method)' +
        '\n\tat java.base/sun.nio.ch.FileChannelImpl.write(FileChannelImpl.java:308)' +
        '\n\tat kafka.log.LogSegment.append(LogSegment.scala:160)' +
        '\n\t... 18 more',
    };
  }
  return {
    severity: severityNumbers.error,
    message: `[ReplicaManager broker=1] Error processing append operation on partition ${partition}: ${code}: ${text}`,
    stack: `org.apache.kafka.common.errors.${exceptionOf(code)}: ${text}`,
  };
}

/** `NOT_ENOUGH_REPLICAS` is thrown as NotEnoughReplicasException. */
function exceptionOf(code: string): string {
  const words = code.split('_').map((word) => word.charAt(0) + word.slice(1).toLowerCase());
  return `${words.join('')}Exception`;
}

const lifecycle: Partial<LifecycleWords> = {
  started: ({ version }) =>
    say(
      severityNumbers.info,
      `[KafkaServer id=1] started (${version})`,
      'kafka.server.KafkaServer',
    ),
  stopping: () =>
    say(severityNumbers.info, '[KafkaServer id=1] shutting down', 'kafka.server.KafkaServer'),
  rebalance: ({ group, generation, members }) =>
    say(
      severityNumbers.info,
      `[GroupCoordinator 1]: Stabilized group ${group} generation ${generation} (__consumer_offsets-12) with ${members} members`,
      coordinator,
    ),
  'consumer-lag': ({ group, topic, partition, lag }) =>
    say(
      severityNumbers.info,
      `[GroupMetadataManager brokerId=1] Group ${group} is ${lag} messages behind on ${topic}-${partition}`,
      'kafka.coordinator.group.GroupMetadataManager',
    ),
  checkpoint: ({ buffers, writeMs }) =>
    say(
      severityNumbers.info,
      `[LocalLog partition=__consumer_offsets-12] Rolled new log segment at offset ${buffers} in ${Math.round(writeMs)} ms.`,
      'kafka.log.LocalLog',
    ),
  'replica-lag': ({ lagMs, primary }) =>
    say(
      severityNumbers.info,
      `[Partition orders-0 broker=1] Shrinking ISR, replica is ${seconds(lagMs)} s behind ${primary}`,
      'kafka.cluster.Partition',
    ),
  'disk-full': ({ path }) =>
    say(
      severityNumbers.error,
      `[LogDirFailureChannel] Error while writing to ${path}: No space left on device, stopping serving logs in dir ${path}`,
      'kafka.server.LogDirFailureChannel',
    ),
};

export const kafka: Dialect = {
  write,
  failure: (failure) => failureText(client, failure),
  ownFailure,
  success: ({ path, ms }) => ({
    message: `[KafkaApi-1] Produce to ${subjectOf(path).plural} done in ${ms} ms`,
    fields: [],
    logger: 'kafka.request.logger',
  }),
  trace: () => '',
  lifecycle,
};

function write(context: LineContext, { severity, message, logger, stack }: Line): string {
  const text = `[${withComma(context.wall)}] ${levelOf(severity)} ${oneLine(message)} (${logger || 'kafka.server.ReplicaManager'})`;
  return stack ? `${text}\n${stack}` : text;
}

function levelOf(severity: number): string {
  if (severity >= 17) return severity >= 21 ? 'FATAL' : 'ERROR';
  if (severity >= 9) return severity >= 13 ? 'WARN' : 'INFO';
  return 'DEBUG';
}
