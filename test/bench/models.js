/**
 * What is measured: models of a fixed size. `promela` is a file with the same graph, written by hand as a user of SPIN
 * would; `export` our own export of the model. `table` is the size of SPIN's hash table as a power of two: it gets one that
 * is large enough from the start.
 */
export const MODELS = [
  { name: 'readers-writers 7', spec: 'specs/classic/versioned-lock.ts', model: 'preferReaders', set: { processes: 7 } },
  {
    name: 'readers-writers 9',
    spec: 'specs/classic/versioned-lock.ts',
    model: 'preferReaders',
    set: { processes: 9 },
    promela: 'versioned-lock.pml',
    defines: ['PROCESSES=9'],
    table: 22,
  },
  {
    name: 'readers-writers 10',
    spec: 'specs/classic/versioned-lock.ts',
    model: 'preferReaders',
    set: { processes: 10 },
    promela: 'versioned-lock.pml',
    defines: ['PROCESSES=10'],
    table: 24,
  },
  {
    name: 'philosophers 10',
    spec: 'test/bench/models/philosophers.ts',
    model: 'ten',
    set: { seats: 10 },
    promela: 'philosophers.pml',
    defines: ['SEATS=10'],
    table: 22,
  },
  {
    name: 'philosophers 11',
    spec: 'test/bench/models/philosophers.ts',
    model: 'ten',
    set: { seats: 11 },
    promela: 'philosophers.pml',
    defines: ['SEATS=11'],
    table: 24,
  },
  { name: 'philosophers 12', spec: 'test/bench/models/philosophers.ts', model: 'ten', set: { seats: 12 }, large: true },
  {
    name: 'filter lock 5',
    spec: 'specs/classic/filter-lock.ts',
    model: 'three',
    set: { processes: 5, doors: 4 },
    promela: 'filter-lock.pml',
    defines: ['PROCESSES=5'],
    table: 24,
  },
  {
    name: 'two-phase commit 5',
    spec: 'specs/classic/two-phase-commit.ts',
    model: 'correct',
    set: { resources: 5 },
    export: true,
    table: 20,
  },
  { name: 'gossip 5 (sets)', spec: 'test/bench/models/gossip.ts', model: 'five', set: {} },
  { name: 'pipes 3 (sequences)', spec: 'test/bench/models/pipes.ts', model: 'three', set: {} },
];
