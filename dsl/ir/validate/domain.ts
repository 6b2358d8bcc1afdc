import type { Domain, Field } from '../domain.ts';
import { INT_MAX, INT_MIN, MOST_SERIALS } from '../domain.ts';
import type { Check } from './check.ts';
import { checkOnce, namesOf } from './check.ts';

export function checkDomain(check: Check, domain: Domain): void {
  if (checkedDomains.has(domain)) return;
  const before = check.problems.length;
  switch (domain.kind) {
    case 'boolean':
    case 'null':
    case 'undefined':
    case 'never':
      break;
    case 'int':
      if (!(INT_MIN <= domain.min && domain.min <= domain.max && domain.max <= INT_MAX)) {
        check.problem(`the integers from ${domain.min} to ${domain.max} are no domain`);
      }
      break;
    case 'serial':
      if (!(1 <= domain.alive && domain.alive < MOST_SERIALS)) check.problem(`${domain.alive} of a domain alive`);
      break;
    case 'enum':
    case 'ids':
      checkOnce(check, 'member', domain.values);
      if (domain.kind === 'enum' && domain.values.length === 0) check.problem('an empty enum');
      break;
    case 'union':
      if (domain.members.length < 2) check.problem('a union of less than two');
      for (const member of domain.members) {
        if (member.kind === 'union' || member.kind === 'never') check.problem(`a ${member.kind} within a union`);
        checkDomain(check, member);
      }
      checkIntegers(check, domain.members);
      break;
    case 'object':
      checkFields(check, domain.fields);
      break;
    case 'variant':
      checkOnce(
        check,
        'case',
        domain.cases.map(({ tag }) => tag),
      );
      if (domain.cases.length === 0) check.problem('a variant without cases');
      for (const { fields } of domain.cases) {
        checkFields(check, fields);
        if (namesOf(fields).includes(domain.discriminator)) check.problem('a case that repeats the discriminator');
      }
      break;
    case 'tuple':
      for (const item of domain.items) checkDomain(check, item);
      break;
    case 'array':
      checkDomain(check, domain.element);
      if (!(0 <= domain.minLength && domain.minLength <= domain.maxLength)) {
        check.problem(`an array of ${domain.minLength} to ${domain.maxLength} elements`);
      }
      break;
    case 'record': {
      checkDomain(check, domain.key);
      checkDomain(check, domain.value);
      const keys = domain.key.kind === 'union' ? domain.key.members : [domain.key];
      if (!keys.every(({ kind }) => SCALARS.includes(kind))) check.problem('a record over keys that are no scalars');
      break;
    }
    case 'set':
      checkDomain(check, domain.element);
      break;
  }
  if (check.problems.length === before) checkedDomains.add(domain);
}

/** One set of integers is written in one way: ascending intervals, one after another, with gaps between them. */
function checkIntegers(check: Check, members: readonly Domain[]): void {
  const [first, last] = [members.findIndex(isInterval), members.findLastIndex(isInterval)];
  const between = first < 0 ? [] : members.slice(first, last + 1);
  const areInOrder = between.every((one, index) => {
    const before = between[index - 1];
    return one.kind === 'int' && (before?.kind !== 'int' || before.max + 1 < one.min);
  });
  if (!areInOrder) check.problem('integers of a union that are not ascending intervals with gaps between them');
}

function isInterval({ kind }: Domain): boolean {
  return kind === 'int';
}

const SCALARS: readonly Domain['kind'][] = ['boolean', 'int', 'enum', 'ids', 'serial', 'null', 'undefined'];

/** Domains that were found right before: types are shared between nodes, and the same ones come again and again. */
const checkedDomains = new WeakSet<Domain>();

function checkFields(check: Check, fields: readonly Field[]): void {
  checkOnce(check, 'field', namesOf(fields));
  for (const { domain } of fields) checkDomain(check, domain);
}
