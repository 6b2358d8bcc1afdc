import type { Layout } from '../../plan/layout.ts';
import type { Cell, Flat, FlatStatement } from '../flat.ts';
import type { Access } from './access.ts';
import { cellName } from './access.ts';
import { condition, negated } from './condition.ts';
import { address, value } from './value.ts';

export interface Ends {
  /** What says whether an instance is enabled. */
  readonly enabled: (instance: number) => string;
  readonly impossible: string;
  readonly fail: string;
}

export function emitBody(
  body: readonly FlatStatement[],
  access: Access,
  layout: Layout,
  ends: Ends,
  indent: string,
): string[] {
  const lines: string[] = [];
  const inner = (list: readonly FlatStatement[]): string[] => emitBody(list, access, layout, ends, `${indent}  `);
  for (const statement of body) {
    switch (statement.op) {
      case 'set':
        lines.push(`${indent}t${statement.temp} = ${value(statement.value, access, layout)};`);
        break;
      case 'store':
        lines.push(
          `${indent}${emitStore(statement.cell, value(statement.value, access, layout), statement.value, access, layout)}`,
        );
        break;
      case 'if':
        lines.push(`${indent}if (${condition(statement.condition, access, layout)}) {`, ...inner(statement.whenTrue));
        if (0 < statement.whenFalse.length) lines.push(`${indent}} else {`, ...inner(statement.whenFalse));
        lines.push(`${indent}}`);
        break;
      case 'loop':
        lines.push(`${indent}for (;;) {`, ...inner(statement.body), `${indent}}`);
        break;
      case 'block':
        lines.push(`${indent}b${statement.label}: {`, ...inner(statement.body), `${indent}}`);
        break;
      case 'leave':
        lines.push(`${indent}break b${statement.label};`);
        break;
      case 'choose':
        lines.push(
          `${indent}if (position === used) { C[position] = 0; used++; }`,
          `${indent}R[position] = ${value(statement.count, access, layout)};`,
          `${indent}t${statement.temp} = C[position++];`,
        );
        break;
      case 'when':
        lines.push(`${indent}if (${negated(statement.condition, access, layout)}) ${ends.impossible}`);
        break;
      case 'check':
        lines.push(`${indent}if (${negated(statement.condition, access, layout)}) ${ends.fail}`);
        break;
      case 'enabled':
        lines.push(`${indent}t${statement.temp} = ${ends.enabled(statement.instance)};`);
        break;
      case 'mark':
        lines.push(`${indent}m${statement.branch} = 1;`);
        break;
      case 'answer':
        lines.push(`${indent}return ${value(statement.value, access, layout)};`);
        break;
    }
  }
  return lines;
}

function emitStore(cell: Cell, source: string, flat: Flat, access: Access, layout: Layout): string {
  const { space, at, index } = cell;
  if (space.kind === 'scratch') {
    const region = access.regionAt(space.region);
    if (region === undefined) return `${cellName(space.region, at)} = ${source};`;
    return `${access.memory}[${address(region + at, index, access, layout)}] = ${source};`;
  }
  if (space.kind !== 'state') throw new Error(`a store into ${space.kind} cells`);
  if (index !== undefined) return `putLeaf(${address(at, index, access, layout)}, ${source});`;
  const field = layout.leaves[at]!;
  if (field.width === 0) return ';';
  const word = access.word(field.word);
  if (field.width === 32) return `${word} = ${source};`;
  const keep = ~(field.mask << field.shift);
  if (flat.op === 'const') {
    const bits = flat.value << field.shift;
    const isFull = (flat.value & field.mask) === field.mask;
    return isFull
      ? `${word} |= ${bits};`
      : bits === 0
        ? `${word} &= ${keep};`
        : `${word} = (${word} & ${keep}) | ${bits};`;
  }
  const shifted = field.shift === 0 ? source : `(${source} << ${field.shift})`;
  return `${word} = (${word} & ${keep}) | ${shifted};`;
}
