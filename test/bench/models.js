/**
 * What is measured: models of a fixed size. `promela` is a file with the same graph, written by hand as a user of SPIN
 * would; `export` our own export of the model. `table` is the size of SPIN's hash table as a power of two: it gets one that
 * is large enough from the start.
 */
const lease = (name, file, model, more = {}) => ({
  name: `leases, ${name}`,
  spec: `specs/vmm-drv/models/${file}.ts`,
  model,
  set: {},
  export: true,
  table: 24,
  ...more,
});
const readersWriters = (processes, table) => ({
  name: `readers-writers ${processes}`,
  spec: 'specs/classic/versioned-lock.ts',
  model: 'preferReaders',
  set: { processes },
  promela: 'versioned-lock.pml',
  defines: [`PROCESSES=${processes}`],
  table,
});
const philosophers = (seats, table, more = {}) => ({
  name: `philosophers ${seats}`,
  spec: 'test/bench/models/philosophers.ts',
  model: 'ten',
  set: { seats },
  promela: 'philosophers.pml',
  defines: [`SEATS=${seats}`],
  table,
  ...more,
});

export const MODELS = [
  lease('small', 'two-rings', 'naiveFix', { table: 18 }),
  lease('medium', 'medium', 'kickedCorrected', { table: 20 }),
  lease('large', 'large', 'everythingCorrected', { set: { vcpuThreads: 1, readers: 2 } }),
  lease('large-B', 'large', 'everythingShippedFix', { set: { readers: 2 } }),
  readersWriters(7, 18),
  readersWriters(8, 20),
  readersWriters(9, 22),
  readersWriters(10, 24),
  philosophers(10, 22),
  philosophers(11, 24),
  philosophers(12, 26, { large: true }),
  {
    name: 'filter lock 5',
    spec: 'specs/classic/filter-lock.ts',
    model: 'three',
    set: { processes: 5, doors: 4 },
    promela: 'filter-lock.pml',
    defines: ['PROCESSES=5'],
    table: 20,
  },
  {
    name: 'filter lock 5, one by one',
    spec: 'test/bench/models/filter-lock-by-one.ts',
    model: 'five',
    set: {},
    promela: 'filter-lock-by-one.pml',
    defines: ['PROCESSES=5'],
    table: 24,
  },
  {
    name: 'two-phase commit 5',
    spec: 'specs/classic/two-phase-commit.ts',
    model: 'correct',
    set: { resources: 5 },
    export: true,
    table: 16,
  },
  { name: 'gossip 5 (sets)', spec: 'test/bench/models/gossip.ts', model: 'five', set: {} },
  { name: 'pipes 3 (sequences)', spec: 'test/bench/models/pipes.ts', model: 'three', set: {} },
];
