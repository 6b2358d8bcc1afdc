import { describe, expect, it } from 'vitest';
import { fairComponent, greedyLoop, shortestLoop } from '../../../checker/liveness/loop.ts';
import { fairComponents } from '../../../checker/liveness/fair-components.ts';
import { atom } from '../../../checker/liveness/ltl.ts';
import { Runs } from '../../../checker/liveness/runs.ts';
import { ANYTHING, automaton, tinyProduct } from './tiny-product.ts';
import type { TinyParts } from './tiny-product.ts';

interface Bounds {
  readonly bound?: number;
  readonly budget?: number;
}

/** The loops through a vertex of all states, each as `'0 -a> 1 -b> 0'` without what stutters. */
function loops(notation: string, parts: TinyParts, { bound = Infinity, budget = 1000 }: Bounds = {}) {
  const { product, obligations, show } = tinyProduct(notation, parts);
  const runs = new Runs(product);
  const vertices = Int32Array.from({ length: product.size }, (_, vertex) => vertex);
  const component = fairComponent(runs, obligations, vertices, () => true);
  const words = (loop: ReturnType<typeof greedyLoop>): string | undefined =>
    loop?.map((edge) => show(edge).replaceAll('.0', '')).join(', ');
  const limit = () => ({ cost: bound, budget: { left: budget } });
  return {
    greedy: words(greedyLoop(runs, obligations, component, 0, limit())),
    shortest: words(shortestLoop(runs, component, 0, () => true, limit())),
  };
}

/** The fair components of a product with an automaton of one state, as lists of states. */
function components(
  notation: string,
  parts: Omit<TinyParts, 'automaton'> & { readonly automaton?: TinyParts['automaton'] },
) {
  const { product, obligations } = tinyProduct(notation, { automaton: ANYTHING, ...parts });
  const reached = new Uint8Array(product.size).fill(1);
  const within = { first: 0, last: 0, accepting: true };
  return fairComponents(product, obligations, reached, within)
    .map((vertices) => [...vertices].sort((left, right) => left - right).join(' '))
    .sort();
}

const ROUND = '0 -a> 1, 1 -b> 0, 1 -c> 2, 2 -d> 1';

