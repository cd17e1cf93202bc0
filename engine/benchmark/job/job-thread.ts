/** What a piscina thread of a benchmark runs. */
import { serialiseError, type WireError } from '../../errors.ts';
import { systemClock } from '../../replay/clock.ts';
import type { BenchJob, JobResult } from '../model.ts';
import { playJob } from './job.ts';

export type JobReply =
  | { readonly ok: true; readonly result: JobResult }
  | { readonly ok: false; readonly error: WireError };

export default async function run(job: BenchJob): Promise<JobReply> {
  try {
    return { ok: true, result: await playJob(job, systemClock) };
  } catch (error) {
    return { ok: false, error: serialiseError(error) };
  }
}
