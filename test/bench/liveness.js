// `npm run bench:liveness`: what judging the temporal properties of a model costs beside the search for everything else
// in it, as CPU time and memory of the whole command. Both are run in turn and medians are told: the machine may be busy
// with other things.
//
//   npm run bench:liveness -- [--only text] [--repeat n] [--json file]
import { checkModel, median, readOptions, writeResults } from './measure.js';

const options = readOptions();

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
writeResults(options, rows);

function measure(model) {
  const run = (more) => checkModel(model, ['--workers', '1', ...more]);
  const { verdicts } = run([]);
  const safetyArgs = verdicts.filter(({ kind }) => kind !== 'property').flatMap(({ name }) => ['--property', name]);
  const safety = [];
  const both = [];
  for (let round = 0; round < options.repeat; round += 1) {
    safety.push(run(safetyArgs));
    both.push(run([]));
  }
  const temporal = verdicts.filter(({ kind }) => kind === 'property');
  const row = {
    model: model.model,
    states: both[0].statistics.distinct,
    properties: temporal.length,
    violated: temporal.filter(({ outcome }) => outcome.kind === 'violated').length,
    safetySeconds: median(safety.map(({ cpu }) => cpu)),
    seconds: median(both.map(({ cpu }) => cpu)),
    time: median(both.map(({ cpu }, index) => cpu / safety[index].cpu)),
    memory: median(both.map(({ rss }, index) => rss / safety[index].rss)),
    bytesPerState: median(both.map(({ rss }) => rss)) / both[0].statistics.distinct,
  };
  console.log(
    [
      row.model.padEnd(24),
      `${row.states.toLocaleString('en').padStart(10)} states`,
      `${row.properties} properties, ${row.violated} violated`,
      `${row.time.toFixed(2)}× the time of safety (${row.seconds.toFixed(2)} s, ${row.safetySeconds.toFixed(2)} s)`,
      `${row.memory.toFixed(2)}× its memory`,
    ].join('  '),
  );
  return row;
}
