import type { Domain } from '../../../dsl/ir/index.ts';
import { equalDomains } from '../../../dsl/ir/domain.ts';
import { collectionOf, membersOf } from '../../../dsl/ir/part.ts';

/** Whether values of one type could be of the other. */
export function similar(type: Domain, wanted: Domain): boolean {
  const kinds = membersOf(wanted).map(kindOf);
  return membersOf(type).some((member) => kinds.includes(kindOf(member)));
}

function kindOf(domain: Domain): string {
  switch (domain.kind) {
    case 'tuple':
      return `tuple ${domain.items.length}`;
    case 'object':
      return `object ${domain.fields
        .map((field) => field.name)
        .toSorted()
        .join()}`;
    case 'record':
      return `record ${JSON.stringify(domain.key)}`;
    case 'ids':
    case 'enum':
      return domain.kind;
    default:
      return domain.kind;
  }
}

export function elementOf(type: Domain): Domain {
  return collectionOf(type)?.element ?? { kind: 'never' };
}

/**
 * Whether a field, of type `joined`, has objects that lack fields of others in some case: to read those is an error of
 * types in the language.
 */
export function isPadded(object: Domain, field: string, joined: Domain): boolean {
  const types = membersOf(object).flatMap((member) => {
    const objects = member.kind === 'variant' ? member.cases : member.kind === 'object' ? [member] : [];
    return objects.flatMap(({ fields }) => fields.filter(({ name }) => name === field).map(({ domain }) => domain));
  });
  const isSame = types.every((type) => equalDomains(type, joined));
  return !isSame && membersOf(joined).some(({ kind }) => kind !== 'record' && !isScalarKind(kind));
}

function isScalarKind(kind: Domain['kind']): boolean {
  return ['boolean', 'int', 'enum', 'ids', 'null', 'undefined', 'set'].includes(kind);
}
