import type { Domain, Expression, Field, Statement, System, Value } from '../../ir/index.ts';
import { isArray, isObject, SetValue } from '../../ir/index.ts';
import { legalIdentifier } from '../identifiers.ts';
import { expressionsOf } from '../walk.ts';

/**
 * The number that stands for each value that is no number: ids, strings, null and undefined share one numbering, and 0
 * and 1 are false and true, so that comparing two such values is comparing two ints.
 */
export interface Atoms {
  readonly codes: ReadonlyMap<string | null | undefined, number>;
  /** The macro that names an atom; ids keep their names, other atoms are prefixed. */
  readonly macros: ReadonlyMap<string | null | undefined, string>;
}

const FIRST_ATOM = 2;

/** Numbers all atoms of a system: first the ids, set by set, then strings by first appearance, null, undefined. */
export function atomsOf(system: System, reserved: ReadonlySet<string>): Atoms {
  const ids = new Set<string>();
  const strings = new Set<string>();
  const visit = (domain: Domain): void => {
    if (domain.kind === 'ids') domain.values.forEach((value) => ids.add(value));
    if (domain.kind === 'enum') domain.values.forEach((value) => strings.add(value));
    if (domain.kind === 'variant') domain.cases.forEach(({ tag }) => strings.add(tag));
    partsOfDomain(domain).forEach(visit);
  };
  const visitValue = (value: Value): void => {
    if (typeof value === 'string' && !ids.has(value)) strings.add(value);
    else if (value instanceof SetValue) value.elements.forEach(visitValue);
    else if (isArray(value)) value.forEach(visitValue);
    else if (isObject(value)) Object.values(value).forEach(visitValue);
  };
  const everything = domainsOf(system);
  everything.forEach(visit);
  for (const { value } of [...system.parameters, ...system.constants]) visitValue(value);
  for (const id of ids) strings.delete(id);

  const order: (string | null | undefined)[] = [...ids, ...strings, null, undefined];
  const codes = new Map(order.map((atom, index) => [atom, FIRST_ATOM + index]));
  const taken = new Set(reserved);
  const macros = new Map(
    order.map((atom) => {
      const wanted = ids.has(String(atom)) ? legalIdentifier(String(atom)) : `V_${legalIdentifier(String(atom))}`;
      let macro = wanted;
      for (let attempt = 2; taken.has(macro); attempt += 1) macro = `${wanted}_${attempt}`;
      taken.add(macro);
      return [atom, macro];
    }),
  );
  return { codes, macros };
}

/** The domains directly inside a domain. */
function partsOfDomain(domain: Domain): readonly Domain[] {
  const fields = (list: readonly Field[]): Domain[] => list.map((field) => field.domain);
  switch (domain.kind) {
    case 'union':
      return domain.members;
    case 'object':
      return fields(domain.fields);
    case 'variant':
      return domain.cases.flatMap((one) => fields(one.fields));
    case 'tuple':
      return domain.items;
    case 'array':
    case 'set':
      return [domain.element];
    case 'record':
      return [domain.key, domain.value];
    default:
      return [];
  }
}

/** Every domain that something in the system has: variables, arguments, types of expressions, locals. */
function domainsOf(system: System): Domain[] {
  const domains: Domain[] = [];
  const ofExpression = (expression: Expression): void => {
    domains.push(expression.type);
    if (expression.kind === 'domain') domains.push({ kind: 'set', element: expression.domain });
  };
  const ofStatement = (statement: Statement): void => {
    if (statement.kind === 'let' || statement.kind === 'choose') domains.push(statement.domain);
    if (statement.kind === 'assign') domains.push(statement.target.domain);
  };
  for (const variable of system.variables) domains.push(variable.domain);
  for (const action of system.actions) for (const argument of action.arguments) domains.push(argument.domain);
  expressionsOf(system, ofExpression, ofStatement, (domain) => domains.push(domain));
  return domains;
}
