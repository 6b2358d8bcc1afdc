import type { Domain, Statement, System } from '../../ir/index.ts';
import { cardinality, contains, defaultValue, valuesOf } from '../../ir/index.ts';
import { membersOf } from '../../ir/part.ts';
import { partType } from '../tlaplus/environment.ts';
import { childrenOf } from '../tlaplus/statement.ts';
import type { Facts, Locals } from './facts.ts';
import type { Possible } from './possible.ts';
import { isSame, joined, NOTHING, possibleOf, possibleValue, within } from './possible.ts';
import { pathOf, simplifiedStatements } from './statement.ts';

interface Reach {
  /** What each variable can hold in a reachable state, or in the middle of a step. */
  readonly variables: Map<string, Possible>;
  /** The same while `init` runs, which begins with defaults. */
  readonly initially: Map<string, Possible>;
}

/**
 * What variables can hold, worked out from what `init` leaves and what steps that are possible so far may assign, until
 * nothing new comes up.
 *
 * @see Wegman and Zadeck, "Constant propagation with conditional branches", TOPLAS 13(2), 1991.
 */
export function reachOf(system: System): Reach {
  const domains = new Map(system.variables.map(({ name, domain }) => [name, domain]));
  const { initially, after } = afterInit(system, domains);
  let hasChanged = true;
  const facts: Facts = {
    variables: after,
    domains,
    dropped: new Set(),
    onAssign: (name, path, value) => {
      const before = after.get(name)!;
      const now = within(joined(before, at(path, value)), domains.get(name)!);
      if (isSame(before, now)) return;
      after.set(name, now);
      hasChanged = true;
    },
  };
  while (hasChanged) {
    hasChanged = false;
    for (const action of system.actions) {
      if (action.arguments.some(({ domain }) => cardinality(domain) === 0)) continue;
      simplifiedStatements(facts, localsOf(action.arguments), action.body, new Map());
    }
  }
  return { variables: after, initially };
}

export function localsOf(given: readonly { readonly name: string; readonly domain: Domain }[]): Locals {
  return new Map(given.map(({ name, domain }) => [name, { possible: possibleOf(domain), domain }]));
}

/** Something that holds this at a path, and nothing elsewhere. */
function at(path: readonly (string | undefined)[], value: Possible): Possible {
  return path.reduceRight<Possible>((inside, segment) => {
    const whole: Possible = { scalars: new Set(), isComposite: true, fields: new Map() };
    return segment === undefined ? { ...whole, entries: inside } : { ...whole, fields: new Map([[segment, inside]]) };
  }, value);
}

function afterInit(
  system: System,
  domains: ReadonlyMap<string, Domain>,
): { readonly initially: Map<string, Possible>; readonly after: Map<string, Possible> } {
  const after = new Map(
    system.variables.map(({ name, domain }) => [name, possibleValue(defaultValue(domain), domain)] as const),
  );
  const initially = new Map(after);
  let hasChanged = false;
  let assigned: { readonly name: string; readonly path: readonly (string | undefined)[]; readonly value: Possible }[] =
    [];
  const facts: Facts = {
    variables: after,
    domains,
    dropped: new Set(),
    onAssign: (name, path, value) => {
      assigned.push({ name, path, value });
      const domain = domains.get(name)!;
      const before = after.get(name)!;
      const now = within(joined(before, at(path, value)), domain);
      if (!isSame(before, now)) hasChanged = true;
      after.set(name, now);
      initially.set(name, within(joined(initially.get(name)!, at(path, value)), domain));
    },
  };
  let locals: Locals | undefined = new Map();
  for (const statement of system.init) {
    let made: ReturnType<typeof simplifiedStatements>;
    do {
      assigned = [];
      hasChanged = false;
      made = simplifiedStatements(facts, locals, [statement], new Map());
    } while (hasChanged);
    for (const { name, path } of made.statements.flatMap((one) => coveredBy(one, [], domains))) {
      const key = path.join('/');
      const about = assigned.filter((one) => one.name === name);
      const isAlone = about.every((one) => {
        const other = one.path.join('/');
        return one.path.length === path.length ? true : !(other.startsWith(key) || key.startsWith(other));
      });
      if (!isAlone) continue;
      const values = about.filter((one) => one.path.length === path.length && one.path.join('/') === key);
      after.set(name, replaced(after.get(name)!, path, values.map(({ value }) => value).reduce(joined, NOTHING)));
    }
    locals = made.locals;
    if (locals === undefined) break;
  }
  return { initially, after };
}

/** With what is at a path replaced. */
function replaced(whole: Possible, path: readonly (string | undefined)[], value: Possible): Possible {
  const [first, ...others] = path;
  if (path.length === 0) return value;
  if (first === undefined) return { ...whole, entries: replaced(whole.entries ?? NOTHING, others, value) };
  return {
    ...whole,
    fields: new Map([...whole.fields, [first, replaced(whole.fields.get(first) ?? NOTHING, others, value)]]),
  };
}

type Covered = { readonly name: string; readonly path: readonly (string | undefined)[] };

/** The places that a statement certainly assigns to, all entries of records included. */
function coveredBy(
  statement: Statement,
  loops: readonly { readonly binder: string; readonly domain: Domain }[],
  domains: ReadonlyMap<string, Domain>,
): readonly Covered[] {
  if (statement.kind === 'for') {
    const hasExit = (one: Statement): boolean => one.kind === 'exit' || childrenOf(one).some(hasExit);
    if (statement.over.kind !== 'domain' || statement.body.some(hasExit)) return [];
    const inside = [...loops, { binder: statement.binder, domain: statement.over.domain }];
    return statement.body.flatMap((one) => coveredBy(one, inside, domains));
  }
  if (statement.kind !== 'assign' || statement.target.root.kind !== 'variable') return [];
  const { target } = statement;
  const { name } = target.root;
  let type: Domain = domains.get(name)!;
  const used = new Set<string>();
  for (const segment of target.path) {
    if (segment.kind === 'index') {
      const keys = keysOf(type);
      if (keys === undefined) return [];
      const { index } = segment;
      const loop = index.kind === 'local' ? loops.find(({ binder }) => binder === index.name) : undefined;
      const isOnly = index.kind === 'literal' && cardinality(keys) === 1 && contains(keys, index.value);
      const isAll = loop !== undefined && !used.has(loop.binder) && includesAll(loop.domain, keys);
      if (!isOnly && !isAll) return [];
      if (loop !== undefined) used.add(loop.binder);
    } else if (membersOf(type).some(({ kind }) => kind !== 'object')) return [];
    type = partType(type, segment.kind === 'field' ? segment.name : undefined);
  }
  return [{ name, path: pathOf(target, domains.get(name)) }];
}

function keysOf(type: Domain): Domain | undefined {
  if (type.kind === 'record') return type.key;
  if (type.kind !== 'array' || type.minLength !== type.maxLength || type.maxLength === 0) return undefined;
  return { kind: 'int', min: 0, max: type.maxLength - 1 };
}

function includesAll(domain: Domain, keys: Domain): boolean {
  return cardinality(keys) <= 256 && [...valuesOf(keys)].every((key) => contains(domain, key));
}
