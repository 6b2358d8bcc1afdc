import type { ts as TS } from 'ts-morph';
import { isScalar } from '../ir/part.ts';
import { domainAt, watch } from './aliasing.ts';
import { attempt } from './attempt.ts';
import { areAlike } from './element-place.ts';
import { lowerCondition, lowerPath } from './lower-expression.ts';
import { parameterCondition } from './merge.ts';
import { lookUp, scopeIn, type Binding, type ChoiceTerm, type Scope, type Term } from './term.ts';
import { ts } from './typescript.ts';
import { freeze, isStable, nested, type Unit } from './unit.ts';
import { keepIndices } from './value.ts';

/*
 * A name for one of two objects of the state, as in `const first = t === "up" ? s.a : s.b`, has no place of its own. What
 * is written of it is lowered twice, once for each place, under the condition that chose between them.
 */

/** What a name stands for that is given one of two places; undefined when that is something else. */
export function choiceOf(unit: Unit, name: string, initializer: TS.Expression, scope: Scope): ChoiceTerm | undefined {
  const node = skipParentheses(initializer);
  if (!ts.isConditionalExpression(node) || unit.purpose !== 'step') return undefined;
  const known = unit.diagnostics.length;
  const forget = attempt(unit);
  const { statements, result } = nested(unit, () => {
    const condition = lowerCondition(unit, node.condition, scope);
    const arms = [node.whenTrue, node.whenFalse].map((arm) => armOf(unit, name, arm, scope));
    return { condition, arms };
  });
  const { condition } = result;
  const [yes, no] = result.arms;
  const isChoice =
    yes !== undefined && no !== undefined && statements.length === 0 && unit.diagnostics.length === known;
  // What parameters decide is no choice; in what they choose there may be one.
  const decided = parameterCondition(condition);
  const areTwo =
    isChoice && !(yes.kind === 'reference' && no.kind === 'reference' && areAlike(yes.reference, no.reference));
  if (decided !== undefined || !areTwo) forget(); // all is lowered again
  if (decided !== undefined) return choiceOf(unit, name, decided ? node.whenTrue : node.whenFalse, scope);
  if (!areTwo) return undefined;
  unit.hasChoices = true;
  const chosen = isStable(unit, condition) ? condition : freeze(unit, condition, `${name}_which`);
  return { kind: 'choice', condition: chosen, yes: watched(unit, name, yes), no: watched(unit, name, no) };
}

/** A place, or a choice again; undefined for anything else. */
function armOf(unit: Unit, name: string, node: TS.Expression, scope: Scope): Term | undefined {
  const inner = choiceOf(unit, name, node, scope);
  if (inner !== undefined) return inner;
  const term = lowerPath(unit, node, scope);
  return term.kind === 'reference' && !isScalar(domainAt(term.reference)) ? term : undefined;
}

function watched(unit: Unit, name: string, term: Term): Term {
  if (term.kind !== 'reference') return term;
  const reference = keepIndices(unit, term.reference);
  return { kind: 'reference', reference, alias: watch(unit, name, reference) };
}

/** The two scopes in which an expression is lowered that has a name in it for one of two places, and what chooses. */
export function splitBy(
  unit: Unit,
  node: TS.Expression,
  scope: Scope,
): { readonly condition: ChoiceTerm['condition']; readonly yes: Scope; readonly no: Scope } | undefined {
  if (!unit.hasChoices || ts.isIdentifier(node)) return undefined;
  const name = choiceIn(node, scope);
  const binding = name === undefined ? undefined : lookUp(scope, name);
  if (name === undefined || binding?.kind !== 'term' || binding.term.kind !== 'choice') return undefined;
  const { condition, yes, no } = binding.term;
  const scopeWith = (term: Term): Scope => {
    const inner = scopeIn(scope);
    inner.names.set(name, armBinding(term));
    return inner;
  };
  return { condition, yes: scopeWith(yes), no: scopeWith(no) };
}

function armBinding(term: Term): Binding {
  return term.kind === 'reference' && term.alias !== undefined
    ? { kind: 'alias', alias: term.alias }
    : { kind: 'term', term };
}

function choiceIn(node: TS.Node, scope: Scope): string | undefined {
  if (ts.isIdentifier(node)) {
    const binding = isName(node) ? lookUp(scope, node.text) : undefined;
    return binding?.kind === 'term' && binding.term.kind === 'choice' ? node.text : undefined;
  }
  return ts.forEachChild(node, (child) => choiceIn(child, scope));
}

/** Whether an identifier is a use of a name, and not that of a property. */
function isName(node: TS.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name !== node;
  return !ts.isPropertyAssignment(parent) || parent.name !== node;
}

function skipParentheses(node: TS.Expression): TS.Expression {
  return ts.isParenthesizedExpression(node) ? skipParentheses(node.expression) : node;
}
