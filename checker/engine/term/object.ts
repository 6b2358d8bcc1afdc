import { isObject } from '../../../dsl/ir/index.ts';
import type { Shape } from '../../plan/shape.ts';
import { binary, constant } from '../flat.ts';
import type { Case } from './alternative.ts';
import { cellAt, load, read } from './cell.ts';
import type { Target } from './target.ts';
import type { Term } from './term.ts';

/** The fields of an object that is no variant; undefined for what is no such object. */
export function fieldsOf(term: Term): ReadonlyMap<string, Term> | undefined {
  if (term.kind === 'fields') return term.fields;
  if (term.kind === 'constant' && isObject(term.value)) {
    return new Map(Object.entries(term.value).map(([name, value]) => [name, { kind: 'constant', value }]));
  }
  if (term.kind !== 'view' || term.shape.kind !== 'product' || term.shape.domain.kind === 'tuple') return undefined;
  const { cell } = term;
  return new Map(term.shape.parts.map((part) => [part.name, read(part.shape, cellAt(cell, part.offset))]));
}

/** A variant as one object for each of its cases. */
export function variantCases(target: Target, term: Term): readonly Case[] | undefined {
  if (term.kind !== 'view' || term.shape.kind !== 'variant') return undefined;
  const { cell, shape } = term;
  const discriminator = discriminatorOf(shape);
  const tag = target.builder.fix(load(cell));
  return shape.cases.map((one, index) => {
    const fields = new Map<string, Term>([[discriminator, { kind: 'constant', value: one.tag }]]);
    for (const part of one.parts) fields.set(part.name, read(part.shape, cellAt(cell, part.offset)));
    return { test: binary('equal', tag, constant(index)), term: { kind: 'fields', fields } };
  });
}

export function discriminatorOf(shape: Shape): string {
  return shape.domain.kind === 'variant' ? shape.domain.discriminator : '';
}
