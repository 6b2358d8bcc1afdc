import type { Domain } from '../../../dsl/ir/index.ts';
import { cardinality, codeOf, valueAt, valuesOf } from '../../../dsl/ir/index.ts';
import type { Shape } from '../../plan/shape.ts';
import { isScalar, lengthSize, minLengthOf, shapeOf, writeLeaves } from '../../plan/shape.ts';
import type { Cell, Flat } from '../flat.ts';
import { binary, constant, isConstant, ONE, select, ZERO } from '../flat.ts';
import { cellAt, fromLeaf, load, read, toLeaf } from './cell.ts';
import { convertScalar } from './scalar.ts';
import type { Target } from './target.ts';
import { attempt, TooLarge } from './target.ts';
import type { Term } from './term.ts';
import { newVariable, writeVariable } from './variable.ts';

/** The value of a domain with this code. */
export function decode(target: Target, domain: Domain, code: Flat): Term {
  if (isConstant(code)) return { kind: 'constant', value: valueAt(domain, code.value >>> 0) };
  if (isScalar(domain)) return { kind: 'scalar', domain, code: fromLeaf(domain, code) };
  const shape = shapeOf(domain);
  if (shape.kind === 'set' && shape.count < 32) return { kind: 'set', shape, words: [code], cell: undefined };
  const count = cardinality(domain);
  if (MAX_TABLE < count * shape.leaves) throw new TooLarge(`${count} values of a compound domain`);
  const leaves = new Int32Array(count * shape.leaves);
  let at = 0;
  for (const value of valuesOf(domain)) {
    writeLeaves(shape, value, leaves, at);
    at += shape.leaves;
  }
  const table = target.constants.add(leaves);
  return read(shape, {
    space: { kind: 'constant' },
    at: table,
    index: binary('multiply', code, constant(shape.leaves)),
  });
}

const MAX_TABLE = 1 << 22;

/** The code of a value in a domain, and whether it is in it at all (then only is `code` of any use). */
export function encode(target: Target, term: Term, domain: Domain): { code: Flat; valid: Flat } {
  const { builder } = target;
  if (term.kind === 'constant') {
    const code = codeOf(domain, term.value);
    return code < 0 ? { code: ZERO, valid: ZERO } : { code: constant(code), valid: ONE };
  }
  if (isScalar(domain)) {
    const { code, valid } = convertScalar(target, term, domain);
    return { code: toLeaf(domain, code), valid };
  }
  const variable = newVariable(target, domain);
  const valid = attempt(target, (require) => writeVariable(target, variable, term, require));
  return { code: builder.fix(codeOfCells(variable.shape, variable.cell!)), valid };
}

function codeOfCells(shape: Shape, cell: Cell): Flat {
  const mixed = (parts: readonly { shape: Shape; offset: number }[]): Flat =>
    parts.reduce<Flat>(
      (code, part) =>
        binary(
          'add',
          binary('multiply', code, constant(cardinality(part.shape.domain))),
          codeOfCells(part.shape, cellAt(cell, part.offset)),
        ),
      ZERO,
    );
  const alternatives = (tag: Flat, sizes: readonly number[], codes: readonly Flat[]): Flat => {
    let offset = 0;
    const starts = sizes.map((size) => (offset += size) - size);
    return codes.reduceRight<Flat>(
      (rest, code, index) =>
        select(binary('equal', tag, constant(index)), binary('add', code, constant(starts[index]!)), rest),
      ZERO,
    );
  };
  switch (shape.kind) {
    case 'scalar':
      return shape.size === 1 ? ZERO : load(cell);
    case 'set':
      return shape.leaves === 0 ? ZERO : load(cell);
    case 'product':
      return mixed(shape.parts);
    case 'variant':
      return alternatives(
        load(cell),
        shape.cases.map((one) => one.parts.reduce((size, part) => size * cardinality(part.shape.domain), 1)),
        shape.cases.map((one) => mixed(one.parts)),
      );
    case 'union':
      return alternatives(
        load(cell),
        shape.members.map((member) => cardinality(member.domain)),
        shape.members.map((member) => codeOfCells(member, cellAt(cell, 1))),
      );
    case 'array': {
      const parts = Array.from({ length: shape.capacity }, (_, index) => ({
        shape: shape.element,
        offset: shape.lengthLeaves + index * shape.element.leaves,
      }));
      if (shape.lengthLeaves === 0) return mixed(parts);
      const lengths = Array.from({ length: lengthSize(shape) }, (_, index) => index + minLengthOf(shape));
      return alternatives(
        load(cell),
        lengths.map((length) => cardinality(shape.element.domain) ** length),
        lengths.map((length) => mixed(parts.slice(0, length))),
      );
    }
  }
}
