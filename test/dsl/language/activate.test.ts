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
    expect(activate(rings, { rings: 3 })).toMatchObject({ kind: 'active', parameters: { rings: 3, fast: false } });
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

describe('constants', () => {
  const Ring = ids('Ring', (p) => p.rings);
  const Reader = ids('Reader', (p) => p.half);
  const Other = ids('Other', 1);
  const computed = definitionOfSpec(
    spec('computed', {
      params: { rings: z.int().min(2).max(4).default(4) },
      constants: (p) => ({ half: p.rings / 2, order: [...Ring].reverse(), other: [...Other][0] }),
      state: (p) => ({ readers: z.set(Reader), queue: z.array(Ring).max(p.half) }),
    }),
  );

  it('are computed from parameters and ids, by their final names, and say how many ids others have', () => {
    const activation = activate(computed, {});
    if (activation.kind !== 'active') throw new Error('refused');
    expect(activation.constants).toEqual({ half: 2, order: ['ring3', 'ring2', 'ring1', 'ring0'], other: 'o0' });
    expect(activation.fixed).toEqual({ rings: 4, ...activation.constants });
    expect([Ring, Reader].map(names)).toEqual([
      ['ring0', 'ring1', 'ring2', 'ring3'],
      ['reader0', 'reader1'],
    ]);
  });

  it('cannot be changed', () => {
    const activation = activate(computed, {});
    if (activation.kind !== 'active') throw new Error('refused');
    expect(() => (activation.constants['order'] as string[]).pop()).toThrow(TypeError);
  });

  it.each<readonly [string, (p: { readonly n: number }) => object, string]>([
    ['throw', () => { throw new RangeError('odd'); }, 'odd'],
    ['take the name of a parameter', () => ({ n: 1 }), '`n` is a parameter already'],
    ['choose', () => ({ one: pick(Other) }), 'a constant makes no choice'],
    ['are no object', () => [1], '`constants` has to give an object, with a value for each name'],
    ['are made of ids of a set whose size they are', () => ({ half: [...Reader].length }),
      'the size of ids("Reader") is undefined; it must be a number of ids, 0 or more; when constants are computed, it can depend on parameters alone'],
  ])('are refused when they %s', (_, constants, message) => {
    const wrong = spec('wrong', { params: { n: z.int().default(1) }, constants, state: () => ({ x: z.boolean() }) });
    const activation = activate(definitionOfSpec(wrong), {}, () => [1]);
    expect(activation.kind === 'no constants' && (activation.thrown as Error).message).toBe(message);
  }); // prettier-ignore
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
