// `npm run bench:liveness`: what judging the temporal properties of a model costs beside the search for everything else
// in it, as CPU time and memory of the whole command. Both are run in turn and medians are told: the machine may be busy
// with other things.
//
//   npm run bench:liveness -- [--only text] [--repeat n] [--json file]
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..');
const command = join(root, 'dist', 'cli.cjs');
const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    repeat: { type: 'string', default: '3' },
    json: { type: 'string' },
  },
});
const repeat = Number(options.repeat);
const folder = mkdtempSync(join(tmpdir(), 'fairlead-bench-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

const leases = 'specs/vmm-drv';
const MODELS = [
  { spec: leases, model: 'ringsCorrected' },
  { spec: leases, model: 'everythingCorrected' },
  { spec: leases, model: 'ringsShippedFix' },
  { spec: leases, model: 'everythingShippedFix' },
  { spec: leases, model: 'everythingBeforeTheFix' },
  { spec: 'specs/classic/readers-writers.ts', model: 'queue', set: { actors: 4 } },
  { spec: 'specs/classic/versioned-lock.ts', model: 'preferReaders', set: { processes: 9 } },
];

const rows = MODELS.filter(({ model }) => model.includes(options.only)).map(measure);
if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(rows, undefined, 2)}\n`);

function measure({ spec, model, set = {} }) {
  const settings = Object.entries(set).flatMap(([name, value]) => ['--set', `${name}=${value}`]);
  const args = ['check', spec, '--model', model, ...settings, '--format', 'json', '--workers', '1'];
  const { verdicts } = run(args);
  const named = (isTemporal) => {
    const names = verdicts.filter(({ kind }) => (kind === 'property') === isTemporal).map(({ name }) => name);
    return names.flatMap((name) => ['--property', name]);
  };
  const safety = [];
  const both = [];
  for (let round = 0; round < repeat; round += 1) {
    safety.push(run([...args, ...named(false)]));
    both.push(run(args));
  }
  const temporal = verdicts.filter(({ kind }) => kind === 'property');
  const row = {
    model,
    states: both[0].states,
    properties: temporal.length,
    violated: temporal.filter(({ outcome }) => outcome.kind === 'violated').length,
    safetySeconds: median(safety.map(({ cpu }) => cpu)),
    seconds: median(both.map(({ cpu }) => cpu)),
    time: median(both.map(({ cpu }, index) => cpu / safety[index].cpu)),
    memory: median(both.map(({ rss }, index) => rss / safety[index].rss)),
    bytesPerState: median(both.map(({ rss }) => rss)) / both[0].states,
  };
  console.log(
    [
      model.padEnd(24),
      `${row.states.toLocaleString('en').padStart(10)} states`,
      `${row.properties} properties, ${row.violated} violated`,
      `${row.time.toFixed(2)}× the time of safety (${row.seconds.toFixed(2)} s, ${row.safetySeconds.toFixed(2)} s)`,
      `${row.memory.toFixed(2)}× its memory`,
    ].join('  '),
  );
  return row;
}

/** The whole command: CPU seconds of the process with all its threads, peak memory in bytes. */
function run(args) {
  const usage = join(folder, 'usage.json');
  const { NODE_EXTRA_CA_CERTS: _, ...environment } = process.env;
  const { stdout, stderr } = spawnSync(process.execPath, ['--require', join(here, 'usage.cjs'), command, ...args], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { ...environment, FAIRLEAD_BENCH_USAGE: usage },
  });
  const checked = JSON.parse(stdout || 'null')?.models?.[0];
  if (checked === undefined) throw new Error(`${args.join(' ')}: ${stderr}`);
  const { distinct, searchTime, livenessTime } = checked.statistics;
  const { verdicts } = checked;
  return { ...JSON.parse(readFileSync(usage, 'utf8')), states: distinct, verdicts, searchTime, livenessTime };
}

function median(values) {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[sorted.length >> 1];
}
