import type { Layout, LeafField } from '../../plan/layout.ts';
import type { Cell, Flat } from '../flat.ts';
import type { Access } from './access.ts';
import { cellName } from './access.ts';
import { condition } from './condition.ts';

/** The source of an int32. */
export function value(flat: Flat, access: Access, layout: Layout): string {
  switch (flat.op) {
    case 'const':
      return flat.value < 0 ? `(${flat.value})` : String(flat.value);
    case 'temp':
      return `t${flat.temp}`;
    case 'load':
      return emitLoad(flat.cell, access, layout);
    case 'select':
      return `(${condition(flat.condition, access, layout)} ? ${value(flat.whenTrue, access, layout)} : ${value(flat.whenFalse, access, layout)})`;
    case 'popcount':
    case 'trailingZeros':
      return `${flat.op}(${value(flat.operand, access, layout)})`;
    case 'not':
    case 'and':
    case 'or':
    case 'equal':
    case 'notEqual':
    case 'less':
    case 'lessOrEqual':
    case 'addOverflows':
    case 'subtractOverflows':
    case 'multiplyOverflows':
      return `(${condition(flat, access, layout)} ? 1 : 0)`;
    default: {
      const left = value(flat.left, access, layout);
      const right = value(flat.right, access, layout);
      switch (flat.op) {
        case 'add':
          return `((${left} + ${right}) | 0)`;
        case 'subtract':
          return `((${left} - ${right}) | 0)`;
        case 'multiply':
          return `Math.imul(${left}, ${right})`;
        case 'floorDivide':
          return `(Math.floor(${left} / ${right}) | 0)`;
        case 'truncateDivide':
          return `((${left} / ${right}) | 0)`;
        case 'remainder':
          return `((${left} % ${right}) | 0)`;
        case 'minimum':
          return `Math.min(${left}, ${right})`;
        case 'maximum':
          return `Math.max(${left}, ${right})`;
        case 'bitAnd':
          return `(${left} & ${right})`;
        case 'bitOr':
          return `(${left} | ${right})`;
        case 'bitXor':
          return `(${left} ^ ${right})`;
        case 'shiftLeft':
          return `(${left} << ${right})`;
        case 'shiftRight':
          return `((${left} >>> ${right}) | 0)`;
      }
    }
  }
}

function emitLoad({ space, at, index }: Cell, access: Access, layout: Layout): string {
  switch (space.kind) {
    case 'constant':
      return `K[${address(at, index, access, layout)}]`;
    case 'scratch': {
      const region = access.regionAt(space.region);
      if (region === undefined) return cellName(space.region, at);
      return `${access.memory}[${address(region + at, index, access, layout)}]`;
    }
    case 'state':
    case 'next': {
      const isNext = space.kind === 'next';
      if (index !== undefined) {
        const where = address(at, index, access, layout);
        return isNext ? access.nextLeafAt(where) : access.leafAt(where);
      }
      return field(layout.leaves[at]!, isNext ? access.nextWord : access.word);
    }
  }
}

/** Addresses are added up modulo 2^32, like all else. */
export function address(at: number, index: Flat | undefined, access: Access, layout: Layout): string {
  if (index === undefined) return String(at);
  if (index.op === 'add' && index.right.op === 'const')
    return address(at + index.right.value, index.left, access, layout);
  const dynamic = value(index, access, layout);
  return at === 0 ? dynamic : `((${dynamic} + ${at}) | 0)`;
}

function field({ word, shift, width, mask }: LeafField, source: (word: number) => string): string {
  if (width === 0) return '0';
  if (width === 32) return source(word);
  if (shift === 0) return `(${source(word)} & ${mask})`;
  return shift + width === 32 ? `(${source(word)} >>> ${shift})` : `((${source(word)} >>> ${shift}) & ${mask})`;
}
