import type { Domain } from '../../../dsl/ir/index.ts';
import { cardinality, codeOf, contains, SetValue } from '../../../dsl/ir/index.ts';
import { setPart } from '../../../dsl/ir/part.ts';
import { shapeOf } from '../../plan/shape.ts';
import type { Flat } from '../flat.ts';
import { binary, constant, isConstant, ONE, ZERO } from '../flat.ts';
import { sameDomain } from '../same-domain.ts';
import { casesOf, kindOf } from './alternative.ts';
import { cellAt, clearCells, load, newRegion, read } from './cell.ts';
import type { Require, Target } from './target.ts';
import { failUnless } from './target.ts';
import type { SetShape, Term } from './term.ts';

/** The bitmap of a set over a shape's elements; `require` rejects elements the shape lacks (without it: they are dropped). */
export function setWords(target: Target, term: Term, shape: SetShape, require: Require | undefined): readonly Flat[] {
  const { builder } = target;
  const none = (): Flat[] => Array.from({ length: shape.leaves }, () => ZERO);
  if (term.kind === 'set') {
    if (sameDomain(term.shape.domain, shape.domain)) return term.words;
    const codes = term.shape.elements.map((value) => codeOf(elementDomain(shape), value));
    return remap(target, term, codes, shape, require);
  }
  if (term.kind === 'constant' && term.value instanceof SetValue) {
    const codes = term.value.elements.map((value) => codeOf(elementDomain(shape), value));
    if (codes.includes(-1)) require?.(ZERO);
    return constantWords(shape, codes);
  }
  if (term.kind === 'values') {
    const { domain } = term;
    const codes = shape.order.filter((code) => contains(domain, shape.elements[code]));
    if (codes.length < cardinality(domain)) require?.(ZERO);
    return constantWords(shape, codes);
  }
  const cases = casesOf(target, term).filter((one) => one.term !== term && kindOf(one.term) === 'set');
  const [only] = cases;
  if (only === undefined) {
    if (require === undefined) builder.fail();
    else require(ZERO);
    return none();
  }
  (require ?? failUnless(target))(only.test);
  return setWords(target, only.term, shape, require);
}

export function elementDomain(shape: SetShape): Domain {
  return shape.domain.kind === 'set' ? shape.domain.element : { kind: 'never' };
}

export function constantWords(shape: SetShape, codes: readonly number[]): Flat[] {
  const words = new Int32Array(shape.leaves);
  for (const code of codes) if (0 <= code) words[code >>> 5]! |= 1 << (code & 31);
  return Array.from(words, constant);
}

function remap(
  target: Target,
  term: Term & { kind: 'set' },
  codes: readonly number[],
  shape: SetShape,
  require: Require | undefined,
): readonly Flat[] {
  const { builder } = target;
  const words: Flat[] = Array.from({ length: shape.leaves }, () => ZERO);
  if (codes.every((code, index) => code === index || code < 0)) {
    term.words.forEach((word, index) => {
      const kept = codes
        .slice(32 * index, 32 * index + 32)
        .reduce((mask, code, bit) => (code < 0 ? mask : mask | (1 << bit)), 0);
      const present = codes.length - 32 * index < 32 ? 2 ** (codes.length - 32 * index) - 1 : -1;
      if (kept !== (present | 0)) {
        const fixed = builder.fix(word);
        require?.(binary('equal', binary('bitAnd', fixed, constant(~kept)), ZERO));
        if (index < words.length) words[index] = binary('bitAnd', fixed, constant(kept));
      } else if (index < words.length) words[index] = word;
    });
    return words;
  }
  if (codes.length <= 64) {
    const source = term.words.map((word) => builder.fix(word));
    let lost: Flat = ZERO;
    codes.forEach((code, from) => {
      const bit = binary('bitAnd', binary('shiftRight', source[from >>> 5]!, constant(from & 31)), ONE);
      if (code < 0) lost = binary('bitOr', lost, bit);
      else words[code >>> 5] = binary('bitOr', words[code >>> 5]!, binary('shiftLeft', bit, constant(code & 31)));
    });
    require?.(binary('equal', lost, ZERO));
    return words.map((word) => builder.fix(word));
  }
  const bits = newBits(target, shape);
  const table = target.constants.add(codes);
  const source = withCells(target, term);
  builder.repeat(constant(codes.length), (code) => {
    builder.if(hasBit(source, code), () => {
      const mapped = builder.fix(load({ space: { kind: 'constant' }, at: table, index: code }));
      const known = binary('lessOrEqual', ZERO, mapped);
      require?.(known);
      builder.if(known, () => bits.add(mapped));
    });
  });
  return bits.term().words;
}

