import { notAValue, temporalMisuse, unrelatedShapes } from '../diagnostics/catalog.ts';
import type { Span } from '../diagnostics/span.ts';
import type { Expression, Formula, Statement } from '../ir/index.ts';
import { equalValues } from '../ir/value.ts';
import { joinDomains } from '../ir/join.ts';
import { resolve } from './aliasing.ts';
import * as build from './build.ts';
import { describe } from './describe.ts';
import { areAlike, eitherPlace } from './element-place.ts';
import { effectOf } from './purity.ts';
import { asRecords } from './fixed.ts';
import type { Term } from './term.ts';
import {
  asPartOfCondition,
  callPath,
  declareLocal,
  emit,
  freeze,
  nested,
  referenceTo,
  report,
  type Unit,
} from './unit.ts';
import { sharesOf } from './shares.ts';
import { describeNamed, ERROR, NOTHING, refuse, valueOf, valueTerm } from './value.ts';

/**
 * What an expression or function with two ways yields: a conditional where both ways only compute, else an `if` whose
 * branches assign the result.
 */
export function mergeArms(
  unit: Unit,
  condition: Expression,
  whenTrue: () => Term,
  whenFalse: () => Term,
  span: Span,
): Term {
  const yes = nested(unit, whenTrue);
  const no = nested(unit, whenFalse);
  if (build.isPoison(condition) || yes.result.kind === 'error' || no.result.kind === 'error') return ERROR;
  if (yes.result.kind === 'formula' || no.result.kind === 'formula') {
    return mergeFormulas(unit, condition, yes, no, span);
  }
  if (yes.result.kind === 'nothing' && no.result.kind === 'nothing') {
    // A condition of which nothing depends may fail all the same.
    if (yes.statements.length + no.statements.length > 0 || !build.isLeaf(condition)) {
      emit(unit, { kind: 'if', condition, whenTrue: yes.statements, whenFalse: no.statements, span });
    }
    return NOTHING;
  }
  if (sameFunction(yes.result, no.result) && yes.statements.length + no.statements.length === 0) {
    if (!build.isLeaf(condition)) emit(unit, { kind: 'if', condition, whenTrue: [], whenFalse: [], span });
    return yes.result;
  }
  const fixed = chosenArm(unit, condition, yes, no);
  if (fixed !== undefined) return fixed;
  if (isFunction(yes.result) || isFunction(no.result)) {
    const help = 'choose between what functions give: `on ? f() : undefined`';
    return refuse(unit, notAValue(span, 'a function that is chosen during a step', help));
  }

  const effects = effectOf(yes.statements) !== undefined || effectOf(no.statements) !== undefined;
  let which = condition;
  if (!effects && unit.purpose === 'step') {
    const [left, right] = [placeOf(unit, yes, span), placeOf(unit, no, span)];
    if (left !== undefined && right !== undefined && areAlike(left.reference, right.reference)) {
      which = build.isLeaf(condition) ? condition : freeze(unit, condition, 'which');
      const place = eitherPlace(unit, which, left, right, span);
      if (place !== undefined) return place;
    }
  }

  // Objects are read where their arm ends: what they share with the state is remembered.
  const values = [
    finish(unit, yes.result, yes.statements, span),
    finish(unit, no.result, no.statements, span),
  ] as const;
  const [left, right] = joinDomains(values[0].type, values[1].type) === undefined ? asRecords(unit, ...values) : values;
  const shares = [...sharesOf(yes.result), ...sharesOf(no.result)];
  if (joinDomains(left.type, right.type) === undefined) {
    return refuse(unit, unrelatedShapes(span, describeNamed(left), describeNamed(right)));
  }
  if (!effects) {
    const [first, second] = [
      build.evaluate(yes.statements, left, left.span),
      build.evaluate(no.statements, right, right.span),
    ];
    return valueTerm(build.conditional(which, first, second, span)!, shares);
  }
  const identity = `${callPath(unit)}/${span.file}:${span.start}-${span.end}:result`;
  const result = declareLocal(unit, 'result', (domain) => build.placeholder(domain, span), span, identity);
  for (const [arm, value] of [
    [yes, left],
    [no, right],
  ] as const) {
    const assigned = nested(unit, () => {
      result.markMutable();
      result.grow(value.type);
      const target = { span, root: { kind: 'local' as const, name: result.name }, path: [], domain: result.domain };
      emit(unit, { kind: 'assign', target, value: build.adapt(value, result.domain), span });
    });
    arm.statements.push(...assigned.statements);
  }
  const either = { kind: 'if', condition: which, whenTrue: yes.statements, whenFalse: no.statements, span } as const;
  // What answers with a boolean is a condition: an answer with which no step is completed is no missing branch.
  emit(unit, result.domain.kind === 'boolean' ? asPartOfCondition(either) : either);
  return valueTerm(build.read(referenceTo(result, span)), shares);
}

