// `npm run bench`: states and transitions a CPU second and bytes a state on fixed models, the same for SPIN where it is
// installed, and what starting costs. Runs are interleaved, and medians are told: the machine may be busy with other
// things. Safety only: no property but invariants and deadlock is judged, by either.
//
// Two CPU times are told of ours: that of the search, all threads, with what V8 compiles meanwhile, and that of the whole
// process, from its start to its end. SPIN's is that of its verifier, without generating and compiling it; so the search is
// what compares with it, and the whole process is what somebody waits for.
//
//   npm run bench -- [--only text] [--repeat n] [--json file] [--large] [--start-up]
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { MODELS } from './models.js';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..');
const command = join(root, 'dist', 'cli.cjs');
const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    repeat: { type: 'string', default: '3' },
    json: { type: 'string' },
    large: { type: 'boolean', default: false },
    'start-up': { type: 'boolean', default: false },
  },
});
const repeat = Number(options.repeat);
const folder = mkdtempSync(join(tmpdir(), 'fairlead-bench-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

const hasSpin = ['spin', 'gcc', 'bash'].every((program) => spawnSync(program, ['--version']).error === undefined);
if (!hasSpin) console.log('spin, gcc or bash is missing: nothing is compared with SPIN\n');

const results = {
  node: process.version,
  processor: cpus()[0]?.model,
  threads: availableParallelism(),
  models: options['start-up'] ? [] : MODELS.filter(isWanted).map(measureModel),
  startUp: options.only === '' ? measureStartUp() : undefined,
};
if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(results, undefined, 2)}\n`);

function isWanted({ name, large }) {
  return name.includes(options.only) && (options.large || large !== true);
}

/** Runs of one model, ours and SPIN's in turn. */
function measureModel(model) {
  const spin = hasSpin && (model.promela ?? model.export) !== undefined ? builtSpin(model) : undefined;
  const ours = [];
  const parallel = [];
  const theirs = [];
  for (let round = 0; round < repeat; round += 1) {
    ours.push(runOurs(model, ['--workers', '1']));
    parallel.push(runOurs(model, ['--workers', '2']));
    if (spin !== undefined) theirs.push(runSpin(spin));
  }
  const { states, transitions, engine } = ours[0];
  for (const run of [...ours, ...parallel]) sameCounts(model.name, 'another run', run, ours[0]);
  for (const run of theirs) sameCounts(model.name, 'SPIN', run, ours[0]);
  const of = (pick) => median(ours.map(pick));
  const row = {
    name: model.name,
    engine,
    states,
    transitions,
    statesPerSecond: states / of(({ searchCpu }) => searchCpu),
    transitionsPerSecond: transitions / of(({ searchCpu }) => searchCpu),
    statesPerSecondWholeProcess: states / of(({ cpu }) => cpu),
    peakBytes: of(({ rss }) => rss),
    bytesPerState: of(({ rss }) => rss) / states,
    searchMilliseconds: of(({ search }) => search),
    twoWorkers: median(ours.map(({ search }, index) => search / parallel[index].search)),
    spin:
      theirs.length === 0
        ? undefined
        : {
            statesPerSecond: states / median(theirs.map(({ cpu }) => cpu)),
            ratio: median(theirs.map(({ cpu }, index) => cpu / ours[index].searchCpu)),
            ratioWholeProcess: median(theirs.map(({ cpu }, index) => cpu / ours[index].cpu)),
            twoWorkersRatio: median(theirs.map(({ cpu }, index) => (1000 * cpu) / parallel[index].search)),
            memory: median(theirs.map(({ rss }, index) => ours[index].rss / rss)),
          },
  };
  const millions = (number) => (number / 1e6).toFixed(2);
  console.log(
    [
      row.name.padEnd(30),
      `${states.toLocaleString('en').padStart(11)} states`,
      `${millions(row.statesPerSecond)} M/s (${millions(row.statesPerSecondWholeProcess)} whole process)`,
      `${millions(row.transitionsPerSecond)} M transitions/s`,
      `search ${row.searchMilliseconds.toFixed(0)} ms`,
      `${row.bytesPerState.toFixed(0)} bytes a state`,
      `two workers ${row.twoWorkers.toFixed(2)}×`,
      ...(row.spin === undefined
        ? []
        : [
            `SPIN ${millions(row.spin.statesPerSecond)} M/s`,
            `${row.spin.ratio.toFixed(1)}× (${row.spin.ratioWholeProcess.toFixed(1)}× whole process)`,
            `${(100 * row.spin.memory).toFixed(0)} % of its memory`,
          ]),
      engine,
    ].join('  '),
  );
  return row;
}

/** The whole command: CPU seconds of the process with all its threads, peak memory in bytes. */
function runOurs({ spec, model, set }, more) {
  const settings = Object.entries(set).flatMap(([name, value]) => ['--set', `${name}=${value}`]);
  const args = ['check', spec, '--model', model, ...settings, ...propertyArgs(spec), '--format', 'json', ...more];
  const usage = join(folder, 'usage.json');
  const { stdout, stderr } = spawnSync(process.execPath, ['--require', join(here, 'usage.cjs'), command, ...args], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { ...environment(), FAIRLEAD_BENCH_USAGE: usage },
  });
  const report = JSON.parse(stdout || 'null');
  const checked = report?.models?.[0];
  if (checked === undefined) throw new Error(`${spec} ${model}: ${stderr}`);
  const { distinct, transitions, searchTime, searchProcessorTime, engine } = checked.statistics;
  const whole = JSON.parse(readFileSync(usage, 'utf8'));
  return { ...whole, states: distinct, transitions, search: searchTime, searchCpu: searchProcessorTime / 1000, engine };
}

/** Only safety is compared; a spec's temporal properties would cost a second pass. */
function propertyArgs(spec) {
  const text = readFileSync(join(root, spec), 'utf8');
  const names = [...text.matchAll(/export const (\w+) = \w+\.invariant\(/g)].map(([, name]) => name);
  return ['deadlock', 'evaluation', ...names].flatMap((name) => ['--property', name]);
}

function builtSpin({ spec, model, set, promela, defines = [], table }) {
  const place = mkdtempSync(join(folder, 'spin-'));
  const source = join(place, 'model.pml');
  if (promela !== undefined) copyFileSync(join(here, 'models', promela), source);
  else {
    const settings = Object.entries(set).flatMap(([name, value]) => ['--set', `${name}=${value}`]);
    const args = ['compile', spec, '--model', model, ...settings, '--emit', 'promela', '-o', source];
    runOrThrow(process.execPath, [command, ...args], root);
    // So that SPIN takes proper ends for such, the export has a step there that leads nowhere: one more for each of them.
    const text = readFileSync(source, 'utf8');
    writeFileSync(source, text.replace(/^.*\/\* no deadlock \*\/\n/m, ''));
  }
  runOrThrow('spin', ['-a', ...defines.map((one) => `-D${one}`), 'model.pml'], place);
  runOrThrow('gcc', ['-w', '-O3', '-DSAFETY', '-DNOREDUCE', '-o', 'pan', 'pan.c'], place);
  return { pan: join(place, 'pan'), table };
}

function runSpin({ pan, table }) {
  const timed = `TIMEFORMAT='CPU %U %S'; time '${pan}' -m10000000 -w${table} -c0`;
  const { stdout, stderr } = spawnSync('bash', ['-c', timed], { cwd: dirname(pan), encoding: 'utf8' });
  const [, user, system] = /CPU ([\d.]+) ([\d.]+)/.exec(stderr) ?? [];
  const number = (pattern) => Number(pattern.exec(stdout)?.[1]);
  return {
    cpu: Number(user) + Number(system),
    rss: number(/([\d.]+)\s+total actual memory usage/) * 2 ** 20,
    states: number(/(\d+) states, stored/),
    transitions: number(/(\d+) transitions/) - 1,
  };
}

function measureStartUp() {
  const cache = join(folder, 'cache');
  const specs = join(folder, 'changed');
  mkdirSync(specs);
  const spec = join(specs, 'peterson.ts');
  const original = readFileSync(join(root, 'specs/classic/peterson.ts'), 'utf8');
  const usage = join(folder, 'usage.json');
  const cpu = (args) => {
    spawnSync(process.execPath, ['--require', join(here, 'usage.cjs'), ...args], {
      cwd: root,
      env: { ...environment(), FAIRLEAD_CACHE: cache, FAIRLEAD_BENCH_USAGE: usage },
    });
    return JSON.parse(readFileSync(usage, 'utf8')).cpu;
  };
  const check = () => cpu([command, 'check', spec, '--quiet']);
  const times = { bare: [], first: [], changed: [], unchanged: [] };
  for (let round = 0; round < Math.max(5, repeat); round += 1) {
    writeFileSync(spec, original);
    rmSync(cache, { recursive: true, force: true });
    times.bare.push(cpu(['-e', '0']));
    times.first.push(check());
    writeFileSync(spec, `${original}\n// round ${round}\n`);
    times.changed.push(check());
    times.unchanged.push(check());
  }
  const bare = median(times.bare);
  const row = Object.fromEntries(Object.entries(times).map(([name, all]) => [name, median(all) / bare]));
  console.log(
    `\nstart-up, in CPU times of a bare node (${(bare * 1000).toFixed(0)} ms): ${row.unchanged.toFixed(1)} unchanged, ` +
      `${row.changed.toFixed(1)} changed, ${row.first.toFixed(1)} at the first run`,
  );
  return { bareSeconds: bare, ...row };
}

/** Reading certificates that nobody asks for costs Node.js 20 as much as starting does. */
function environment() {
  const { NODE_EXTRA_CA_CERTS: _, ...rest } = process.env;
  return rest;
}

function sameCounts(name, whose, run, expected) {
  if (run.states === expected.states && run.transitions === expected.transitions) return;
  const counts = ({ states, transitions }) => `${states} states and ${transitions} transitions`;
  throw new Error(`${name}: ${whose} has ${counts(run)}, not ${counts(expected)}`);
}

function runOrThrow(program, args, cwd) {
  const { status, stderr, stdout } = spawnSync(program, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}${stdout}`);
}

function median(values) {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[sorted.length >> 1];
}
