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
import { cpSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { dirname, join } from 'node:path';
import {
  checkModel,
  command,
  cpuOf,
  folder,
  here,
  median,
  readOptions,
  root,
  settingArgs,
  writeResults,
} from './measure.js';
import { MODELS } from './models.js';

const options = readOptions({
  large: { type: 'boolean', default: false },
  'start-up': { type: 'boolean', default: false },
});

const hasSpin = ['spin', 'gcc', 'bash'].every((program) => spawnSync(program, ['--version']).error === undefined);
if (!hasSpin) console.log('spin, gcc or bash is missing: nothing is compared with SPIN\n');

const results = {
  node: process.version,
  processor: cpus()[0]?.model,
  threads: availableParallelism(),
  models: options['start-up'] ? [] : MODELS.filter(isWanted).map(measureModel),
  startUp: options.only === '' ? measureStartUp() : undefined,
};
writeResults(options, results);

function isWanted({ name, large }) {
  return name.includes(options.only) && (options.large || large !== true);
}

/** Runs of one model, ours and SPIN's in turn. */
function measureModel(model) {
  const spin = hasSpin && (model.promela ?? model.export) !== undefined ? builtSpin(model) : undefined;
  const ours = [];
  const parallel = [];
  const theirs = [];
  for (let round = 0; round < options.repeat; round += 1) {
    // Rates are those of all states.
    ours.push(runOurs(model, ['--workers', '1', '--reduction', 'none']));
    parallel.push(runOurs(model, ['--workers', '2', '--reduction', 'none']));
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

/** The whole command, and the search in it. */
function runOurs(model, more) {
  const { statistics, cpu, rss } = checkModel(model, [...propertyArgs(model.spec), ...more]);
  const { distinct, transitions, searchTime, searchProcessorTime, engine } = statistics;
  return { cpu, rss, states: distinct, transitions, search: searchTime, searchCpu: searchProcessorTime / 1000, engine };
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
    const args = ['compile', spec, '--model', model, ...settingArgs(set), '--emit', 'promela', '-o', source];
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

/** What `check` costs beside searching: of a small spec, and of a real one with nine small models. */
function measureStartUp() {
  const specs = join(folder, 'changed');
  cpSync(join(root, 'specs'), specs, { recursive: true });
  return {
    peterson: measureStartUpOf(specs, 'classic/peterson.ts'),
    oneRing: measureStartUpOf(specs, 'vmm-drv/models/one-ring.ts', 'vmm-drv/worker.ts'),
  };
}

/** @param imported - a part of the spec in a file of its own, if it has one. */
function measureStartUpOf(specs, name, imported) {
  const cache = join(folder, 'cache');
  const spec = join(specs, name);
  const part = imported && join(specs, imported);
  const check = () => cpuOf([command, 'check', spec, '--quiet'], { FAIRLEAD_CACHE: cache });
  const changing = (path, use) => {
    const original = readFileSync(path, 'utf8');
    writeFileSync(path, `${original}\n// changed\n`);
    const result = use();
    writeFileSync(path, original);
    return result;
  };
  const times = { bare: [], first: [], unchanged: [], changed: [], ...(part && { changedImport: [] }) };
  for (let round = 0; round < Math.max(5, options.repeat); round += 1) {
    rmSync(cache, { recursive: true, force: true });
    times.bare.push(cpuOf(['-e', '0']));
    times.first.push(check());
    times.unchanged.push(check());
    times.changed.push(changing(spec, check));
    if (part !== undefined) times.changedImport.push(changing(part, check));
  }
  const bare = median(times.bare);
  const row = Object.fromEntries(Object.entries(times).map(([kind, all]) => [kind, median(all) / bare]));
  const changedPart = part === undefined ? '' : `, ${row.changedImport.toFixed(1)} after a change of ${imported}`;
  console.log(
    `\nstart-up of ${name}, in CPU times of a bare node, whole processes (${(bare * 1000).toFixed(0)} ms): ` +
      `${row.unchanged.toFixed(1)} unchanged, ${row.changed.toFixed(1)} after a change${changedPart}, ` +
      `${row.first.toFixed(1)} at the first run`,
  );
  return { bareSeconds: bare, ...row };
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
