import { describe, expect, it } from 'vitest';
import { ids, pick, spec, when, z } from 'fairlead';
import { activate, idsOfSpec, valuesOfIds } from '../../../dsl/language/activate.ts';
import { definitionOf, idsOf, type SpecDefinition } from '../../../dsl/language/definition.ts';

const definitionOfSpec = (declared: object) => definitionOf(declared) as SpecDefinition;
const names = (set: object) => valuesOfIds(idsOf(set)!);

describe('activating a spec', () => {
  const Ring = ids('Ring', (p) => p.rings);
  const rings = definitionOfSpec(
    spec('rings', {
      params: { rings: z.int().min(1).max(4).default(2), fast: z.boolean().default(false) },
      state: () => ({ owner: Ring.nullable() }),
    }),
  );

  it('gives parameters that were left out their defaults', () => {
    expect(activate(rings, { rings: 3 })).toEqual({ kind: 'active', parameters: { rings: 3, fast: false } });
  });

  it('sets the size of sets that depend on parameters', () => {
    activate(rings, { rings: 3 });
    expect([...Ring]).toEqual(['r0', 'r1', 'r2']);
    activate(rings, {});
    expect([...Ring]).toEqual(['r0', 'r1']);
  });

  it('says of every parameter what is wrong with it', () => {
    expect(activate(rings, { rings: 5, fast: 1, ring: 2 })).toEqual({
      kind: 'invalid',
      problems: [
        { parameter: 'ring', message: '`rings` has no parameter `ring`' },
        { parameter: 'rings', message: 'Too big: expected number to be <=4' },
        { parameter: 'fast', message: 'Invalid input: expected boolean, received number' },
      ],
    });
  });

  it('says what is wrong with a state that throws, or a set of no possible size', () => {
    const message = (declared: object) => {
      const activation = activate(definitionOfSpec(declared), {});
      return activation.kind === 'invalid' && activation.problems;
    };
    const throwing = spec('throws', {
      state: (): { n: typeof Ring } => {
        throw new Error('no such domain');
      },
    });
    expect(message(throwing)).toEqual([{ parameter: undefined, message: 'no such domain' }]);
    const None = ids('None', (p) => p.none);
    const empty = spec('empty', { params: { none: z.int().default(-1) }, state: () => ({ n: None }) });
    expect(message(empty)).toEqual([
      { parameter: undefined, message: 'the size of ids("None") is -1; it must be a number of ids, 0 or more' },
    ]);
  });
});

describe('the names of ids', () => {
  it('are whole where first letters would collide, and as the author says', () => {
    const Ring = ids('Ring', 2);
    const ReaderThread = ids('ReaderThread', 1);
    const Client = ids('Client', 2, { prefix: 'host' });
    const Cpu = ids('Cpu', 1);
    const collision = definitionOfSpec(
      spec('collision', { state: () => ({ rings: z.set(z.tuple([Ring, Cpu])), client: Client.optional() }) }),
    );
    activate(collision, {});
    expect([Ring, Client, Cpu].map(names)).toEqual([['r0', 'r1'], ['host0', 'host1'], ['c0']]);

    const both = spec('both', { state: () => ({ rings: z.set(Ring) }) });
    both.action({ t: ReaderThread.describe('who reads') }, (s, { t }) =>
      when(s.rings.size > 0 && t === pick(ReaderThread)),
    );
    activate(definitionOfSpec(both), {});
    expect([Ring, ReaderThread].map(names)).toEqual([['ring0', 'ring1'], ['readerThread0']]);
  });

  it('are found wherever zod keeps a schema', () => {
    const A = ids('A', 1);
    const B = ids('B', 1);
    const C = ids('C', 1);
    const D = ids('D', 1);
    const nested = spec('nested', {
      state: () => ({
        one: z.discriminatedUnion('kind', [
          z.object({ kind: z.literal('x'), a: A }),
          z.object({ kind: z.literal('y'), b: z.array(B).max(1) }),
        ]),
        two: z.record(C, z.boolean()),
      }),
    });
    nested.action(
      (_p) => ({ d: D.nullable().default(null) }),
      () => {},
    );
    expect(idsOfSpec(definitionOfSpec(nested), {}).map((set) => set.name)).toEqual(['A', 'B', 'C', 'D']);
  });
});
