import { describe, expect, it } from 'vitest';
import { anyOf, ids, record, spec, values, z } from '../../../dsl/index.ts';

const wrong = (given: unknown) => given as never;
const state = () => ({ on: z.boolean() });
const lamp = () => spec('lamp', { state });

describe('what TypeScript refuses is refused where it is given', () => {
  it.each<[string, () => unknown, string]>([
    [
      'a list of names for how many ids there are',
      () => ids('A', wrong(['a', 'b'])),
      '`ids("A", …)` takes how many ids there are, or a function of the parameters that says so, and was given an array',
    ],
    ['ids without a name', () => ids(wrong(3), 2), '`ids` takes a name first, and was given the number 3'],
    [
      'no options of ids',
      () => ids('A', 2, wrong(null)),
      '`ids("A", …)` takes options last, such as `{ prefix: "r" }`, and was given null',
    ],
    [
      'a prefix of ids that is no text',
      () => ids('A', 2, { prefix: wrong(true) }),
      '`ids("A", …)` takes a text as `prefix`, and was given true',
    ],
    ['a text for a schema', () => anyOf(wrong('no')), '`anyOf` takes a schema, and was given the text "no"'],
    ['a number for a domain', () => values(wrong(5)), 'a domain is a schema or a collection, and not the number 5'],
    [
      'a text for keys',
      () => record(wrong('ab'), () => 0),
      'a domain is a schema or a collection, and not the text "ab"',
    ],
    ['a spec without a name', () => spec(wrong(5), { state }), '`spec` takes a name first, and was given the number 5'],
    [
      'a spec of nothing',
      () => spec('s', wrong(undefined)),
      '`spec("s", …)` takes what the spec is made of, such as `{ state: () => ({ … }) }`, and was given nothing',
    ],
    [
      'a state that is no function',
      () => spec('s', { state: wrong({ on: z.boolean() }) }),
      '`spec("s", …)` takes a function as `state`, and was given an object',
    ],
    [
      'an init that is no function',
      () => spec('s', { state, init: wrong(Symbol('init')) }),
      '`spec("s", …)` takes a function as `init`, and was given a symbol',
    ],
    [
      'constants that are no function',
      () => spec('s', { state, constants: wrong({}) }),
      '`spec("s", …)` takes a function as `constants`, and was given an object',
    ],
    [
      'a list of parameters',
      () => spec('s', { state, params: wrong([1]) }),
      '`spec("s", …)` takes an object of schemas as `params`, and was given an array',
    ],
    [
      'a parameter without a schema',
      () => spec('s', { state, params: { n: wrong(3) } }),
      '`spec("s", …)` takes a schema as the parameter `n`, and was given the number 3',
    ],
    [
      'a text for the parameters of a model',
      () => lamp().model(wrong('m')),
      '`model` takes values of parameters first, and was given the text "m"',
    ],
    [
      'a number for what is expected',
      () => lamp().model({}, wrong(7)),
      '`model` takes expectations last, such as `{ violates: [safe] }`, and was given the number 7',
    ],
    [
      'one property for a list of them',
      () => lamp().model({}, { violates: wrong({}) }),
      '`model` takes a list as `violates`, and was given an object',
    ],
    [
      'one fairness set for a list of them',
      () => lamp().property(() => true, { under: wrong({}) }),
      '`property` takes a list as `under`, and was given an object',
    ],
    [
      'options of a property that are none',
      () => lamp().property(() => true, wrong([])),
      '`property` takes options last, such as `{ under: [fair] }`, and was given an array',
    ],
  ])('%s', (_, declare, message) => {
    expect(declare).toThrow(new Error(message));
  });

  it('and nothing else is', () => {
    const one = spec('one', { params: { n: z.int().min(1).max(2).default(1) }, constants: () => ({}), state });
    const always = one.invariant(() => true);
    expect(() => one.model({ n: 2 }, { violates: [always] })).not.toThrow();
    expect(() => one.property(() => true, {})).not.toThrow();
    expect(() => ids('A', (p: { n: number }) => p.n, { prefix: 'a' })).not.toThrow();
    expect(values(new Set([1, 2]))).toEqual([1, 2]);
  });
});
