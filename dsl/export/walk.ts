import type { Node } from '../ir/fold.ts';
import { partsOf } from '../ir/fold.ts';
import type { Domain, Expression, Formula, Statement, System } from '../ir/index.ts';

/** Visits every expression and statement of a system, and the domains that formulas quantify over; wholes before parts. */
export function expressionsOf(
  system: System,
  onExpression: (expression: Expression) => void,
  onStatement: (statement: Statement) => void = () => {},
  onDomain: (domain: Domain) => void = () => {},
): void {
  const visit = (node: Node): void => {
    visitNode(node, onExpression, onStatement, onDomain);
  };
  system.init.forEach(visit);
  for (const action of system.actions) action.body.forEach(visit);
  for (const list of [system.invariants, system.steps, system.sometimes, system.terminal, system.within]) {
    for (const { predicate } of list) visit(predicate);
  }
  for (const { formula } of system.properties) visit(formula);
  for (const group of system.fairness.flatMap((set) => set.assumptions).flatMap(({ groups }) => groups)) {
    if (group.when !== undefined) visit(group.when);
  }
}

function visitNode(
  node: Node,
  onExpression: (expression: Expression) => void,
  onStatement: (statement: Statement) => void,
  onDomain: (domain: Domain) => void,
): void {
  if (isExpression(node)) onExpression(node);
  else if (isStatement(node)) onStatement(node);
  else if (node.kind === 'forAll' || node.kind === 'exists') onDomain(node.domain);
  for (const part of partsOf(node)) visitNode(part, onExpression, onStatement, onDomain);
}

/** Expressions are the nodes with a type. */
function isExpression(node: Node): node is Expression {
  return 'type' in node;
}

const FORMULAS: ReadonlySet<string> = new Set<Formula['kind']>([
  'now',
  'taken',
  'not',
  'always',
  'eventually',
  'and',
  'or',
  'implies',
  'until',
  'leadsTo',
  'forAll',
  'exists',
]);

/** Statements are the nodes that are neither expressions nor formulas. */
function isStatement(node: Node): node is Statement {
  return !isExpression(node) && !FORMULAS.has(node.kind);
}
