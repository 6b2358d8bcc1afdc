import { expect, it } from 'vitest';
import { changesBetween } from '../../../checker/counterexample/difference.ts';
import { setOf } from '../../../dsl/ir/index.ts';
import type { Domain, Value } from '../../../dsl/ir/index.ts';
import { NO_SPAN } from '../../../dsl/diagnostics/span.ts';
import { enumDomain, idsDomain, intDomain } from '../../support/ir.ts';
import { formatChange } from '../../../checker/counterexample/change.ts';

const ring = idsDomain('Ring', 2);
const int = intDomain(0, 9);
const lock: Domain = {
  kind: 'object',
  fields: [
    { name: 'owner', domain: { kind: 'union', members: [{ kind: 'null' }, ring] } },
    { name: 'depth', domain: int },
  ],
};
const shape: Domain = {
  kind: 'variant',
  discriminator: 'kind',
  cases: [
    { tag: 'dot', fields: [{ name: 'x', domain: int }] },
    {
      tag: 'line',
      fields: [
        { name: 'x', domain: int },
        { name: 'y', domain: int },
      ],
    },
  ],
};

function differences(domain: Domain, from: Value, to: Value): readonly string[] {
  const variables = [{ name: 'v', doc: '', span: NO_SPAN, domain }];
  return changesBetween(variables, { v: from }, { v: to }).map(formatChange);
}

it.each<[string, Domain, Value, Value, readonly string[]]>([
  ['nothing where values are equal', int, 3, 3, []],
  ['a scalar', enumDomain('idle', 'busy'), 'idle', 'busy', ['v: idle → busy']],
  [
    'the entries of a record',
    { kind: 'record', key: ring, value: int },
    { r0: 1, r1: 2 },
    { r0: 1, r1: 3 },
    ['v[r1]: 2 → 3'],
  ],
  [
    'the fields of an object',
    lock,
    { owner: null, depth: 0 },
    { owner: 'r1', depth: 1 },
    ['v.owner: null → r1', 'v.depth: 0 → 1'],
  ],
  [
    'fields inside entries',
    { kind: 'record', key: ring, value: lock },
    { r0: { owner: null, depth: 0 }, r1: { owner: null, depth: 0 } },
    { r0: { owner: null, depth: 2 }, r1: { owner: null, depth: 0 } },
    ['v[r0].depth: 0 → 2'],
  ],
  [
    'elements of an array that keeps its length',
    { kind: 'array', element: int, minLength: 0, maxLength: 3 },
    [1, 2],
    [1, 5],
    ['v[1]: 2 → 5'],
  ],
  [
    'the whole of an array that does not',
    { kind: 'array', element: int, minLength: 0, maxLength: 3 },
    [1],
    [1, 5],
    ['v: [1] → [1, 5]'],
  ],
  ['items of a tuple', { kind: 'tuple', items: [int, ring] }, [1, 'r0'], [1, 'r1'], ['v[1]: r0 → r1']],
  ['sets as a whole', { kind: 'set', element: ring }, setOf([]), setOf(['r1']), ['v: {} → {r1}']],
  [
    'fields of a variant that stays in its case',
    shape,
    { kind: 'line', x: 1, y: 1 },
    { kind: 'line', x: 1, y: 2 },
    ['v.y: 1 → 2'],
  ],
  [
    'a variant that changes its case as a whole',
    shape,
    { kind: 'dot', x: 1 },
    { kind: 'line', x: 1, y: 2 },
    ['v: { kind: dot, x: 1 } → { kind: line, x: 1, y: 2 }'],
  ],
  [
    'what is inside a nullable, when it is there before and after',
    { kind: 'union', members: [{ kind: 'null' }, lock] },
    { owner: null, depth: 0 },
    { owner: null, depth: 1 },
    ['v.depth: 0 → 1'],
  ],
  [
    'a nullable that comes to be as a whole',
    { kind: 'union', members: [{ kind: 'null' }, lock] },
    null,
    { owner: null, depth: 1 },
    ['v: null → { owner: null, depth: 1 }'],
  ],
])('names %s', (_, domain, from, to, expected) => {
  expect(differences(domain, from, to)).toEqual(expected);
});
