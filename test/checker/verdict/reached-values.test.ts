import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { layoutOf } from '../../../checker/plan/layout.ts';
import { isScalar } from '../../../checker/plan/shape.ts';
import { StateSet } from '../../../checker/search/state-set.ts';
import { reachedInElements } from '../../../checker/verdict/reached-elements.ts';
import { reachedValues, valueOfCode } from '../../../checker/verdict/reached-values.ts';
import type { ReachedPlace } from '../../../checker/verdict/reached-values.ts';
import { NO_SPAN } from '../../../dsl/diagnostics/span.ts';
import type { Domain, ObjectValue, Value, VariantDomain } from '../../../dsl/ir/index.ts';
import { cardinality, contains, formatValue, setOf, SetValue } from '../../../dsl/ir/index.ts';
import { arbitraryDomain, arbitraryValue } from '../../support/arbitrary-system.ts';
import { BOOLEAN, enumDomain, idsDomain, intDomain } from '../../support/ir.ts';

function reached(domains: readonly Domain[], states: readonly (readonly Value[])[]): readonly ReachedPlace[] {
  const layout = layoutOf(domains.map((domain, index) => ({ name: `v${index}`, doc: '', span: NO_SPAN, domain })));
  if (!('words' in layout)) throw new Error(layout[0]!.message);
  const set = new StateSet(layout.words);
  const words = new Int32Array(layout.words);
  for (const state of states) {
    layout.encode(Object.fromEntries(state.map((value, index) => [`v${index}`, value])), words, 0);
    set.add(words, 0);
  }
  return reachedValues(layout, set);
}

/** `lease[…]: held | none` for each place with several values, in text. */
function told(places: readonly ReachedPlace[]): string[] {
  return places
    .filter(({ size }) => 1 < size)
    .map((place) => {
      const { path, kind, size, missing } = place;
      const codes = Array.from({ length: size }, (_, code) => code).filter((code) => missing?.includes(code) === false);
      const values = codes.map((code) => formatValue(valueOfCode(place, code))).toSorted();
      return `${kind} ${path}: ${values.join(' | ')}`;
    });
}

/** The same by looking at the values themselves: what stands where, by a path that says no keys. */
function lookedAt(domains: readonly Domain[], states: readonly (readonly Value[])[]): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  const note = (kind: string, path: string, value: Value): void => {
    const key = `${kind} ${path}`;
    found.set(key, (found.get(key) ?? new Set<string>()).add(formatValue(value)));
  };
  const look = (domain: Domain, path: string, value: Value): void => {
    if (isScalar(domain)) return note('value', path, value);
    switch (domain.kind) {
      case 'object':
        return domain.fields.forEach((field) =>
          look(field.domain, `${path}.${field.name}`, (value as ObjectValue)[field.name]),
        );
      case 'tuple':
        return domain.items.forEach((item, index) =>
          look(item, `${path}[${index}]`, (value as readonly Value[])[index]),
        );
      case 'record':
        return Object.values(value as ObjectValue).forEach((entry) => look(domain.value, `${path}[…]`, entry));
      case 'array':
        if (domain.minLength < domain.maxLength) note('length', path, (value as readonly Value[]).length);
        return (value as readonly Value[]).forEach((element) => look(domain.element, `${path}[…]`, element));
      case 'set':
        return (value as SetValue).elements.forEach((element) => note('element', path, element));
      case 'variant':
        return lookAtCase(domain, path, value as ObjectValue);
      case 'union': {
        const members = domain.members.filter((member) => member.kind !== 'never');
        const index = members.findIndex((member) => contains(member, value));
        const isOnly = members.every((member, other) => isScalar(member) === (other !== index));
        return look(members[index]!, isOnly ? path : `${path}|${index}`, value);
      }
      default:
        return undefined;
    }
  };
  const lookAtCase = (domain: VariantDomain, path: string, value: ObjectValue): void => {
    const tag = value[domain.discriminator] as string;
    note('case', path, tag);
    const { fields } = domain.cases.find((one) => one.tag === tag)!;
    for (const field of fields) look(field.domain, `${path}(${tag}).${field.name}`, value[field.name]);
  };
  for (const state of states) state.forEach((value, index) => look(domains[index]!, `v${index}`, value));
  return found;
}

