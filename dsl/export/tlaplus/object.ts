import type { Domain, Expression } from '../../ir/index.ts';
import { membersOf } from '../../ir/part.ts';
import type { Environment } from './environment.ts';
import { valueOf } from './expression.ts';
import type { Node } from './node.ts';
import { inline, operand, PRECEDENCE, text } from './node.ts';
import type { Scope } from './scope.ts';
import { record } from './value.ts';

export function objectValue(
  scope: Scope,
  environment: Environment,
  expression: Expression & { kind: 'object' },
  expected: Domain | undefined,
): Node {
  const { module } = scope;
  const given = new Map(expression.fields.map((field) => [field.name, field.value]));
  const tag = (discriminator: string): string | undefined => {
    const value = given.get(discriminator);
    return value?.kind === 'literal' || value?.kind === 'parameter' ? String(value.value) : undefined;
  };
  for (const member of [...membersOf(expected ?? expression.type), ...membersOf(expression.type)]) {
    if (member.kind === 'record') {
      module.helpers.use('TLC');
      const entries = expression.fields.map((field) => {
        const value = valueOf(scope, environment, field.value, member.value);
        return `${inline(module.values.atom(field.name))} :> ${operand(value, PRECEDENCE.set)}`;
      });
      return entries.length === 0 ? text('<<>>') : text(`(${entries.join(' @@ ')})`);
    }
    const fields =
      member.kind === 'object'
        ? member.fields
        : member.kind === 'variant'
          ? (member.cases.find((one) => one.tag === tag(member.discriminator))?.fields ?? []).concat({
              name: member.discriminator,
              domain: { kind: 'enum', values: member.cases.map((one) => one.tag) },
            })
          : undefined;
    if (fields === undefined || ![...given.keys()].every((name) => fields.some((field) => field.name === name)))
      continue;
    const names = [...given.keys(), ...fields.map((field) => field.name).filter((name) => !given.has(name))];
    return record(
      names.map((name) => {
        const domain = fields.find((field) => field.name === name)!.domain;
        const value = given.get(name);
        return [name, value === undefined ? module.values.atom(undefined) : valueOf(scope, environment, value, domain)];
      }),
    );
  }
  return record(expression.fields.map((field) => [field.name, valueOf(scope, environment, field.value)]));
}

/** A literal's type with the fields that the place it goes to has besides. */
export function completedType(type: Domain, expected: Domain | undefined): Domain {
  return expected !== undefined && expected.kind !== 'never' ? mergedType(type, expected) : type;
}

function mergedType(type: Domain, expected: Domain): Domain {
  return { kind: 'union', members: [...membersOf(expected), ...membersOf(type)] };
}
