import type { Layout } from '../../plan/layout.ts';
import type { Flat } from '../flat.ts';
import type { Access } from './access.ts';
import { value } from './value.ts';

/** The source of a JavaScript boolean. */
export function condition(flat: Flat, access: Access, layout: Layout): string {
  switch (flat.op) {
    case 'const':
      return flat.value === 0 ? 'false' : 'true';
    case 'not':
      return negated(flat.operand, access, layout);
    case 'and':
      return `(${conjunction(conjuncts(flat), access, layout)})`;
    case 'or':
      return `(${condition(flat.left, access, layout)} || ${condition(flat.right, access, layout)})`;
    case 'equal':
    case 'notEqual': {
      const sign = flat.op === 'equal' ? '===' : '!==';
      const test = fieldTest(flat, layout);
      if (test !== undefined && test.bits !== undefined) {
        return `(${access.word(test.word)} & ${test.mask}) ${sign} ${test.bits}`;
      }
      return `${value(flat.left, access, layout)} ${sign} ${value(flat.right, access, layout)}`;
    }
    case 'less':
      return `${value(flat.left, access, layout)} < ${value(flat.right, access, layout)}`;
    case 'lessOrEqual':
      return `${value(flat.left, access, layout)} <= ${value(flat.right, access, layout)}`;
    case 'addOverflows':
    case 'subtractOverflows':
    case 'multiplyOverflows': {
      const left = value(flat.left, access, layout);
      const right = value(flat.right, access, layout);
      const sign = flat.op === 'addOverflows' ? '+' : flat.op === 'subtractOverflows' ? '-' : '*';
      // The product of int32s is rounded as a double, but not across the bounds.
      return `(${left} ${sign} ${right} > 2147483647 || ${left} ${sign} ${right} < -2147483648)`;
    }
    default:
      return `${value(flat, access, layout)} !== 0`;
  }
}

export function negated(flat: Flat, access: Access, layout: Layout): string {
  if (flat.op === 'const') return flat.value === 0 ? 'true' : 'false';
  if (flat.op === 'not') return condition(flat.operand, access, layout);
  return `!(${condition(flat, access, layout)})`;
}

/** A conjunction of pure conditions, in which tests of fields of one word for equality are done at once. */
export function conjunction(conditions: readonly Flat[], access: Access, layout: Layout): string {
  const flat = conditions.flatMap(conjuncts);
  const merged = new Map<number, { mask: number; bits: number }>();
  const others: Flat[] = [];
  for (const one of flat) {
    const test = one.op === 'notEqual' ? undefined : fieldTest(one, layout);
    if (test === undefined || test.bits === undefined) {
      others.push(one);
      continue;
    }
    const known = merged.get(test.word) ?? { mask: 0, bits: 0 };
    // Two different values asked of one field: never.
    if (((known.bits ^ test.bits) & known.mask & test.mask) !== 0) return 'false';
    merged.set(test.word, { mask: known.mask | test.mask, bits: known.bits | test.bits });
  }
  const tests = [...merged].map(([word, { mask, bits }]) => `(${access.word(word)} & ${mask}) === ${bits}`);
  return [...tests, ...others.map((one) => condition(one, access, layout))].join(' && ') || 'true';
}

function conjuncts(flat: Flat): readonly Flat[] {
  return flat.op === 'and' ? [...conjuncts(flat.left), ...conjuncts(flat.right)] : [flat];
}

/** A test of a state field against a constant. `bits` is undefined when the field cannot hold the constant. */
interface FieldTest {
  readonly word: number;
  readonly mask: number;
  readonly bits: number | undefined;
}

function fieldTest(flat: Flat, layout: Layout): FieldTest | undefined {
  if (flat.op === 'load') {
    const test = fieldTest({ op: 'equal', left: flat, right: { op: 'const', value: 1 } }, layout);
    const isBit =
      flat.cell.index === undefined && flat.cell.space.kind === 'state' && layout.leaves[flat.cell.at]!.width === 1;
    return isBit ? test : undefined;
  }
  if ((flat.op !== 'equal' && flat.op !== 'notEqual') || flat.left.op !== 'load' || flat.right.op !== 'const')
    return undefined;
  const { space, at, index } = flat.left.cell;
  if (space.kind !== 'state' || index !== undefined) return undefined;
  const { word, shift, width, mask } = layout.leaves[at]!;
  if (width === 0) return undefined;
  const fits = (flat.right.value & ~mask) === 0;
  return { word, mask: mask << shift, bits: fits ? flat.right.value << shift : undefined };
}
