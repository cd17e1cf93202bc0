/** Replays one recording that has been read before and prints how long it took and how much memory the process ever held. */
import { readFileSync } from 'node:fs';
import { replay } from './replay-work.ts';

const [scenarioFile, cacheFile] = process.argv.slice(2);
if (!scenarioFile || !cacheFile) throw new Error('which scenario, which cache?');
const { seconds } = await replay({ scenarioFile, cacheFile, rows: 0 });
const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
const residentMb = Number(peak) / 1000;
process.stdout.write(JSON.stringify({ seconds, residentMb }));
