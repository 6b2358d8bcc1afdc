import { expect, it } from 'vitest';
import { textOf } from '../../../dsl/diagnostics/span.ts';
import { systemFromJson, systemToJson } from '../../../dsl/ir/json.ts';
import { systemOf } from './compiled.ts';

const system = systemOf(`
  /** A lock. */
  export const subject = spec('subject', {
    params: {
      /** How many. */
      most: z.int().min(1).max(3).default(2),
    },
    state: (p) => ({
      /** How many there are. */
      n: z.int().min(0).max(p.most),
    }),
  });
  /** Counts,
   * and counts. */
  export const counter = subject.process(function* (s) {
    while (true) {
      yield 'count'; // C1: one more
      s.n = 1;
      /** Nothing is left. */
      yield 'reset';
      s.n = 0;
      // not about the step
      yield 'rest';
    }
  });
  /** Takes one. */
  export const take = subject.action((s) => { s.n = 0; });
  /** Never too many. */
  export const few = subject.invariant((s) => s.n < 3);
  /** It is empty again and again. */
  export const empties = subject.property((s) => always(eventually(s.n === 0)));
  /** All run. */
  export const scheduler = subject.fairness(weak(counter));
  /** Small. */
  export const small = subject.model({ most: 1 });
`);

it('keeps the comment of everything that the author names, and of each step', () => {
  const docs = (named: readonly { readonly name: string; readonly doc: string }[]) =>
    named.map(({ name, doc }) => `${name}: ${doc}`);
  expect(system.doc).toBe('A lock.');
  expect(docs(system.parameters)).toEqual(['most: How many.']);
  expect(docs(system.variables)).toEqual(['n: How many there are.', 'counter.pc: ']);
  expect(docs(system.processes)).toEqual(['counter: Counts,\nand counts.']);
  expect(docs(system.actions)).toEqual([
    'counter.count: C1: one more',
    'counter.reset: Nothing is left.',
    'counter.rest: ',
    'take: Takes one.',
  ]);
  expect(docs([...system.invariants, ...system.properties, ...system.fairness])).toEqual([
    'few: Never too many.',
    'empties: It is empty again and again.',
    'scheduler: All run.',
  ]);
});

it('knows where a declaration starts and ends, also when it comes back from JSON', () => {
  const read = systemFromJson(systemToJson(system));
  if (read.kind === 'invalid') throw new Error(read.problems.join());
  const { files, parameters, variables, actions, processes } = read.system;
  const declarations = [...parameters, ...variables, ...processes, ...actions].flatMap(({ declaration }) =>
    declaration === undefined ? [] : [textOf(files, declaration)],
  );
  expect(declarations.map((text) => text.replace(/\{[^]*\}/, '{…}'))).toEqual([
    'most: z.int().min(1).max(3).default(2)',
    'n: z.int().min(0).max(p.most)',
    'counter = subject.process(function* (s) {…})',
    'take = subject.action((s) => {…})',
  ]);
});
