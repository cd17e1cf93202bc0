/** `npm run perf [-- name…]`: measured bars, one JSON line each on stdout, the talk on stderr. */
import type { Bar, Emit, Log } from './bar.ts';

interface Suite {
  readonly run: (emit: Emit, log: Log) => Promise<void>;
}

const suites: Readonly<Record<string, () => Promise<Suite>>> = {
  simulator: () => import('./simulator.ts'),
  replay: () => import('./replay.ts'),
  seek: async () => {
    const [{ run }, { runFileForReading }] = await Promise.all([
      import('./seek.ts'),
      import('./replay.ts'),
    ]);
    return { run: async (emit, log) => run(await runFileForReading(log), emit, log) };
  },
  demo: () => import('./demo.ts'),
  library: () => import('./library.ts'),
  day: () => import('./day.ts'),
  'nab-quality': () => import('./nab-quality.ts'),
  templates: () => import('./templates.ts'),
  detectors: () => import('./detectors.ts'),
  bench: () => import('./bench.ts'),
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in suites));
if (unknown.length > 0) {
  process.stderr.write(
    `no such bar: ${unknown.join(', ')}; there are ${Object.keys(suites).join(', ')}\n`,
  );
  process.exit(2);
}

const bars: Bar[] = [];
for (const [name, load] of Object.entries(suites)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  const suite = await load();
  await suite.run(
    (bar) => {
      bars.push(bar);
      process.stdout.write(`${JSON.stringify(bar)}\n`);
    },
    (line) => process.stderr.write(`${name}: ${line}\n`),
  );
}
const missed = bars.filter((bar) => !bar.pass);
process.stderr.write(`${bars.length - missed.length} of ${bars.length} bars met\n`);
if (missed.length > 0) process.exitCode = 1;
