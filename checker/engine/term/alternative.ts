import type { Domain, Value } from '../../../dsl/ir/index.ts';
import { cardinality, isArray, SetValue, valueAt } from '../../../dsl/ir/index.ts';
import { offsetBy } from '../builder.ts';
import type { Flat } from '../flat.ts';
import { binary, constant, ONE } from '../flat.ts';
import { cellAt, fromLeaf, load, read } from './cell.ts';
import type { Target } from './target.ts';
import type { Term } from './term.ts';

/** One alternative of a value: `test` says whether it is the present one. Tests exclude each other and one holds. */
export interface Case {
  readonly test: Flat;
  readonly term: Term;
}

/** The alternatives of a union; anything else is its own only alternative. */
export function casesOf(target: Target, term: Term): readonly Case[] {
  if (term.kind === 'scalar' && term.domain.kind === 'union') {
    const code = target.builder.fix(term.code);
    const cases: Case[] = [];
    let offset = 0;
    const total = cardinality(term.domain);
    for (const member of term.domain.members) {
      const size = cardinality(member);
      if (size === 0) continue;
      const above = offset === 0 ? ONE : binary('lessOrEqual', constant(offset), code);
      const below = offset + size === total ? ONE : binary('less', code, constant(offset + size));
      const test = size === 1 && size < total ? binary('equal', code, constant(offset)) : binary('and', above, below);
      const inner: Term =
        size === 1
          ? { kind: 'constant', value: valueAt(member, 0) }
          : { kind: 'scalar', domain: member, code: fromLeaf(member, offsetBy(code, -offset)) };
      cases.push({ test, term: inner });
      offset += size;
    }
    return cases;
  }
  if (term.kind === 'view' && term.shape.kind === 'union') {
    const { members } = term.shape;
    const tag = target.builder.fix(load(term.cell));
    return members.map((member, index) => ({
      test: members.length === 1 ? ONE : binary('equal', tag, constant(index)),
      term: read(member, cellAt(term.cell, 1)),
    }));
  }
  return [{ test: ONE, term }];
}

type TermKind = 'int' | 'boolean' | 'string' | 'null' | 'undefined' | 'object' | 'array' | 'set';

/** The kind of a value that is not a union. */
export function kindOf(term: Term): TermKind {
  switch (term.kind) {
    case 'constant':
      return kindOfValue(term.value);
    case 'scalar':
      return kindOfDomain(term.domain);
    case 'view':
      return kindOfDomain(term.shape.domain);
    case 'set':
    case 'values':
      return 'set';
    case 'fields':
      return 'object';
    case 'items':
      return 'array';
  }
}

function kindOfValue(value: Value): TermKind {
  if (value === null) return 'null';
  if (value instanceof SetValue) return 'set';
  if (isArray(value)) return 'array';
  switch (typeof value) {
    case 'boolean':
      return 'boolean';
    case 'number':
      return 'int';
    case 'string':
      return 'string';
    case 'undefined':
      return 'undefined';
    default:
      return 'object';
  }
}

export function kindOfDomain(domain: Domain): TermKind {
  switch (domain.kind) {
    case 'boolean':
    case 'int':
    case 'null':
    case 'undefined':
    case 'array':
    case 'set':
      return domain.kind;
    case 'serial':
      return 'int';
    case 'enum':
    case 'ids':
      return 'string';
    case 'tuple':
      return 'array';
    case 'object':
    case 'variant':
    case 'record':
      return 'object';
    case 'union':
    case 'never':
      return 'undefined';
  }
}
