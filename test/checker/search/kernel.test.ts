import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explore } from '../../../checker/search/breadth-first.ts';
import type { Questions, SearchOptions } from '../../../checker/search/exploration.ts';
import { exploreByKernel } from '../../../checker/search/kernel/kernel-search.ts';
import { entryWords } from '../../../checker/search/kernel/table-kind.ts';
import type { TableKind } from '../../../checker/search/kernel/table-kind.ts';
import { contentOf } from '../../support/explorations.ts';
import { tinyKernel } from '../../support/tiny-kernel.ts';
import { engineOf } from '../liveness/tiny-graph.ts';
import type { TinyGraph } from '../liveness/tiny-graph.ts';

const STATES = 12;
const state = fc.nat(STATES - 1);
const someStates = fc.uniqueArray(state, { maxLength: STATES });

interface Case {
  readonly graph: TinyGraph;
  readonly predicates: readonly (readonly number[])[];
  readonly questions: Questions;
  readonly failing: readonly { readonly state: number; readonly instance: number }[];
  readonly options: SearchOptions;
  readonly table: TableKind;
}

const cases: fc.Arbitrary<Case> = fc
  .record({
    edges: fc.array(fc.record({ from: state, instance: fc.nat(2), to: state }), { maxLength: 30 }),
    initial: fc.array(state, { minLength: 0, maxLength: 4 }),
    predicates: fc.array(someStates, { minLength: 6, maxLength: 6 }),
    failing: fc.array(fc.record({ state, instance: fc.nat(2) }), { maxLength: 2 }),
    asks: fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
    deadlock: fc.boolean(),
    keepSteps: fc.boolean(),
    stopAtFirst: fc.boolean(),
    maxStates: fc.option(fc.nat(STATES), { nil: undefined }),
    table: fc.constantFrom<TableKind>(
      { kind: 'inline', words: 1, spareBit: 63 },
      { kind: 'inline', words: 2, spareBit: 63 },
      { kind: 'reference' },
      { kind: 'fingerprint' },
    ),
  })
  .map(({ edges, initial, predicates, failing, asks, maxStates, table, ...flags }) => ({
    graph: { states: STATES, initial, edges, actions: ['a', 'b', 'c'] },
    predicates,
    failing,
    questions: {
      invariants: [0, 1].filter((id) => asks[id]),
      steps: [2].filter((id) => asks[id]),
      sometimes: [3].filter((id) => asks[id]),
      terminal: [4].filter((id) => asks[id]),
      within: [5].filter((id) => asks[id]),
    },
    options: { ...flags, instances: 3, ...(maxStates === undefined ? {} : { maxStates }) },
    // Steps are kept by the numbers that entries refer to.
    table: flags.keepSteps ? { kind: 'reference' } : table,
  }));

describe('a kernel', () => {
  it('says the same as the plain search about random graphs', () => {
    const counts = { cut: 0, findings: 0, graphs: 0, threads: 0, later: 0 };
    fc.assert(
      fc.property(cases, ({ graph, predicates, questions, failing, options, table }) => {
        const plain = explore(engineOf(graph, predicates, failing), questions, options);
        const kernel = tinyKernel(graph, predicates, failing, questions, {
          table,
          words: entryWords(table),
          keepSteps: options.keepSteps,
        });
        const expected: Record<string, unknown> = { ...contentOf(plain) };
        const found = exploreByKernel({ ...kernel, words: 1 }, options);
        // That nothing is certain where hashes stand for states is said of an exploration that is complete otherwise.
        if (table.kind === 'fingerprint' && plain.cut === undefined) expected['cut'] = found.cut;
        expect(contentOf(found)).toEqual(expected);
        const inMany = exploreByKernel({ ...kernel, words: 1 }, options, { records: 4, statesEach: 1 });
        expect(contentOf(inMany)).toEqual(expected);
        counts.later += inMany.memories - 1;
        counts.threads += 1;
        if (counts.threads % 10 === 0) {
          const several = { ...options, workers: 2 + (counts.threads % 3) };
          const tuning = { parallelFrom: 0, records: 4, statesEach: counts.threads % 4 };
          expect(contentOf(exploreByKernel({ ...kernel, words: 1 }, several, tuning))).toEqual(expected);
        }
        counts.cut += plain.cut === undefined ? 0 : 1;
        counts.findings += plain.deadlock === undefined ? 0 : 1;
        counts.graphs += plain.graph === undefined ? 0 : 1;
      }),
      { numRuns: 300 },
    );
    expect(Math.min(...Object.values(counts))).toBeGreaterThan(20);
  });
});
