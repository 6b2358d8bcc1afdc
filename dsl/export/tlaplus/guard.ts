import type { Statement } from '../../ir/index.ts';
import type { Mode } from './continuation.ts';
import type { Node } from './node.ts';
import { apply, inline, junction, text } from './node.ts';
import type { Scope } from './scope.ts';
import { stringLiteral } from './value.ts';

/** A guard that TLC does not split: see `When` among the helpers. */
export function asGuard(scope: Scope, guard: Node): Node {
  if (!wouldSplit(guard)) return guard;
  scope.module.helpers.use('When');
  return apply('When', guard);
}

/** Whether TLC would take alternatives within a condition for alternatives of the step. */
function wouldSplit(node: Node): boolean {
  switch (node.kind) {
    case 'text':
    case 'ending':
      return false;
    case 'junction':
      return node.operator === '\\/' || node.items.some(wouldSplit);
    case 'implies':
      return wouldSplit(node.right);
    case 'quantifier':
      return node.symbol === '\\E' || wouldSplit(node.body);
    case 'if':
      return wouldSplit(node.yes) || wouldSplit(node.no);
    case 'let':
      return true;
  }
}

/** What has to hold, and what is said where it does not. */
interface Check {
  readonly condition: Node;
  readonly message: string;
  readonly span: Statement['span'];
}

/** Fails unless the condition holds. */
export function check(mode: Mode, scope: Scope, { condition, message, span }: Check, rest: () => Node): Node {
  scope.module.helpers.use('TLC');
  if (inline(condition) === 'TRUE') return rest();
  const whole = `${scope.module.where(span)}: ${message}`;
  const said = text(stringLiteral(LONGEST < whole.length ? `${whole.slice(0, LONGEST - 3)}...` : whole));
  if (mode === 'step') return junction('/\\', [apply('Assert', condition, said), rest()]);
  return { kind: 'if', condition, yes: rest(), no: apply('Assert', text('FALSE'), said) };
}

/** More of a message would not fit on a line. */
const LONGEST = 90;
