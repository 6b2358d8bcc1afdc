import type { Domain } from '../../../dsl/ir/index.ts';
import { isObject } from '../../../dsl/ir/index.ts';
import type { Shape } from '../../plan/shape.ts';
import type { Cell } from '../flat.ts';
import { binary, constant } from '../flat.ts';
import { sameDomain } from '../same-domain.ts';
import { cellAt, load, read } from '../term/cell.ts';
import { dispatch } from '../term/dispatch.ts';
import { discriminatorOf } from '../term/object.ts';
import { scalarTerm } from '../term/scalar.ts';
import { failUnless } from '../term/target.ts';
import type { Term } from '../term/term.ts';
import { NOTHING } from '../term/term.ts';
import { newVariable, readVariable, writeVariable } from '../term/variable.ts';
import type { Lowering } from './lowering.ts';

/** A field of an object or variant; fails where there is none. */
export function fieldTerm(lowering: Lowering, term: Term, name: string, type: Domain): Term {
  if (!lowering.builder.live) return NOTHING;
  const has = (one: Term): boolean => {
    if (one.kind === 'fields') return one.fields.has(name);
    if (one.kind === 'constant') return isObject(one.value) && Object.hasOwn(one.value, name);
    if (one.kind !== 'view') return false;
    if (one.shape.kind === 'product') {
      return one.shape.domain.kind !== 'tuple' && one.shape.parts.some((part) => part.name === name);
    }
    if (one.shape.kind !== 'variant') return false;
    return (
      name === discriminatorOf(one.shape) || one.shape.cases.some(({ parts }) => parts.some((p) => p.name === name))
    );
  };
  return dispatch(lowering, term, has, type, (one) => {
    if (one.kind === 'fields') return one.fields.get(name)!;
    if (one.kind === 'constant') return { kind: 'constant', value: (one.value as { [name: string]: never })[name] };
    const { shape, cell } = one as Term & { kind: 'view' };
    if (shape.kind === 'product') {
      const part = shape.parts.find((candidate) => candidate.name === name)!;
      return read(part.shape, cellAt(cell, part.offset));
    }
    return variantField(lowering, shape as Shape & { kind: 'variant' }, cell, name, type);
  });
}

function variantField(
  lowering: Lowering,
  shape: Shape & { kind: 'variant' },
  cell: Cell,
  name: string,
  type: Domain,
): Term {
  const { builder } = lowering;
  if (name === discriminatorOf(shape)) {
    const values = shape.cases.map((one) => one.tag);
    if (values.length === 1) return { kind: 'constant', value: values[0] };
    return scalarTerm({ kind: 'enum', values }, load(cell));
  }
  const holders = shape.cases.flatMap((one, tag) => {
    const part = one.parts.find((candidate) => candidate.name === name);
    return part === undefined ? [] : [{ part, test: binary('equal', load(cell), constant(tag)) }];
  });
  const everywhere = holders.length === shape.cases.length;
  if (!everywhere) builder.check(holders.map((one) => one.test).reduce((any, test) => binary('or', any, test)));
  const [first] = holders;
  const alike = holders.every(
    ({ part }) => part.offset === first!.part.offset && sameDomain(part.shape.domain, first!.part.shape.domain),
  );
  if (alike) return read(first!.part.shape, cellAt(cell, first!.part.offset));
  const result = newVariable(lowering, type);
  const chain = (index: number): void => {
    const { part, test } = holders[index]!;
    const copy = (): void =>
      writeVariable(lowering, result, read(part.shape, cellAt(cell, part.offset)), failUnless(lowering));
    if (index === holders.length - 1) copy();
    else builder.if(test, copy, () => chain(index + 1));
  };
  chain(0);
  return readVariable(result);
}
