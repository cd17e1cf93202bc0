/** Replays one cached recording and prints how long it took and how much memory the process ever held. */
import { readFileSync } from 'node:fs';
import { replay } from './replay-work.ts';

const cacheFile = process.argv[2];
if (!cacheFile) throw new Error('which cache file?');
const { seconds } = await replay({ cacheFile, rows: 0 });
const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
const residentMb = Number(peak) / 1000;
process.stdout.write(JSON.stringify({ seconds, residentMb }));
