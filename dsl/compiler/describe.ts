import type { Domain } from '../ir/index.ts';
import { membersOf } from '../ir/part.ts';

/** What a value of a type is, in words: `an integer`, `an array or null`. */
export function describe(domain: Domain): string {
  const words = [...new Set(membersOf(domain).map(describeMember))];
  return words.length === 1 ? words[0]! : `${words.slice(0, -1).join(', ')} or ${words[words.length - 1]!}`;
}

function describeMember(domain: Domain): string {
  switch (domain.kind) {
    case 'boolean':
      return 'a boolean';
    case 'int':
      return 'an integer';
    case 'enum':
      return domain.values.length === 1 ? `"${domain.values[0]!}"` : 'text';
    case 'ids':
      return `an id of ${domain.name}`;
    case 'serial':
      return `a value of ${domain.name}`;
    case 'object':
    case 'variant':
      return 'an object';
    case 'array':
    case 'tuple':
      return 'an array';
    case 'record':
      return 'a record';
    case 'null':
    case 'undefined':
      return domain.kind;
    case 'set':
      return 'a set';
    case 'never':
      return 'nothing';
    case 'union':
      return describe(domain);
  }
}

/** The one-word name of a compound value: `object`, `array`, `set`, `record`. */
export function compoundNoun(domain: Domain): string {
  for (const member of membersOf(domain)) {
    switch (member.kind) {
      case 'object':
      case 'variant':
        return 'object';
      case 'array':
      case 'tuple':
        return 'array';
      case 'record':
        return 'record';
      case 'set':
        return 'set';
      default:
        continue;
    }
  }
  return 'value';
}

/** How to turn a value into the condition that was probably meant. */
export function conditionHelp(domain: Domain): string {
  const kinds = membersOf(domain).map((member) => member.kind);
  if (kinds.includes('null')) return 'compare with null: `x !== null`';
  if (kinds.includes('undefined')) return 'compare with undefined: `x !== undefined`';
  if (kinds.includes('int')) return 'compare with a number: `x !== 0` or `x > 0`';
  if (kinds.includes('array') || kinds.includes('tuple')) return 'ask for its length: `x.length > 0`';
  if (kinds.includes('set')) return 'ask for its size: `x.size > 0`';
  return 'compare it with something: `x === "…"`';
}
