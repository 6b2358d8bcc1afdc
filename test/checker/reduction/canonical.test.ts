import { describe, expect, it } from 'vitest';
import { wordsOf } from '../../../checker/plan/layout.ts';
import { plainQuotient } from '../../../checker/reduction/plain-quotient.ts';
import type { IdClass } from '../../../checker/reduction/id-classes.ts';
import { neighborExchanges } from '../../../checker/reduction/id-classes.ts';
import { actionOf } from '../../../checker/reduction/quotient.ts';
import type { Quotient } from '../../../checker/reduction/quotient.ts';
import type { Plan } from '../../../checker/plan/plan.ts';
import type { Domain } from '../../../dsl/ir/index.ts';
import { cardinality, valueAt } from '../../../dsl/ir/index.ts';
import { Domains } from '../../support/random-system/domain.ts';
import * as ir from '../../support/ir.ts';
import { byKernel, codeFor, comparisonOf } from '../../support/kernel.ts';

/*
 * The canonical forms of the generated code against orbits that are listed: exchanges of neighbors in values, until
 * nothing new comes of it.
 */

interface Ready {
  readonly plan: Plan;
  readonly kernel: Quotient;
  readonly plain: Quotient;
}

function ready(variables: Readonly<Record<string, Domain>>, classes: readonly IdClass[]): Ready {
  const comparison = { ...comparisonOf(ir.system(variables, {}), {}, true), symmetry: { classes, distinctions: [] } };
  const { plan } = comparison;
  const found = byKernel(comparison, codeFor(comparison, { reduced: true })!, { workers: 1 });
  return { plan, kernel: found.symmetry!.quotient, plain: plainQuotient(plan, classes) };
}

const classOf = (name: string, count: number): IdClass => ({
  set: name,
  ids: Array.from({ length: count }, (_, index) => `${name[0]!.toLowerCase()}${index}`),
});

/** Throws unless the canonical form is that of the orbit, from wherever in it one begins. */
function compare({ plan, kernel, plain }: Ready, state: Int32Array): number {
  const { words } = kernel.canonical(state);
  const size = plain.orbitSize(state);
  expect(kernel.orbitSize(state)).toBe(size);
  // Of one orbit: so what is in another has another.
  expect([...plain.canonical(words).words]).toEqual([...plain.canonical(state).words]);
  const { permuteState } = actionOf(plan, kernel.classes);
  let other = state;
  for (const exchange of [...neighborExchanges(kernel.classes), ...neighborExchanges(kernel.classes).toReversed()]) {
    other = permuteState(other, exchange);
    const again = kernel.canonical(other);
    expect([...again.words]).toEqual([...words]);
    expect([...permuteState(other, again.permutation)]).toEqual([...words]);
  }
  return size;
}

const D = (count: number): Domain => ir.idsDomain('Node', count);
const E = ir.idsDomain('Ring', 2);
const nullable = (domain: Domain): Domain => ({ kind: 'union', members: [{ kind: 'null' }, domain] });
const record = (key: Domain, value: Domain): Domain => ({ kind: 'record', key, value });
const setOf = (element: Domain): Domain => ({ kind: 'set', element });
const pair = (from: Domain, to: Domain): Domain => ({
  kind: 'object',
  fields: [
    { name: 'from', domain: from },
    { name: 'to', domain: to },
  ],
});
const sequence = (element: Domain, maxLength: number): Domain => ({ kind: 'array', element, minLength: 0, maxLength });

/** Every kind of place that an id can be in, with as much likeness among ids as can be. */
const PLACES: readonly (readonly [string, Domain])[] = [
  ['a bare id', D(4)],
  ['an id or nothing', nullable(D(4))],
  ['entries of ids', record(D(4), ir.intDomain(0, 2))],
  ['a function of ids', record(D(4), D(4))],
  ['links that may end', record(D(4), nullable(D(4)))],
  ['circles of five', record(D(5), D(5))],
  ['a set of ids', setOf(D(4))],
  ['sets in entries', record(D(3), setOf(D(3)))],
  ['a directed graph', setOf({ kind: 'tuple', items: [D(4), D(4)] })],
  ['a set of sets', setOf(setOf(D(4)))],
  ['a set of pairs of two kinds', setOf(pair(D(3), E))],
  ['entries of entries', record(D(3), record(E, nullable(D(3))))],
  ['entries of entries of one kind', record(D(3), record(D(3), ir.BOOLEAN))],
  ['a sequence', sequence(D(4), 4)],
  ['a sequence of messages', sequence(pair(D(3), nullable(D(3))), 3)],
  ['a fixed sequence', { kind: 'array', element: D(3), minLength: 3, maxLength: 3 }],
  ['a tuple', { kind: 'tuple', items: [D(3), E, D(3)] }],
  [
    'cases',
    record(D(3), {
      kind: 'variant',
      discriminator: 'tag',
      cases: [
        { tag: 'idle', fields: [] },
        { tag: 'asks', fields: [{ name: 'whom', domain: D(3) }] },
        { tag: 'counts', fields: [{ name: 'n', domain: ir.intDomain(0, 2) }] },
      ],
    }),
  ],
  [
    'entries that overlap with what is wider',
    {
      kind: 'variant',
      discriminator: 'tag',
      cases: [
        { tag: 'few', fields: [{ name: 'of', domain: record(D(3), ir.intDomain(0, 2)) }] },
        { tag: 'many', fields: [{ name: 'of', domain: { kind: 'tuple', items: [ir.BOOLEAN, setOf(D(3)), D(3)] } }] },
      ],
    },
  ],
  ['an object or nothing', record(E, nullable(pair(D(3), ir.intDomain(0, 1))))],
  ['keys of which some are ids', record({ kind: 'union', members: [{ kind: 'null' }, D(3)] }, ir.intDomain(0, 2))],
  ['ids and numbers', record(E, { kind: 'union', members: [ir.intDomain(5, 6), D(3), { kind: 'null' }] })],
  ['sets in a sequence', sequence(setOf(D(3)), 2)],
  ['sequences of entries', sequence(record(E, nullable(E)), 2)],
];

