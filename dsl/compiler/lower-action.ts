import type { Span } from '../diagnostics/span.ts';
import type { Action, Argument, Statement } from '../ir/index.ts';
import { partsOf, type Node } from '../ir/fold.ts';
import * as build from './build.ts';
import type { Body } from './declaration.ts';
import { fixedTerm } from './fixed.ts';
import { callClosure } from './inline.ts';
import { lowerStart, type Starting } from './start-value.ts';
import type { Closure, Term } from './term.ts';
import { lowerUnit, type ModelContext, type Unit } from './unit.ts';
import { valueTerm } from './value.ts';

/** The body of an action as statements. */
export function lowerAction(
  model: ModelContext,
  named: Pick<Action, 'name' | 'doc' | 'span'>,
  given: readonly Argument[],
  bodyOf: (unit: Unit) => Body | undefined,
): Action {
  const body = lowerUnit(model, 'step', (unit) => {
    const argumentsTerm = bindArguments(unit, given, named.span);
    const found = bodyOf(unit);
    if (found !== undefined) {
      const parameters = parametersTerm(model, named.span);
      const terms = found.takesArguments ? [argumentsTerm, parameters] : [parameters];
      callClosure(unit, found.closure, [STATE, ...terms], named.span);
    }
    return unit.statements;
  });
  return { ...named, arguments: given, body };
}

/** What makes the initial states: a step from the state of all defaults. */
export function lowerInit(
  model: ModelContext,
  span: Span,
  starting: readonly Starting[],
  closureOf: (unit: Unit) => Closure | undefined,
): { readonly statements: readonly Statement[]; readonly names: Set<string> } {
  return lowerUnit(model, 'step', (unit) => {
    unit.initial = true;
    for (const one of starting) lowerStart(unit, one);
    const starts = unit.statements.length;
    const closure = closureOf(unit);
    if (closure !== undefined) callClosure(unit, closure, [STATE, parametersTerm(model, span)], span);
    return { statements: withoutOverwritten(unit.statements, starts), names: unit.names };
  });
}

/** Without the start values, of the first statements, of what `init` begins by assigning as a whole. */
function withoutOverwritten(statements: readonly Statement[], starts: number): readonly Statement[] {
  const own = statements.slice(starts);
  const isOverwritten = (start: Statement): boolean => {
    if (start.kind !== 'assign' || start.target.path.length > 0 || start.value.kind !== 'literal') return false;
    const { name } = start.target.root;
    const first = own.find((statement) => mentions(statement, name));
    return first?.kind === 'assign' && first.target.path.length === 0 && !mentions(first.value, name);
  };
  return statements.filter((statement, at) => starts <= at || !isOverwritten(statement));
}

function mentions(node: Node, variable: string): boolean {
  if (node.kind === 'variable' && node.name === variable) return true;
  if (node.kind === 'assign' && node.target.root.kind === 'variable' && node.target.root.name === variable) return true;
  return partsOf(node).some((part) => mentions(part, variable));
}

export const STATE: Term = { kind: 'state', next: false };
export const NEXT_STATE: Term = { kind: 'state', next: true };

/** The second argument of a body: an object with the values of the action's arguments, which are locals of their names. */
export function bindArguments(unit: Unit, given: readonly Argument[], span: Span): Term {
  const fields = given.map(({ name, domain }): [string, Term] => {
    unit.names.add(name);
    unit.stable.add(name);
    return [name, valueTerm(build.local(name, domain, span))];
  });
  return { kind: 'object', fixed: true, fields: new Map(fields) };
}

/** The last argument of every body: an object with the values of the spec's parameters and constants. */
export function parametersTerm(model: ModelContext, span: Span): Term {
  const fields = [...model.fixed].map(([name, fixed]): [string, Term] => [
    name,
    fixedTerm(name, fixed, model.given[name], span),
  ]);
  return { kind: 'object', fixed: true, fields: new Map(fields) };
}
