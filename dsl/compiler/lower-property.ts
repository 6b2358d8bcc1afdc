import { effectInPredicate, temporalMisuse } from '../diagnostics/catalog.ts';
import type { Span } from '../diagnostics/span.ts';
import type { Argument, Expression, Formula, Named } from '../ir/index.ts';
import * as build from './build.ts';
import type { Body } from './declaration.ts';
import { freeLocals } from './free-local.ts';
import { callClosure } from './inline.ts';
import { bindArguments, NEXT_STATE, parametersTerm, STATE } from './lower-action.ts';
import { formulaOf } from './merge.ts';
import { effectOf } from './purity.ts';
import type { Closure, Term } from './term.ts';
import { lowerUnit, report, type ModelContext, type Unit } from './unit.ts';
import { asCondition, valueOf } from './value.ts';

/** The body of an invariant or the like as one expression; of a step property with `next`. */
export function lowerPredicate(
  model: ModelContext,
  named: Named,
  ofStep: boolean,
  bodyOf: (unit: Unit) => Body | undefined,
): Expression {
  return lowerUnit(model, 'predicate', (unit) => {
    if (ofStep) unit.seesNext = true;
    const body = bodyOf(unit);
    const parameters = parametersTerm(model, named.span);
    const given = ofStep ? [STATE, NEXT_STATE, parameters] : [STATE, parameters];
    return body === undefined ? build.poison(named.span) : predicate(unit, body.closure, given, named.span);
  });
}

/** The guard of a fairness assumption, over the state and the arguments of the action. */
export function lowerFairnessGuard(
  model: ModelContext,
  span: Span,
  given: readonly Argument[],
  closureOf: (unit: Unit) => Closure | undefined,
): Expression {
  return lowerUnit(model, 'predicate', (unit) => {
    const argumentsTerm = bindArguments(unit, given, span);
    const closure = closureOf(unit);
    if (closure === undefined) return build.poison(span);
    return predicate(unit, closure, [STATE, argumentsTerm, parametersTerm(model, span)], span);
  });
}

function predicate(unit: Unit, closure: Closure, given: readonly Term[], span: Span): Expression {
  const term = callClosure(unit, closure, given, span);
  const value = asCondition(unit, valueOf(unit, term, span));
  return closed(unit, value);
}

/** The body of a property as a formula; a plain boolean speaks of the initial states. */
export function lowerProperty(model: ModelContext, named: Named, bodyOf: (unit: Unit) => Body | undefined): Formula {
  return lowerUnit(model, 'property', (unit) => {
    const body = bodyOf(unit);
    if (body === undefined) return { kind: 'now', predicate: build.poison(named.span), span: named.span };
    const term = callClosure(unit, body.closure, [STATE, parametersTerm(model, named.span)], named.span);
    const formula = formulaOf(unit, term, [], named.span);
    if (formula.kind === 'now') return { ...formula, predicate: closed(unit, formula.predicate) };
    reportEffect(unit);
    reportUnbound(unit, formula);
    return formula;
  });
}

/** A value that was worked out once, outside of the predicates, is not there when the formula asks about later states. */
function reportUnbound(unit: Unit, formula: Formula): void {
  for (const { name, span } of freeLocals(formula).values()) {
    const help = 'name predicates with `const`, and give them to functions: they are asked anew in every state';
    report(unit, temporalMisuse(span, `\`${name}\` has its value from before the formula`, help));
  }
}

function closed(unit: Unit, value: Expression): Expression {
  reportEffect(unit);
  return build.evaluate(unit.statements, value, value.span);
}

function reportEffect(unit: Unit): void {
  const effect = effectOf(unit.statements);
  if (effect !== undefined) report(unit, effectInPredicate(effect.span, effect.what), effect.statement);
}