const CLASSES = (domain: Domain): readonly IdClass[] => {
  const text = JSON.stringify(domain);
  const count = text.includes('"n4"') ? 5 : text.includes('"n3"') ? 4 : text.includes('"n2"') ? 3 : 0;
  return [...(count === 0 ? [] : [classOf('Node', count)]), ...(text.includes('"r1"') ? [classOf('Ring', 2)] : [])];
};

describe('the canonical form', () => {
  it.each(PLACES)('is one for each orbit: %s', (_, domain) => {
    const made = ready({ v: domain }, CLASSES(domain));
    const size = cardinality(domain);
    const tries = Math.min(size, 250);
    let smallest = Infinity;
    let largest = 0;
    for (let attempt = 0; attempt < tries; attempt += 1) {
      const code = size <= tries ? attempt : Math.floor((attempt * (size - 1)) / (tries - 1));
      const orbit = compare(made, wordsOf(made.plan.layout, { v: valueAt(domain, code) }));
      smallest = Math.min(smallest, orbit);
      largest = Math.max(largest, orbit);
    }
    expect(largest).toBeGreaterThan(1);
  });

  it('is one for each orbit where some ids of a set are told apart', () => {
    const domain = record(D(4), nullable(D(4)));
    const made = ready({ v: domain }, [{ set: 'Node', ids: ['n0', 'n2', 'n3'] }]);
    for (let code = 0; code < cardinality(domain); code += 1) {
      compare(made, wordsOf(made.plan.layout, { v: valueAt(domain, code) }));
    }
  });

  it('is one for each orbit of many ids that cannot be told apart one by one', () => {
    const domain = record(D(7), nullable(D(7)));
    const made = ready({ v: domain }, [classOf('Node', 7)]);
    const link = (targets: readonly (number | null)[]): Int32Array =>
      wordsOf(made.plan.layout, {
        v: Object.fromEntries(targets.map((to, from) => [`n${from}`, to === null ? null : `n${to}`])),
      });
    expect(compare(made, link([1, 2, 3, 4, 5, 6, 0]))).toBe(720); // a circle of seven
    expect(compare(made, link([1, 2, 0, 4, 5, 3, null]))).toBe(280); // two of three, and one alone
    expect(compare(made, link([1, 0, 3, 2, 5, 4, 6]))).toBe(105); // three of two, and one by itself
    expect(compare(made, link([0, 1, 2, 3, 4, 5, 6]))).toBe(1);
    expect(compare(made, link([null, 0, 0, 1, 1, 2, 2]))).toBe(630); // a tree
  });

  it('is one for each orbit of random states with ids in random places', () => {
    const seen = { layouts: 0, fixed: 0, moved: 0, whole: 0 };
    for (let seed = 0; seed < SEEDS; seed += 1) {
      const random = new IdDomains(seed);
      const variables = Object.fromEntries(
        Array.from({ length: 1 + (seed % 4) }, (_, n) => [`v${n}`, random.domain(3)]),
      );
      const classes = [classOf('Node', 3), classOf('Ring', 2)].filter(({ ids }) =>
        JSON.stringify(variables).includes(`"${ids[0]}"`),
      );
      if (classes.length === 0) continue;
      const made = ready(variables, classes);
      seen.layouts += 1;
      for (let attempt = 0; attempt < 12; attempt += 1) {
        const state = Object.fromEntries(
          Object.entries(variables).map(([name, domain]) => [name, random.value(domain)]),
        );
        const size = compare(made, wordsOf(made.plan.layout, state));
        if (size === 1) seen.fixed += 1;
        else if (size === 12 || (size === 6 && classes.length === 1)) seen.whole += 1;
        else seen.moved += 1;
      }
    }
    expect(seen.layouts).toBeGreaterThan(SEEDS / 2);
    expect(seen.fixed).toBeGreaterThan(SEEDS / 4);
    expect(seen.moved).toBeGreaterThan(SEEDS);
    expect(seen.whole).toBeGreaterThan(SEEDS / 4);
  });
});

const SEEDS = Number(process.env['SEEDS'] ?? 120);

/** Domains with an id in most places. */
class IdDomains extends Domains {
  protected override scalarDomain(): Domain {
    return this.chance(0.6) ? this.idsDomain() : super.scalarDomain();
  }
}
