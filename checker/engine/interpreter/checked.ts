import type { Span } from '../../../dsl/diagnostics/span.ts';
import type { Domain, UnionDomain } from '../../../dsl/ir/domain.ts';
import type { Field, ObjectValue, SetValue, Value } from '../../../dsl/ir/index.ts';
import { contains, formatValue, setOf, valuesOf } from '../../../dsl/ir/index.ts';
import { isListed } from '../../../dsl/ir/part.ts';
import { EvaluationFailure } from './failure.ts';

/** A value that is put into a place of the domain; optional fields that were left out become undefined. */
export function checked(value: Value, domain: Domain, span: Span): Value {
  if (contains(domain, value)) return completed(domain, value);
  throw new EvaluationFailure(`${formatValue(value)} is outside ${describeDomain(domain)}`, span);
}

function completed(domain: Domain, value: Value): Value {
  switch (domain.kind) {
    case 'object':
      return completedFields(domain.fields, value as ObjectValue);
    case 'variant': {
      const object = value as ObjectValue;
      const tag = object[domain.discriminator];
      const fields = domain.cases.find((one) => one.tag === tag)!.fields;
      return { [domain.discriminator]: tag, ...completedFields(fields, object) };
    }
    case 'union':
      return completed(
        domain.members.find((member) => contains(member, value))!,
        value,
      );
    case 'tuple':
      return (value as readonly Value[]).map((item, index) => completed(domain.items[index]!, item));
    case 'array':
      return (value as readonly Value[]).map((element) => completed(domain.element, element));
    case 'record': {
      const keys = [...valuesOf(domain.key)].map(String);
      return Object.fromEntries(keys.map((key) => [key, completed(domain.value, (value as ObjectValue)[key])]));
    }
    case 'set':
      return setOf((value as SetValue).elements.map((element) => completed(domain.element, element)));
    default:
      return value;
  }
}

function completedFields(fields: readonly Field[], value: ObjectValue): ObjectValue {
  return Object.fromEntries(fields.map((field) => [field.name, completed(field.domain, value[field.name])]));
}

function describeMember(member: Domain, union: UnionDomain): string {
  return isListed(member, union) ? [...valuesOf(member)].join(' | ') : describeDomain(member);
}

/** A domain in a failure's message. */
function describeDomain(domain: Domain): string {
  switch (domain.kind) {
    case 'int':
      return `${domain.min} … ${domain.max}`;
    case 'enum':
      return domain.values.join(' | ');
    case 'ids':
      return domain.name;
    case 'union':
      return domain.members.map((one) => describeMember(one, domain)).join(' | ');
    case 'array':
      return domain.minLength === domain.maxLength
        ? `arrays of ${domain.maxLength}`
        : `arrays of ${domain.minLength} … ${domain.maxLength}`;
    case 'set':
      return `sets of ${describeDomain(domain.element)}`;
    case 'boolean':
      return domain.only === undefined ? 'boolean' : String(domain.only);
    case 'null':
    case 'undefined':
      return domain.kind;
    default:
      return `the ${domain.kind} declared for it`;
  }
}
