/** What one detector has done in a run so far, and what people should know about that. */
export interface Account {
  readonly id: string;
  recordsFed: number;
  findings: number;
  findingsDropped: number;
  findingsRejected: number;
  /** Why the first of them was. */
  rejection: string;
  restarts: number;
  restart: string;
  slowTasks: number;
  slowestMs: number;
  /** Minute of scenario time that `reported` counts. */
  minute: number;
  reported: number;
  failed: boolean;
}

export function newAccount(id: string): Account {
  return {
    ...{ id, recordsFed: 0, findings: 0, findingsDropped: 0, findingsRejected: 0, rejection: '' },
    ...{ restarts: 0, restart: '', slowTasks: 0, slowestMs: 0, minute: -1, reported: 0 },
    failed: false,
  };
}

export interface DetectorTotals {
  readonly detector: string;
  /** Hook calls for records; of a failed detector, those of whole ranges before its failure. */
  readonly recordsFed: number;
  readonly findings: number;
  /** Findings beyond the limit of a minute. */
  readonly findingsDropped: number;
  /** Findings that could not be taken. */
  readonly findingsRejected: number;
  /** Times that it began afresh after its process or thread had ended. */
  readonly restarts: number;
  /** What else people should know of it: why it began afresh, what was rejected, that it is slow; '' where nothing. */
  readonly notice: string;
}

export function totalsOf(account: Account): DetectorTotals {
  const { id, recordsFed, findings, findingsDropped, findingsRejected, restarts } = account;
  const counts = { recordsFed, findings, findingsDropped, findingsRejected, restarts };
  return { detector: id, ...counts, notice: noticeOf(account) };
}

function noticeOf(account: Account): string {
  const { restart, findingsRejected, rejection, slowTasks, slowestMs } = account;
  const parts: string[] = [];
  if (restart !== '') parts.push(restart);
  if (findingsRejected > 0) {
    const findings = findingsRejected === 1 ? '1 finding' : `${findingsRejected} findings`;
    parts.push(`${findings} rejected, first for ${rejection}`);
  }
  if (slowTasks > 0) {
    const batches = slowTasks === 1 ? '1 batch was' : `${slowTasks} batches were`;
    parts.push(`${batches} slow, up to ${Math.round(slowestMs)} ms`);
  }
  return parts.join('; ');
}
