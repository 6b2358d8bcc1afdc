import type { Domain } from '../../../dsl/ir/index.ts';
import { cardinality, codeOf, valuesOf } from '../../../dsl/ir/index.ts';
import { offsetBy } from '../builder.ts';
import type { Flat } from '../flat.ts';
import { binary, constant, isConstant, ONE, select, ZERO } from '../flat.ts';
import { sameDomain } from '../same-domain.ts';
import { casesOf, kindOf } from './alternative.ts';
import { fromLeaf, load, toLeaf } from './cell.ts';
import type { Target } from './target.ts';
import type { Term } from './term.ts';

export interface Int {
  readonly code: Flat;
  readonly min: number;
  readonly max: number;
}

/** The integer that a value is; fails when it is none. */
export function asInt(target: Target, term: Term): Int {
  const ints = casesOf(target, term).filter((one) => kindOf(one.term) === 'int');
  const last = ints.at(-1);
  if (last === undefined) {
    target.builder.fail();
    return { code: ZERO, min: 0, max: 0 };
  }
  target.builder.check(ints.map((one) => one.test).reduce((left, right) => binary('or', left, right)));
  return ints
    .map((one) => intOf(one.term))
    .reduceRight((rest, int, index) => ({
      code: select(ints[index]!.test, int.code, rest.code),
      min: Math.min(int.min, rest.min),
      max: Math.max(int.max, rest.max),
    }));
}

function intOf(term: Term): Int {
  if (term.kind === 'constant') {
    const value = term.value as number;
    return { code: constant(value), min: value, max: value };
  }
  const { domain, code } = term as Term & { kind: 'scalar' };
  return domain.kind === 'int' ? { code, min: domain.min, max: domain.max } : { code, min: 0, max: 0 };
}

/** A term for an integer within an interval. */
export function intTerm(code: Flat, min: number, max: number): Term {
  if (isConstant(code)) return { kind: 'constant', value: code.value };
  return { kind: 'scalar', domain: { kind: 'int', min, max }, code };
}

const BOOLEAN: Domain = { kind: 'boolean' };

export function booleanTerm(code: Flat): Term {
  return isConstant(code) ? { kind: 'constant', value: code.value !== 0 } : { kind: 'scalar', domain: BOOLEAN, code };
}

/** The boolean that a value is, as 0 or 1; fails when it is none. */
export function asBoolean(target: Target, term: Term): Flat {
  if (term.kind === 'constant' && typeof term.value === 'boolean') return term.value ? ONE : ZERO;
  const booleans = casesOf(target, term).filter((one) => kindOf(one.term) === 'boolean');
  const [only] = booleans;
  if (only === undefined) {
    target.builder.fail();
    return ZERO;
  }
  target.builder.check(only.test);
  const { term: found } = only;
  if (found.kind === 'constant') return found.value === true ? ONE : ZERO;
  const { domain, code } = found as Term & { kind: 'scalar' };
  // The code of what is the only value of its domain is 0, be it true.
  return domain.kind === 'boolean' && domain.only !== undefined ? (domain.only ? ONE : ZERO) : code;
}

/** Up to this many values, a conversion is found by trying each of them. */
const ENUMERATED = 1024;

/**
 * The representation of a value in a scalar domain, and whether it is in it at all (then only is `code` of any use).
 */
export function convertScalar(target: Target, term: Term, domain: Domain): { code: Flat; valid: Flat } {
  const invalid = { code: ZERO, valid: ZERO };
  if (term.kind === 'constant') {
    const code = codeOf(domain, term.value);
    if (code < 0) return invalid;
    return { code: constant(domain.kind === 'int' ? (term.value as number) : code), valid: ONE };
  }
  if (term.kind === 'scalar') {
    const from = term.domain;
    if (sameDomain(from, domain)) return { code: term.code, valid: ONE };
    if (from.kind === 'int' && domain.kind === 'int') {
      const above = from.min < domain.min ? binary('lessOrEqual', constant(domain.min), term.code) : ONE;
      const below = domain.max < from.max ? binary('lessOrEqual', term.code, constant(domain.max)) : ONE;
      return { code: term.code, valid: binary('and', above, below) };
    }
    if (cardinality(from) <= ENUMERATED) return convertEnumerated(target, term.code, from, domain);
    if (from.kind === 'int') return convertInt(term.code, from, domain);
  }
  let result = invalid;
  for (const one of casesOf(target, term).toReversed()) {
    if (one.term === term) return invalid;
    const converted = convertScalar(target, one.term, domain);
    result = {
      code:
        isConstant(converted.valid) && converted.valid.value === 0
          ? result.code
          : select(one.test, converted.code, result.code),
      valid: binary('or', binary('and', one.test, converted.valid), result.valid),
    };
  }
  return result;
}

function convertEnumerated(target: Target, code: Flat, from: Domain, to: Domain): { code: Flat; valid: Flat } {
  const codes = [...valuesOf(from)].map((value) => codeOf(to, value));
  const first = codes.findIndex((one) => 0 <= one);
  if (first < 0) return { code: ZERO, valid: ZERO };
  const last = codes.findLastIndex((one) => 0 <= one);
  const leaf = target.builder.fix(toLeaf(from, code));
  const shift = codes[first]! - first;
  if (codes.slice(first, last + 1).every((one, index) => one === first + index + shift)) {
    const above = 0 < first ? binary('lessOrEqual', constant(first), leaf) : ONE;
    const below = last + 1 < codes.length ? binary('lessOrEqual', leaf, constant(last)) : ONE;
    return { code: fromLeaf(to, offsetBy(leaf, shift)), valid: binary('and', above, below) };
  }
  const table = target.constants.add(codes);
  const mapped = target.builder.fix(load({ space: { kind: 'constant' }, at: table, index: leaf }));
  const valid = codes.includes(-1) ? binary('lessOrEqual', ZERO, mapped) : ONE;
  return { code: fromLeaf(to, mapped), valid };
}

function convertInt(code: Flat, from: Domain & { kind: 'int' }, to: Domain): { code: Flat; valid: Flat } {
  let result = { code: ZERO, valid: ZERO };
  let offset = 0;
  for (const member of to.kind === 'union' ? to.members : []) {
    if (member.kind === 'int') {
      const above = from.min < member.min ? binary('lessOrEqual', constant(member.min), code) : ONE;
      const below = member.max < from.max ? binary('lessOrEqual', code, constant(member.max)) : ONE;
      const inside = binary('and', above, below);
      // The first member that has a value says its code, so later members must not override earlier ones.
      result = {
        code: select(result.valid, result.code, offsetBy(code, offset - member.min)),
        valid: binary('or', result.valid, inside),
      };
    }
    offset += cardinality(member);
  }
  return result;
}

export function scalarTerm(domain: Domain, code: Flat): Term {
  return { kind: 'scalar', domain, code };
}
