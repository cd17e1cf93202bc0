import { Outcome } from '../requests.ts';

/** HTTP status of an answer: what went wrong, as a server tells its caller. */
export function statusOf(outcome: number, cause: number): number {
  if (outcome === Outcome.ok) return 200;
  return outcome === Outcome.failed ? failedStatus(cause) : failedStatus(outcome);
}

/** The cause of a service's own failure is `ok`: no call of it failed. */
function failedStatus(cause: number): number {
  switch (cause) {
    case Outcome.timeout:
      return 504;
    case Outcome.failed:
    case Outcome.unreachable:
    case Outcome.reset:
    case Outcome.tls:
    case Outcome.dns:
      return 502;
    case Outcome.refused:
    case Outcome.breakerOpen:
    case Outcome.bulkheadFull:
    case Outcome.connectionsFull:
      return 503;
    case Outcome.shed:
      return 429;
    case Outcome.token:
      return 401;
    case Outcome.stale:
      return 404;
    default:
      return 500;
  }
}
