import type { ts as TS } from 'ts-morph';
import { changesNothing, constantGuard, initialOnly, neverRead, neverUsed } from '../diagnostics/catalog.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { partsOf, type Node } from '../ir/fold.ts';
import type { Domain, Expression, Formula, Statement, System } from '../ir/index.ts';
import { integersOnly, intRuns } from '../ir/part.ts';
import { isPoison } from './build.ts';
import type { Sources } from './source.ts';
import { ts } from './typescript.ts';

/** What is true of a system that its author would want to know: it is lowered all the same. */
export function warningsOf(system: System, sources: Sources): Diagnostic[] {
  return [
    ...system.actions
      .filter((action) => action.process === undefined && isIdle(action.body))
      .map((action) => changesNothing(action.span, action.name)),
    ...system.actions.flatMap((action) =>
      guardsOf(action.body, system.parameters.length + system.constants.length > 0),
    ),
    ...system.properties.filter(({ formula }) => !isTemporal(formula)).map(({ name, span }) => initialOnly(span, name)),
    ...unreadVariables(system),
    ...system.parameters
      .filter(({ name }) => !isMentioned(name, sources))
      .map(({ name, span }) => neverUsed(span, 'parameter', name)),
    ...system.constants
      .filter(({ name }) => !isMentioned(name, sources))
      .map(({ name, span }) => neverUsed(span, 'constant', name)),
  ];
}

/** Whether a formula speaks of more than the state in which a behavior begins. */
function isTemporal(formula: Formula): boolean {
  switch (formula.kind) {
    case 'now':
      return false;
    case 'not':
      return isTemporal(formula.operand);
    case 'and':
    case 'or':
    case 'implies':
      return isTemporal(formula.left) || isTemporal(formula.right);
    case 'forAll':
    case 'exists':
      return isTemporal(formula.body);
    default:
      return true;
  }
}

/** Neither assigns to the state nor checks anything. */
function isIdle(body: readonly Statement[]): boolean {
  const acts = (node: Node): boolean =>
    (node.kind === 'assign' && node.target.root.kind === 'variable') ||
    node.kind === 'verify' ||
    partsOf(node).some(acts);
  return !body.some(acts);
}

/**
 * Guards whose value their types tell. Where there are parameters or constants, types depend on them, and a guard that is
 * constant in one model need not be in the next: then only plain constants count.
 */
function guardsOf(body: readonly Statement[], hasParameters: boolean): Diagnostic[] {
  const found: Diagnostic[] = [];
  const visit = (node: Node): void => {
    if (node.kind === 'when') {
      const isPlain = node.condition.kind === 'literal';
      const value = hasParameters && !isPlain ? undefined : truthOf(node.condition);
      // `when(false)` switches a step off, and is meant.
      if (value === true || (value === false && !isPlain)) found.push(constantGuard(node.condition.span, value));
    }
    partsOf(node).forEach(visit);
  };
  body.forEach(visit);
  return found;
}

/** What a condition is whatever the state, as far as intervals and signs tell. */
function truthOf(condition: Expression): boolean | undefined {
  switch (condition.kind) {
    case 'literal':
      return isPoison(condition) ? undefined : condition.value === true;
    case 'not': {
      const operand = truthOf(condition.operand);
      return operand === undefined ? undefined : !operand;
    }
    case 'and':
    case 'or': {
      const decisive = condition.kind === 'or';
      const sides = [truthOf(condition.left), truthOf(condition.right)];
      if (sides.includes(decisive)) return decisive;
      return sides.includes(undefined) ? undefined : !decisive;
    }
    case 'operation':
      return comparison(condition);
    default:
      return undefined;
  }
}

function comparison({ operator, operands }: Extract<Expression, { kind: 'operation' }>): boolean | undefined {
  const [one, other] = operands.map((operand) => operand.type);
  const [left, right] = [one && integersOnly(one), other && integersOnly(other)];
  if (left === undefined || right === undefined) return undefined;
  const below = left.max < right.min;
  const above = left.min > right.max;
  switch (operator) {
    case 'less':
      return below ? true : left.min >= right.max ? false : undefined;
    case 'lessOrEqual':
      return left.max <= right.min ? true : above ? false : undefined;
    case 'greater':
      return above ? true : left.max <= right.min ? false : undefined;
    case 'greaterOrEqual':
      return left.min >= right.max ? true : below ? false : undefined;
    case 'equal':
      return share(one!, other!) ? undefined : false;
    case 'notEqual':
      return share(one!, other!) ? undefined : true;
    default:
      return undefined;
  }
}

/** Whether some integer is among those of both types. */
function share(left: Domain, right: Domain): boolean {
  return intRuns(left).some((one) => intRuns(right).some((other) => one.min <= other.max && other.min <= one.max));
}

function unreadVariables(system: System): Diagnostic[] {
  const read = new Set<string>();
  const visit = (node: Node): void => {
    if (node.kind === 'variable') read.add(node.name);
    partsOf(node).forEach(visit);
  };
  const predicates = [system.invariants, system.steps, system.sometimes, system.terminal, system.within].flat();
  const guards = system.fairness.flatMap((set) =>
    set.assumptions.flatMap((one) => one.groups.flatMap((group) => group.when ?? [])),
  );
  [...system.init, ...system.actions.flatMap((action) => action.body)].forEach(visit);
  [...predicates.map((one) => one.predicate), ...guards].forEach(visit);
  system.properties.forEach((property) => visit(property.formula));
  // `enabled` reads what the action reads, which has been counted.
  return system.variables
    .filter((variable) => variable.process === undefined && !read.has(variable.name))
    .map((variable) => neverRead(variable.span, variable.name));
}

/** Whether anything in the sources looks like a use of a parameter: `p.rings`, or `{ rings }` of a pattern. */
function isMentioned(parameter: string, sources: Sources): boolean {
  const visit = (node: TS.Node): boolean => {
    if (ts.isPropertyAccessExpression(node) && node.name.text === parameter) return true;
    // By a name that is worked out, for all that is known.
    if (ts.isElementAccessExpression(node) && !ts.isLiteralExpression(node.argumentExpression)) {
      if (/^(p|params|parameters)$/.test(node.expression.getText())) return true;
    }
    if (ts.isBindingElement(node)) {
      const name = node.propertyName ?? node.name;
      if (ts.isIdentifier(name) && name.text === parameter) return true;
    }
    return ts.forEachChild(node, (child) => visit(child) || undefined) === true;
  };
  return sources.modules.some((module) => !module.own && visit(module.syntax));
}
