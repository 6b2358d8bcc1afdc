import type { Domain } from '../../../dsl/ir/index.ts';
import { contains } from '../../../dsl/ir/index.ts';
import type { Shape } from '../../plan/shape.ts';
import { isScalar, shapeOf, writeLeaves } from '../../plan/shape.ts';
import type { Cell } from '../flat.ts';
import { ZERO } from '../flat.ts';
import { sameDomain } from '../same-domain.ts';
import { copyCells, newRegion, read } from './cell.ts';
import { convertScalar } from './scalar.ts';
import { store } from './store.ts';
import type { Require, Target } from './target.ts';
import { failUnless } from './target.ts';
import type { Term } from './term.ts';

/** A place of its own for a value: a temp for a scalar, a region for anything else. */
export interface Variable {
  readonly shape: Shape;
  readonly temp: number | undefined;
  readonly cell: Cell | undefined;
}

export function newVariable(target: Target, domain: Domain): Variable {
  const shape = shapeOf(domain);
  if (shape.kind === 'scalar') return { shape, temp: target.builder.newTemp(true), cell: undefined };
  return { shape, temp: undefined, cell: newRegion(target, shape.leaves) };
}

export function readVariable(variable: Variable): Term {
  if (variable.cell !== undefined) return read(variable.shape, variable.cell);
  return { kind: 'scalar', domain: variable.shape.domain, code: { op: 'temp', temp: variable.temp! } };
}

export function writeVariable(target: Target, variable: Variable, term: Term, require: Require): void {
  if (variable.cell !== undefined) return store(target, variable.shape, variable.cell, term, require);
  const { code, valid } = convertScalar(target, term, variable.shape.domain);
  require(valid);
  target.builder.set(variable.temp!, code);
}

/** The term in the representation of a domain; `require` rejects what is not in it. */
export function convert(target: Target, term: Term, domain: Domain, require: Require): Term {
  if (term.kind === 'constant') {
    const inside = contains(domain, term.value);
    if (!inside) require(ZERO);
    // A constant object may lack optional fields, which reading its cells supplies.
    return inside && !isScalar(domain) ? materialized(target, term, domain) : term;
  }
  if (term.kind === 'scalar' && isScalar(domain)) {
    const { code, valid } = convertScalar(target, term, domain);
    require(valid);
    return { kind: 'scalar', domain, code };
  }
  if (term.kind === 'view' && sameDomain(term.shape.domain, domain)) return term;
  if (term.kind === 'set' && sameDomain(term.shape.domain, domain)) return term;
  return materialized(target, term, domain, require);
}

/** The term in cells of its own (constants: among the constants). */
export function materialized(target: Target, term: Term, domain: Domain, require = failUnless(target)): Term {
  const shape = shapeOf(domain);
  if (term.kind === 'constant' && shape.kind !== 'scalar' && contains(domain, term.value)) {
    const leaves = new Int32Array(shape.leaves);
    writeLeaves(shape, term.value, leaves, 0);
    return read(shape, { space: { kind: 'constant' }, at: target.constants.add(leaves), index: undefined });
  }
  const variable = newVariable(target, domain);
  writeVariable(target, variable, term, require);
  return readVariable(variable);
}

/** The value as it is now: later stores do not change it. `stable` says which cells are never stored to. */
export function snapshot(target: Target, term: Term, stable: (cell: Cell) => boolean): Term {
  const { builder } = target;
  switch (term.kind) {
    case 'constant':
    case 'values':
      return term;
    case 'scalar':
      return { ...term, code: builder.fix(term.code) };
    case 'set': {
      const cell = term.cell !== undefined && stable(term.cell) ? term.cell : undefined;
      return { ...term, words: term.words.map((word) => builder.fix(word)), cell };
    }
    case 'view': {
      const { cell, shape } = term;
      if (stable(cell)) {
        return { ...term, cell: { ...cell, index: cell.index === undefined ? undefined : builder.fix(cell.index) } };
      }
      const copy = newRegion(target, shape.leaves);
      copyCells(target, cell, copy, shape.leaves);
      return { ...term, cell: copy };
    }
    case 'fields':
      return {
        kind: 'fields',
        fields: new Map([...term.fields].map(([name, field]) => [name, snapshot(target, field, stable)])),
      };
    case 'items':
      return { kind: 'items', items: term.items.map((item) => snapshot(target, item, stable)) };
  }
}
