import type { Span } from '../../dsl/diagnostics/span.ts';
import type { Domain, System } from '../../dsl/ir/index.ts';
import { IdClasses } from './id-classes.ts';

/**
 * The ids of a system, each set in one class, but for those that are told apart by what may be stored: by a domain of
 * some ids of a set, and by texts that stand for something else as well, such as the member of an enumeration.
 *
 * A permutation of ids replaces their texts wherever they stand, so a text must not stand for anything else.
 */
export function idClassesOf(system: System): IdClasses {
  const sets = idSetsOf(system);
  const declared = declaredDomains(system);
  const classes = new IdClasses(sets);
  if (classes.isTrivial) return classes;
  const seen = new Map<string, string>();
  for (const [set, ids] of sets) {
    for (const id of ids) {
      const isShared = seen.has(id) && seen.get(id) !== set;
      if (isShared || IS_NO_TEXT.test(id)) classes.respect(id, system.span);
      seen.set(id, set);
    }
  }
  for (const { name, span } of system.variables) classes.respect(name, span);
  for (const { domain, span } of declared) respectDomain(classes, sets, domain, span);
  return classes;
}

/** The ids of each set that a state or an instance has, by the name of the set. */
export function idSetsOf(system: System): ReadonlyMap<string, readonly string[]> {
  const sets = new Map<string, readonly string[]>();
  for (const { domain } of declaredDomains(system)) collectSets(domain, sets);
  return sets;
}

/** The keys of a record are texts, whatever they stand for. */
const IS_NO_TEXT = /^(-?\d+|true|false|null|undefined)$/;

interface Declared {
  readonly domain: Domain;
  readonly span: Span;
}

function declaredDomains({ variables, actions }: System): readonly Declared[] {
  return [
    ...variables.map(({ domain, span }) => ({ domain, span })),
    ...actions.flatMap((action) => action.arguments.map(({ domain }) => ({ domain, span: action.span }))),
  ];
}

/** The most ids that stand for each name: some domains are of a part of a set. */
function collectSets(domain: Domain, sets: Map<string, readonly string[]>): void {
  visitDomains(domain, (one) => {
    if (one.kind !== 'ids') return;
    const known = sets.get(one.name) ?? [];
    sets.set(one.name, [...known, ...one.values.filter((id) => !known.includes(id))]);
  });
}

/** Tells apart what a domain does; of an expression or a local, as of a variable. */
export function respectDomain(
  classes: IdClasses,
  sets: ReadonlyMap<string, readonly string[]>,
  domain: Domain,
  span: Span,
): void {
  visitDomains(domain, (one) => {
    switch (one.kind) {
      case 'ids':
        // Of a part of a set not even the failures of steps are the same for all.
        if (one.values.length !== sets.get(one.name)?.length)
          classes.separate(one.name, 'some may not stand here', span);
        return;
      case 'enum':
        return one.values.forEach((value) => classes.respect(value, span));
      case 'object':
        return one.fields.forEach(({ name }) => classes.respect(name, span));
      case 'variant':
        classes.respect(one.discriminator, span);
        for (const { tag, fields } of one.cases) {
          classes.respect(tag, span);
          fields.forEach(({ name }) => classes.respect(name, span));
        }
        return;
      default:
    }
  });
}

/** The names of the sets whose ids are in values of a domain. */
export function idSetsIn(domain: Domain): ReadonlySet<string> {
  const found = new Set<string>();
  visitDomains(domain, (one) => {
    if (one.kind === 'ids') found.add(one.name);
  });
  return found;
}

function visitDomains(domain: Domain, visit: (one: Domain) => void): void {
  visit(domain);
  switch (domain.kind) {
    case 'union':
      return domain.members.forEach((member) => visitDomains(member, visit));
    case 'object':
      return domain.fields.forEach((field) => visitDomains(field.domain, visit));
    case 'variant':
      return domain.cases.forEach(({ fields }) => fields.forEach((field) => visitDomains(field.domain, visit)));
    case 'tuple':
      return domain.items.forEach((item) => visitDomains(item, visit));
    case 'array':
    case 'set':
      return visitDomains(domain.element, visit);
    case 'record':
      visitDomains(domain.key, visit);
      return visitDomains(domain.value, visit);
    default:
  }
}
