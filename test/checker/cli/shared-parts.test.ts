import fc from 'fast-check';
import { serialize } from 'node:v8';
import { describe, expect, it } from 'vitest';
import { withSharedParts } from '../../../checker/cli/shared-parts.ts';
import { SetValue } from '../../../dsl/ir/index.ts';
import { compile } from '../../../dsl/compiler/index.ts';

describe('parts that models have in common', () => {
  it('are the same objects afterwards, in each piece as often as before', () => {
    const twice = () => [{ kind: 'skip' }, { kind: 'skip' }, { kind: 'stop' }];
    const [one, other] = withSharedParts([twice(), twice()]);
    expect(one).toEqual(twice());
    expect(one![0]).not.toBe(one![1]);
    expect(other).toBe(one);
  });

  it('are told apart by keys, by their order and by what they are', () => {
    const pieces = () => [{ a: 1, b: 2 }, { b: 2, a: 1 }, { a: 1, b: '2' }, { a: 1, c: 2 }, [1, 2], new SetValue([1, 2]), { a: -0 }, { a: 0 }, { a: undefined }, {}]; // prettier-ignore
    const shared = withSharedParts(pieces());
    expect(shared).toStrictEqual(pieces());
    expect(shared.map((one) => Object.keys(one))).toEqual(pieces().map((one) => Object.keys(one)));
    expect(new Set(shared).size).toBe(shared.length);
  });

  it('change nothing of what a piece says, nor which of its objects are the same', () => {
    fc.assert(
      fc.property(fc.array(piece(), { minLength: 1, maxLength: 5 }), (pieces) => {
        const drawn = pieces.map(drawing);
        expect(withSharedParts(pieces).map(drawing)).toEqual(drawn);
      }),
    );
  });

  it('are most of what models of a spec are made of', () => {
    const { specs } = compile('specs/sync/timed-wait.ts', { typecheck: false });
    const systems = specs.flatMap((spec) => spec.models.map(({ name }) => spec.instantiate(name).system!));
    const shared = withSharedParts(systems);
    expect(shared).toStrictEqual(systems);
    expect(1 < systems.length).toBe(true);
    expect(serialize(shared).length).toBeLessThan(0.7 * serialize(systems).length);
  });
});

/** All that a piece says, as text; an object that was met before is the number that it got then. */
function drawing(whole: object): string {
  const numbers = new Map<unknown, number>();
  const draw = (part: unknown): string => {
    if (typeof part !== 'object' || part === null) return Object.is(part, -0) ? '-0' : `${typeof part} ${String(part)}`;
    const known = numbers.get(part);
    if (known !== undefined) return `#${known}`;
    numbers.set(part, numbers.size);
    const parts = Object.entries(part).map(([key, value]) => `${key}: ${draw(value)}`);
    return Array.isArray(part) ? `[${parts.join(', ')}]` : `{${parts.join(', ')}}`;
  };
  return draw(whole);
}

/** Plain data of few words, in which some objects are the same and others look alike. */
function piece(): fc.Arbitrary<object> {
  const word = fc.constantFrom('a', 'b', '', 0, 1, -0, true, null, undefined);
  return fc
    .array(fc.tuple(fc.boolean(), fc.array(fc.oneof(word, fc.nat(20)), { maxLength: 3 })), { maxLength: 12 })
    .map((recipe) => {
      const made: object[] = [{ leaf: true }];
      for (const [isList, parts] of recipe) {
        const values = parts.map((part) => (typeof part === 'number' ? made[part % made.length] : part));
        made.push(isList ? values : Object.fromEntries(values.map((value, at) => ['xyz'[at], value])));
      }
      return made;
    });
}
