import { describe, expect, it } from 'vitest';
import { IntList } from '../../../checker/search/int-list.ts';
import { STUTTER } from '../../../checker/search/path.ts';
import { Product } from '../../../checker/liveness/product.ts';
import { edgeAt } from '../../../checker/liveness/runs.ts';
import { ANYTHING, automaton, tinyProduct } from './tiny-product.ts';
import type { TinyProduct } from './tiny-product.ts';

/** The edges that leave a vertex. */
function edgesFrom({ product, show, vertex }: TinyProduct, name: string): readonly string[] {
  const from = vertex(name);
  product.expand(from);
  return Array.from({ length: product.count }, (_, index) => show(edgeAt(product, from, index)));
}

/** Waits in 0 for something to begin that holds ever after: `◇□p0`. */
const EVENTUALLY_ALWAYS = automaton(['0 > 0', '0 p0> 1', '1 p0> 1 *'], [1]);

describe('a product', () => {
  it('starts in each initial state with the first state of the automaton', () => {
    const one = tinyProduct('0 -a> 1, 1 -b> 2', { automaton: EVENTUALLY_ALWAYS }, [2, 0]);
    expect(one.product.initial()).toEqual([one.vertex('2.0'), one.vertex('0.0')]);
    expect(one.product.size).toBe(6);
  });

  it('leaves out what is not explored: initial states and targets', () => {
    const one = tinyProduct('0 -a> 1', { automaton: ANYTHING }, [0, 7]);
    expect(one.product.initial()).toEqual([one.vertex('0.0')]);
    const cut = tinyProduct('0 -a> 1, 1 -a> 0', { automaton: ANYTHING });
    cut.product.graph.targets[0] = -1;
    cut.product.graph.targets[1] = 2;
    expect(edgesFrom(cut, '0.0')).toEqual(['0.0 -~> 0.0']);
    expect(edgesFrom(cut, '1.0')).toEqual(['1.0 -~> 1.0']);
    const into = new IntList();
    cut.product.appendTargets(1, 0, new Int32Array(2).fill(1), 1, into);
    expect(into.toArray()).toEqual(Int32Array.of(1));
  });

  it.each([
    ['0.0', ['0.0 -a> 1.0', '0.0 -b> 2.0', '0.0 -~> 0.0']],
    ['1.0', ['1.0 -c> 2.0', '1.0 -c> 2.1', '1.0 -~> 1.0', '1.0 -~> 1.1']],
    ['1.1', ['1.1 -c> 2.1', '1.1 -~> 1.1']],
    ['0.1', []],
  ])('has from %s a step for each of the graph and each transition that the letter allows', (name, expected) => {
    const one = tinyProduct('0 -a> 1, 0 -b> 2, 1 -c> 2', { automaton: EVENTUALLY_ALWAYS, predicates: ['1 2'] });
    expect(edgesFrom(one, name)).toEqual(expected);
  });

  it('tells by who makes a step what the automaton can do, and stuttering is nobody', () => {
    const taking = automaton(['0 p0> 0 *', '0 !p0> 0']);
    const one = tinyProduct('0 -a> 1, 0 -b> 2, 0 -c> 2', { automaton: taking, taken: ['b'] });
    one.product.expand(0);
    const marked = Array.from({ length: one.product.count }, (_, index) => [
      one.show(edgeAt(one.product, 0, index)),
      one.product.marksOf[one.product.transitions.at(index)],
    ]);
    expect(marked).toEqual([
      ['0.0 -a> 1.0', 0],
      ['0.0 -b+c> 2.0', 1],
      ['0.0 -~> 0.0', 0],
    ]);
  });

  it('gives the same targets and edges within a region as it does everywhere', () => {
    const one = tinyProduct('0 -a> 1, 1 -b> 0, 1 -c> 2, 2 -d> 0', {
      automaton: EVENTUALLY_ALWAYS,
      predicates: ['0 1'],
    });
    const { product, vertex } = one;
    const base = vertex('0.1');
    const region = Int32Array.of(5, 5, 4); // states 0 and 1 with state 1 of the automaton
    for (const state of [0, 1]) {
      const from = base + state;
      const appended = new IntList();
      product.appendTargets(from, base, region, 5, appended);
      const visited: string[] = [];
      product.visitEdges(from, base, region, 5, (at, step, transition) => {
        expect(at).toBe(state);
        expect(product.automaton.transitions[transition]!.from).toBe(1);
        visited.push(step === STUTTER ? '~' : String(product.graph.targets[step]));
      });
      expect([...appended.toArray()]).toEqual(state === 0 ? [1, 0] : [0, 1]);
      expect(visited).toEqual(state === 0 ? ['1', '~'] : ['0', '~']);
    }
  });

  it('says where the automaton can only stay', () => {
    const one = tinyProduct('0 -a> 1', { automaton: EVENTUALLY_ALWAYS, predicates: ['1'] });
    expect(['0.0', '1.0', '1.1'].map((name) => one.product.onlyStays(one.vertex(name)))).toEqual([true, false, true]);
    expect([0, 1].map((state) => one.product.isLeft(state))).toEqual([true, false]);
  });

  it('calls what it is told to call now and then, which may end it', () => {
    const { product } = tinyProduct('0', { automaton: ANYTHING });
    let ticks = 0;
    const ticking = new Product(product.graph, product.automaton, product.letters, () => (ticks += 1));
    for (let count = 0; count < 2 ** 17; count += 1) ticking.expand(0);
    expect(ticks).toBe(2);
  });
});

describe('an atom that cannot be evaluated', () => {
  it('is noted with the first state in which it matters', () => {
    const one = tinyProduct('0 -a> 1, 1 -a> 2', { automaton: EVENTUALLY_ALWAYS, predicates: ['1! 2!'] });
    expect(edgesFrom(one, '0.0')).toHaveLength(2);
    expect(one.product.failure).toBeUndefined();
    expect(edgesFrom(one, '2.0')).toEqual(['2.0 -~> 2.0']);
    expect(one.product.failure).toEqual({ state: 2, atom: 0 });
    edgesFrom(one, '1.0');
    expect(one.product.failure).toEqual({ state: 1, atom: 0 });
    edgesFrom(one, '2.0');
    expect(one.product.failure).toEqual({ state: 1, atom: 0 });
  });

  it('does not matter where another decides', () => {
    const both = automaton(['0 p0 p1> 0']);
    const one = tinyProduct('0', { automaton: both, predicates: ['0!', '9'] });
    expect(edgesFrom(one, '0.0')).toEqual([]);
    expect(one.product.failure).toBeUndefined();
  });

  it('is looked for only in states that are reached', () => {
    const one = tinyProduct('0 -a> 1, 1 -a> 2', { automaton: EVENTUALLY_ALWAYS, predicates: ['1! 2!'] });
    one.product.noteFailures(0, (state) => state === 2);
    expect(one.product.failure).toEqual({ state: 2, atom: 0 });
    one.product.noteFailures(0, () => true);
    expect(one.product.failure).toEqual({ state: 1, atom: 0 });
  });
});
