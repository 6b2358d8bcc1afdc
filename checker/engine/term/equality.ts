import type { Domain } from '../../../dsl/ir/index.ts';
import { contains } from '../../../dsl/ir/index.ts';
import { isScalar } from '../../plan/shape.ts';
import type { Flat } from '../flat.ts';
import { binary, constant, ONE, ZERO } from '../flat.ts';
import { sameDomain } from '../same-domain.ts';
import { sameValue } from '../same-value.ts';
import { casesOf, kindOf } from './alternative.ts';
import { elementAt, lengthOf } from './array.ts';
import { equalCells, newRegion } from './cell.ts';
import { fieldsOf } from './object.ts';
import { convertScalar } from './scalar.ts';
import { asSet, setWords } from './set.ts';
import { store } from './store.ts';
import type { Target } from './target.ts';
import { attempt } from './target.ts';
import type { Term } from './term.ts';
import { NOTHING } from './term.ts';
import { newVariable, writeVariable } from './variable.ts';

/** Whether two values are equal, as `sameValue`. */
export function equalTerms(target: Target, left: Term, right: Term): Flat {
  if (left.kind === 'constant' && right.kind === 'constant') return sameValue(left.value, right.value) ? ONE : ZERO;
  if (rank(left) < rank(right)) return equalTerms(target, right, left);
  switch (left.kind) {
    case 'scalar':
      return equalScalar(target, left, right);
    case 'view':
      return equalView(target, left, right);
    case 'set': {
      if (!casesOf(target, right).some((one) => kindOf(one.term) === 'set')) return ZERO;
      // Stays empty where evaluation has already failed.
      let words: readonly Flat[] = [];
      const valid = attempt(target, (require) => {
        words = setWords(target, right, left.shape, require).map((word) => target.builder.fix(word));
      });
      return left.words.reduce(
        (all, word, index) => binary('and', all, binary('equal', word, words[index] ?? ZERO)),
        valid,
      );
    }
    case 'values':
      return equalTerms(target, asSet(target, left), right);
    case 'fields': {
      const fields = fieldsOf(right);
      if (fields === undefined) return ZERO;
      const names = new Set([...left.fields.keys(), ...fields.keys()]);
      return [...names]
        .map((name) => equalTerms(target, left.fields.get(name) ?? NOTHING, fields.get(name) ?? NOTHING))
        .reduce((all, one) => binary('and', all, one), ONE);
    }
    case 'items': {
      if (kindOf(right) !== 'array') return ZERO;
      if (lengthOf(target, right).max !== left.items.length) return ZERO;
      return left.items
        .map((item, index) => equalTerms(target, item, elementAt(right, constant(index))))
        .reduce((all, one) => binary('and', all, one), ONE);
    }
    case 'constant':
      throw new Error('constants were compared already');
  }
}

/** Which side's representation the comparison is made in: the one that knows most of where the value is kept. */
function rank(term: Term): number {
  switch (term.kind) {
    case 'view':
      return term.shape.kind === 'union' ? 6 : 5;
    case 'scalar':
      return 4;
    case 'set':
      return 3;
    case 'values':
      return 2;
    case 'fields':
    case 'items':
      return 1;
    case 'constant':
      return 0;
  }
}

function equalScalar(target: Target, left: Term & { kind: 'scalar' }, right: Term): Flat {
  if (right.kind === 'scalar' && left.domain.kind === 'int' && right.domain.kind === 'int') {
    return binary('equal', left.code, right.code);
  }
  const { code, valid } = convertScalar(target, right, left.domain);
  return binary('and', valid, binary('equal', left.code, code));
}

function equalView(target: Target, left: Term & { kind: 'view' }, right: Term): Flat {
  const { builder } = target;
  const { shape, cell } = left;
  if (right.kind === 'view' && sameDomain(right.shape.domain, shape.domain)) {
    return equalCells(target, cell, right.cell, shape.leaves);
  }
  if (shape.kind === 'union') {
    // `x === null` on an optional object: only the alternatives of that kind can be equal.
    if (right.kind === 'constant' || (right.kind === 'view' && right.shape.kind !== 'union')) {
      const result = builder.newTemp(true);
      builder.set(result, ZERO);
      for (const one of casesOf(target, left).filter(({ term }) => kindOf(term) === kindOf(right))) {
        builder.if(one.test, () => builder.set(result, equalTerms(target, one.term, right)));
      }
      return builder.fix({ op: 'temp', temp: result });
    }
  } else if (!casesOf(target, right).some((one) => kindOf(one.term) === kindOf(left))) return ZERO;
  const region = newRegion(target, shape.leaves);
  const valid = attempt(target, (require) => store(target, shape, region, right, require));
  const result = builder.newTemp(true);
  builder.set(result, ZERO);
  builder.if(valid, () => builder.set(result, equalCells(target, cell, region, shape.leaves)));
  return builder.fix({ op: 'temp', temp: result });
}

/** Whether a value is in a domain. */
export function isMember(target: Target, term: Term, domain: Domain): Flat {
  if (term.kind === 'constant') return contains(domain, term.value) ? ONE : ZERO;
  if (isScalar(domain)) return convertScalar(target, term, domain).valid;
  if (term.kind === 'view' && sameDomain(term.shape.domain, domain)) return ONE;
  const variable = newVariable(target, domain);
  return attempt(target, (require) => writeVariable(target, variable, term, require));
}