it('says the same of random states as looking at their values does', () => {
  let compared = 0;
  fc.assert(
    fc.property(
      fc
        .array(arbitraryDomain(), { minLength: 1, maxLength: 3 })
        .chain((domains) =>
          fc.tuple(
            fc.constant(domains),
            fc.array(fc.tuple(...domains.map(arbitraryValue)), { minLength: 1, maxLength: 300 }),
          ),
        ),
      ([domains, states]) => {
        const found = lookedAt(domains, states);
        for (const place of reached(domains, states)) {
          const values = found.get(`${place.kind} ${place.path}`) ?? new Set();
          expect(place.greatest < 0).toBe(values.size === 0);
          if (place.missing === undefined) continue;
          const missing = place.missing.map((code) => formatValue(valueOfCode(place, code)));
          expect(missing.filter((value) => values.has(value))).toEqual([]);
          expect(missing.length + values.size).toBe(place.size);
          compared += 1;
        }
      },
    ),
    { numRuns: 300 },
  );
  expect(compared).toBeGreaterThan(500);
});

it('says of what is in a set what it would say of the elements one by one', () => {
  let compared = 0;
  const withParts = arbitraryDomain().filter((domain) => !isScalar(domain) && cardinality(domain) <= 512);
  fc.assert(
    fc.property(
      withParts.chain((domain) =>
        fc.tuple(fc.constant(domain), fc.array(arbitraryValue(domain), { minLength: 1, maxLength: 20 })),
      ),
      ([domain, elements]) => {
        const [set] = reached([{ kind: 'set', element: domain }], [[setOf(elements)]]);
        const said = (places: readonly ReachedPlace[], root: string) =>
          places.map(({ path, kind, size, least, greatest, missing }) => [
            `${kind} ${path.slice(root.length)}: ${least} to ${greatest} of ${size}`,
            missing,
          ]);
        const parts = reachedInElements(set!);
        const places = reached(
          [domain],
          elements.map((element) => [element]),
        );
        expect(said(parts, 'v0[…]')).toEqual(
          said(
            places.flatMap((place) => [place, ...reachedInElements(place)]),
            'v0',
          ),
        );
        compared += parts.length;
      },
    ),
    { numRuns: 200 },
  );
  expect(compared).toBeGreaterThan(200);
});

it('puts what stands under different keys and indices together', () => {
  const Ring = idsDomain('Ring', 2);
  const lease = { kind: 'record', key: Ring, value: enumDomain('none', 'held', 'expired') } as const;
  const queue = { kind: 'array', element: intDomain(0, 3), minLength: 0, maxLength: 4 } as const;
  const waiting = { kind: 'set', element: Ring } as const;
  const states = [
    [{ r0: 'none', r1: 'held' }, [], new SetValue([])],
    [{ r0: 'none', r1: 'none' }, [2, 1], new SetValue(['r1'])],
  ];
  expect(told(reached([lease, queue, waiting], states))).toEqual([
    'value v0[…]: held | none',
    'length v1: 0 | 2',
    'value v1[…]: 1 | 2',
    'element v2: r1',
  ]);
});

it('does not take for a value what other cases of a union have in the same bits', () => {
  const message: Domain = {
    kind: 'variant',
    discriminator: 'kind',
    cases: [
      { tag: 'ask', fields: [{ name: 'who', domain: enumDomain('a', 'b', 'c', 'd') }] },
      { tag: 'tell', fields: [{ name: 'on', domain: BOOLEAN }] },
      { tag: 'end', fields: [] },
    ],
  };
  const states = [[{ kind: 'tell', on: true }], [{ kind: 'ask', who: 'c' }]];
  expect(told(reached([message], states))).toEqual([
    'case v0: ask | tell',
    'value v0(ask).who: c',
    'value v0(tell).on: true',
  ]);
});

it('keeps the least and the greatest of what is too large to be listed', () => {
  const [place] = reached([intDomain(-(2 ** 31), 2 ** 31 - 1)], [[-5], [2 ** 31 - 1], [3]]);
  expect(place).toMatchObject({ path: 'v0', least: 2 ** 31 - 5, greatest: 2 ** 32 - 1, missing: undefined });
});