/** A set that elements are added to by code. */
interface Bits {
  add(code: Flat): void;
  /** Adds the element when the condition holds, without a branch where there is but one word. */
  addIf(condition: Flat, code: Flat): void;
  term(): Term & { kind: 'set' };
}

export function newBits(target: Target, shape: SetShape): Bits {
  const { builder } = target;
  if (shape.leaves <= 1) {
    const temp = builder.newTemp(true);
    const word: Flat = { op: 'temp', temp };
    builder.set(temp, ZERO);
    const add = (bit: Flat, code: Flat): void =>
      builder.set(temp, binary('bitOr', word, binary('shiftLeft', bit, code)));
    return {
      add: (code) => add(ONE, code),
      addIf: (condition, code) => add(condition, code),
      term: () => ({ kind: 'set', shape, words: shape.leaves === 0 ? [] : [builder.fix(word)], cell: undefined }),
    };
  }
  const region = newRegion(target, shape.leaves);
  clearCells(target, region, shape.leaves);
  const add = (code: Flat): void => {
    const fixed = builder.fix(code);
    const cell = cellAt(region, 0, binary('shiftRight', fixed, constant(5)));
    const bit = binary('shiftLeft', ONE, binary('bitAnd', fixed, constant(31)));
    builder.store(cell, binary('bitOr', load(cell), bit));
  };
  return {
    add,
    addIf: (condition, code) => builder.if(condition, () => add(code)),
    term: () => read(shape, region) as Term & { kind: 'set' },
  };
}

/** The same set, with its words in cells when there are several of them, so that a dynamic code finds its word. */
export function withCells(target: Target, term: Term & { kind: 'set' }): Term & { kind: 'set' } {
  if (term.words.length <= 1 || term.cell !== undefined) return term;
  const region = newRegion(target, term.words.length);
  term.words.forEach((word, index) => target.builder.store(cellAt(region, index), word));
  return { ...term, cell: region };
}

/** Whether the element of this code (known to be one) is in the set, as 0 or 1. A dynamic code needs {@link withCells}. */
export function hasBit(term: Term & { kind: 'set' }, code: Flat): Flat {
  if (term.words.length === 0) return ZERO;
  if (isConstant(code)) {
    const word = term.words[code.value >>> 5]!;
    return binary('bitAnd', binary('shiftRight', word, constant(code.value & 31)), ONE);
  }
  const word =
    term.words.length === 1 ? term.words[0]! : load(cellAt(term.cell!, 0, binary('shiftRight', code, constant(5))));
  const shift = term.words.length === 1 ? code : binary('bitAnd', code, constant(31));
  return binary('bitAnd', binary('shiftRight', word, shift), ONE);
}

/** The set of all values of a domain, as a bitmap. */
export function asSet(target: Target, term: Term & { kind: 'values' }): Term & { kind: 'set' } {
  const shape = shapeOf({ kind: 'set', element: term.domain }) as SetShape;
  return { kind: 'set', shape, words: setWords(target, term, shape, undefined), cell: undefined };
}

/** The shape of the sets among the values of a type. */
export function setShapeOf(type: Domain): SetShape {
  return shapeOf(setPart(type) ?? { kind: 'set', element: { kind: 'never' } }) as SetShape;
}

/** A set as a bitmap, whatever it is kept as; fails for what is no set. */
export function asBitmap(target: Target, term: Term, type: Domain): Term & { kind: 'set' } {
  if (term.kind === 'set') return term;
  if (term.kind === 'values') return asSet(target, term);
  const shape = setShapeOf(type);
  return { kind: 'set', shape, words: setWords(target, term, shape, failUnless(target)), cell: undefined };
}
