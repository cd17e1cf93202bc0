import { Outcome } from '../requests.ts';

/** HTTP status of an answer: what went wrong, as a server tells its caller. */
export function statusOf(outcome: number, cause: number): number {
  if (outcome === Outcome.ok) return 200;
  if (outcome === Outcome.refused) return 503;
  switch (cause) {
    case Outcome.timeout:
      return 504;
    case Outcome.failed:
    case Outcome.unreachable:
    case Outcome.reset:
      return 502;
    case Outcome.refused:
      return 503;
    default:
      return 500;
  }
}
