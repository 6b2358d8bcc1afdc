import type { Span } from '../diagnostics/span.ts';
import { hasNode, type Node } from '../ir/fold.ts';
import type { Domain, Expression } from '../ir/index.ts';
import { INT_MAX, INT_MIN } from '../ir/index.ts';
import { arrayPart, integersOnly, membersOf } from '../ir/part.ts';
import * as build from './build.ts';
import type { Term } from './term.ts';
import { emit, freeze, nested, type Unit } from './unit.ts';

/**
 * Sees to it that what nobody asks for is worked out all the same where that may fail, as the second part of
 * `[s.a, s.list[9]][0]`. Objects that have a name were worked out when they got it.
 */
export function workOut(unit: Unit, term: Term, span: Span): void {
  if (unit.purpose === 'property') return; // a formula has no place for it
  switch (term.kind) {
    case 'value':
      if (!isSure(term.expression)) freeze(unit, term.expression, 'unused');
      return;
    case 'reference': {
      if (term.alias !== undefined) return;
      const value = build.read(term.reference);
      if (!isSure(value)) freeze(unit, value, 'unused');
      return;
    }
    case 'object':
      if (term.fixed !== true && term.named !== true) workOutAll(unit, term.fields.values(), span);
      return;
    case 'list':
      if (term.named !== true) workOutAll(unit, term.elements, span);
      return;
    case 'choice': {
      const whenTrue = nested(unit, () => workOut(unit, term.yes, span)).statements;
      const whenFalse = nested(unit, () => workOut(unit, term.no, span)).statements;
      if (0 < whenTrue.length + whenFalse.length)
        emit(unit, { kind: 'if', condition: term.condition, whenTrue, whenFalse, span });
      return;
    }
    default:
      return;
  }
}

function workOutAll(unit: Unit, terms: Iterable<Term>, span: Span): void {
  for (const term of terms) workOut(unit, term, span);
}

/** Works out the parts of a literal but for those that are asked for: positions, or names. */
export function workOutOthers(unit: Unit, whole: Term, taken: readonly (string | number)[], span: Span): void {
  if (whole.kind === 'list') {
    const elements = whole.elements.filter((_, at) => !taken.includes(at));
    workOut(unit, { ...whole, elements }, span);
  } else if (whole.kind === 'object') {
    const fields = new Map([...whole.fields].filter(([name]) => !taken.includes(name)));
    workOut(unit, { ...whole, fields }, span);
  }
}

/** Whether working an expression out surely gives a value; what is not known for sure is not. */
function isSure(expression: Expression): boolean {
  return !hasNode(expression, mayFail);
}

/** Whether a node may fail although its parts do not. */
function mayFail(node: Node): boolean {
  switch (node.kind) {
    case 'literal':
    case 'parameter':
    case 'variable':
    case 'local':
    case 'domain':
    case 'not':
    case 'and':
    case 'or':
    case 'implies':
    case 'conditional':
    case 'array':
    case 'set':
    case 'object':
      return false;
    case 'field':
      return !membersOf(node.object.type).every(
        (member) => member.kind === 'object' && member.fields.some(({ name }) => name === node.name),
      );
    case 'index': {
      const [list, at] = [arrayPart(node.object.type), integersOnly(node.index.type)];
      const isWithin = list !== undefined && at !== undefined && 0 <= at.min && at.max < list.minLength;
      return !isWithin || membersOf(node.object.type).length > 1;
    }
    case 'operation':
      return !SURE.has(node.operator) || !isInRange(node.type);
    default:
      return true;
  }
}

/** Operations that give a value wherever their operands do, as long as that is an integer that there is. */
const SURE: ReadonlySet<string> = new Set([
  ...['equal', 'notEqual', 'less', 'lessOrEqual', 'greater', 'greaterOrEqual', 'size', 'includes'],
  ...['add', 'subtract', 'multiply', 'negate', 'absolute'],
]);

function isInRange(type: Domain): boolean {
  return type.kind !== 'int' || (INT_MIN < type.min && type.max < INT_MAX);
}