describe('a fair loop', () => {
  it.each([
    ['without obligations is to stutter', [], '0 -~> 0'],
    ['takes what weak fairness asks for', ['weak a'], '0 -a> 1, 1 -b> 0'],
    ['disables it instead, where that is nearer', ['weak b'], '0 -~> 0'],
    ['takes what strong fairness asks for, though it is disabled on the way', ['strong a'], '0 -a> 1, 1 -b> 0'],
    ['stays away from what it would have to take', ['strong b'], '0 -~> 0'],
    ['takes all that it comes by', ['weak a', 'strong c'], '0 -a> 1, 1 -c> 2, 2 -d> 1, 1 -b> 0'],
    ['counts steps only where their guard holds', ['weak a when 1'], '0 -~> 0'],
    ['counts them where it does', ['weak a when 0'], '0 -a> 1, 1 -b> 0'],
  ])('%s', (_, fairness, expected) => {
    const { greedy, shortest } = loops(ROUND, { automaton: ANYTHING, fairness });
    expect(shortest).toBe(expected);
    expect(greedy).toBe(expected);
  });

  it('is strong or weak: what is disabled now and then needs not be taken for weak fairness', () => {
    const forth = { automaton: ANYTHING, fairness: ['weak a', 'weak c'] };
    expect(loops(ROUND, forth).shortest).toBe('0 -a> 1, 1 -b> 0');
    const strongly = { automaton: ANYTHING, fairness: ['weak a', 'strong c'] };
    expect(loops(ROUND, strongly).shortest).toBe('0 -a> 1, 1 -c> 2, 2 -d> 1, 1 -b> 0');
  });

  it('passes every mark of the automaton', () => {
    const marked = automaton(['0 p0> 0 *', '0 p1> 0 **', '0 > 0']);
    const { greedy, shortest } = loops(ROUND, { automaton: marked, predicates: ['0', '2'] });
    expect(shortest).toBe('0 -a> 1, 1 -c> 2, 2 -d> 1, 1 -b> 0');
    // Stuttering costs nothing here, and gives a mark as well.
    expect(greedy).toBe('0 -~> 0, 0 -a> 1, 1 -c> 2, 2 -~> 2, 2 -d> 1, 1 -b> 0');
  });

  it('has everything that recurs', () => {
    const { greedy, shortest } = loops(ROUND, {
      automaton: ANYTHING,
      predicates: ['2', '0'],
      recurring: [atom(0), atom(1)],
    });
    expect(shortest).toContain('1 -c> 2');
    expect(shortest?.split(', ').filter((edge) => !edge.includes('~'))).toHaveLength(4);
    expect(greedy).toContain('1 -c> 2');
  });

  it('takes a step that is asked for, whoever else makes it', () => {
    const taking = automaton(['0 p0> 0 *', '0 > 0']);
    const { greedy, shortest } = loops('0 -a> 1, 1 -b> 0, 1 -c> 0', { automaton: taking, taken: ['c'] });
    expect(shortest).toBe('0 -a> 1, 1 -b+c> 0');
    expect(greedy).toBe(shortest);
  });

  it('costs less than the bound', () => {
    const parts = { automaton: ANYTHING, fairness: ['weak a'] };
    expect(loops(ROUND, parts, { bound: 3 })).toEqual({ greedy: '0 -a> 1, 1 -b> 0', shortest: '0 -a> 1, 1 -b> 0' });
    expect(loops(ROUND, parts, { bound: 2 })).toEqual({ greedy: undefined, shortest: undefined });
  });

  it('is not looked for longer than the budget lasts', () => {
    const parts = { automaton: ANYTHING, fairness: ['weak a'] };
    expect(loops(ROUND, parts, { budget: 0 })).toEqual({ greedy: undefined, shortest: undefined });
    expect(loops(ROUND, parts, { budget: 1 })).toEqual({ greedy: undefined, shortest: undefined });
  });

  it('that should be there and is not is a bug of ours', () => {
    expect(() => loops('0 -a> 1', { automaton: ANYTHING, fairness: ['weak a'] })).toThrow('not strongly connected');
  });
});

describe('fair components', () => {
  it.each([
    ['each state that can stutter, and each circle', [], '0 -a> 1, 1 -b> 2, 2 -c> 1', ['0', '1 2']],
    ['nothing where weak fairness makes a state be left', ['weak a'], '0 -a> 1', ['1']],
    ['a circle in which a weak assumption is taken', ['weak a'], '0 -a> 1, 1 -b> 0', ['0 1']],
    [
      'a circle in which a weak assumption is disabled somewhere',
      ['weak c'],
      '0 -a> 1, 1 -b> 0, 1 -c> 2',
      ['0 1', '2'],
    ],
    ['no circle in which a strong one is enabled', ['strong c'], '0 -a> 1, 1 -b> 0, 1 -c> 2', ['0', '2']],
    ['the rest of it, which is a circle', ['strong d'], '0 -a> 1, 1 -b> 0, 1 -c> 2, 2 -e> 1, 2 -d> 3', ['0 1', '3']],
    ['a circle in which a strong one is taken', ['strong c'], '0 -a> 1, 1 -c> 0', ['0 1']],
    ['what is enabled only where its guard holds', ['weak a when 1'], '0 -a> 1', ['0', '1']],
  ])('are %s', (_, fairness, notation, expected) => expect(components(notation, { fairness })).toEqual(expected));

  it('have every mark', () => {
    const marked = automaton(['0 p0> 0 *', '0 !p0> 0']);
    expect(components('0 -a> 1, 1 -b> 0, 1 -c> 2', { automaton: marked, predicates: ['0'] })).toEqual(['0 1']);
    expect(components('0 -a> 1, 1 -b> 0, 1 -c> 2', { automaton: marked, predicates: ['2'] })).toEqual(['2']);
  });
});
