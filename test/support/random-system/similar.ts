import type { Domain } from '../../../dsl/ir/index.ts';
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