/** The place that an arm yields, when it yields one. */
function placeOf(unit: Unit, { statements, result }: Arm, span: Span) {
  if (result.kind !== 'reference') return undefined;
  return { statements, reference: result.alias === undefined ? result.reference : resolve(unit, result.alias, span) };
}

interface Arm {
  readonly statements: Statement[];
  readonly result: Term;
}

/** The value of an arm; what reading it reports and writes belongs to the arm. */
function finish(unit: Unit, result: Term, statements: Statement[], span: Span): Expression {
  const read = nested(unit, () => valueOf(unit, result, spanOfTerm(result) ?? span));
  statements.push(...read.statements);
  return read.result;
}

function spanOfTerm(term: Term): Span | undefined {
  return term.kind === 'value' ? term.expression.span : undefined;
}

function isFunction({ kind }: Term): boolean {
  return kind === 'closure' || kind === 'word';
}

function sameFunction(left: Term, right: Term): boolean {
  if (left.kind === 'closure' && right.kind === 'closure')
    return left.node === right.node && left.scope === right.scope;
  if (left.kind === 'word' && right.kind === 'word') return left.name === right.name;
  return left.kind === 'host' && right.kind === 'host' && left.value === right.value;
}

/**
 * Functions cannot be chosen while a step runs, and an object of the state that one of several names is no longer has a
 * place that can be assigned; but a parameter can choose between them.
 */
function chosenArm(unit: Unit, condition: Expression, yes: Arm, no: Arm): Term | undefined {
  const kinds = [yes.result.kind, no.result.kind];
  const special = [yes, no].some(({ result }) => isFunction(result));
  const places = kinds.every((kind) => kind === 'reference');
  const known = special || places ? parameterCondition(condition) : undefined;
  if (known === undefined) return undefined;
  const arm = known ? yes : no;
  if (0 < arm.statements.length) return undefined;
  unit.decided += 1;
  return arm.result;
}

/** The value of a condition made of constants and parameters; undefined when it depends on anything else. */
export function parameterCondition(condition: Expression): boolean | undefined {
  const constant = build.constantOf(condition);
  if (constant !== undefined) return constant.value === true;
  switch (condition.kind) {
    case 'not': {
      const operand = parameterCondition(condition.operand);
      return operand === undefined ? undefined : !operand;
    }
    case 'and':
    case 'or': {
      const [left, right] = [parameterCondition(condition.left), parameterCondition(condition.right)];
      if (left === undefined || right === undefined) return undefined;
      return condition.kind === 'and' ? left && right : left || right;
    }
    case 'operation': {
      const values = condition.operands.map(build.constantOf);
      if (!values.every((value) => value !== undefined)) return undefined;
      const [left, right] = values.map((one) => one.value) as [never, never];
      switch (condition.operator) {
        case 'equal':
          return equalValues(left, right);
        case 'notEqual':
          return !equalValues(left, right);
        case 'less':
          return left < right;
        case 'lessOrEqual':
          return left <= right;
        case 'greater':
          return left > right;
        case 'greaterOrEqual':
          return left >= right;
        default:
          return undefined;
      }
    }
    default:
      return undefined;
  }
}

function mergeFormulas(unit: Unit, condition: Expression, yes: Arm, no: Arm, span: Span): Term {
  if (effectOf(yes.statements) !== undefined || effectOf(no.statements) !== undefined) {
    const help = 'a property only describes; it changes nothing';
    return refuse(unit, temporalMisuse(span, 'a temporal formula is chosen between effects', help));
  }
  const now = (predicate: Expression): Formula => ({ kind: 'now', predicate, span });
  const left = formulaOf(unit, yes.result, yes.statements, span);
  const right = formulaOf(unit, no.result, no.statements, span);
  return {
    kind: 'formula',
    formula: {
      kind: 'and',
      span,
      left: { kind: 'implies', left: now(condition), right: left, span },
      right: { kind: 'implies', left: now(build.not(condition, span)), right, span },
    },
  };
}

/** A term as a temporal formula: a boolean speaks of the present state. */
export function formulaOf(unit: Unit, term: Term, statements: readonly Statement[], span: Span): Formula {
  if (term.kind === 'formula') return term.formula;
  const value = valueOf(unit, term, span);
  if (value.type.kind !== 'boolean' && !build.isPoison(value)) {
    report(
      unit,
      temporalMisuse(
        value.span,
        `a formula is made of booleans, and this is ${describe(value.type)}`,
        'compare it with something',
      ),
    );
  }
  return { kind: 'now', predicate: build.evaluate(statements, value, value.span), span: value.span };
}
