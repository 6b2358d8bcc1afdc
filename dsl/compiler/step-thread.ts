import type { Span } from '../diagnostics/span.ts';
import type { Argument, Domain, Expression } from '../ir/index.ts';
import type { Thread } from './enclosure.ts';
import type { IsClosed } from './kept.ts';
import type { Reference } from './term.ts';

/** The thread that a step is lowered for. */
export interface StepThread extends Thread {
  /** The arguments of the process. */
  readonly given: readonly Argument[];
  /** Names of the locals that hold the values of these. */
  readonly binders: readonly string[];
  /** Variables by the names of the locals that hold what was kept in them. */
  readonly restored: Map<string, string>;
  readonly isClosed: IsClosed;
}

/** The domain of a variable that holds one value for each thread. */
export function perThread(given: readonly Argument[], domain: Domain): Domain {
  return given.reduceRight<Domain>((value, argument) => ({ kind: 'record', key: argument.domain, value }), domain);
}

/** The entry of a thread in a variable that holds one for each. */
export function entryOf(thread: StepThread, variable: string, domain: Domain, span: Span): Reference {
  let at = perThread(thread.given, domain);
  const reference: Reference = {
    root: { kind: 'variable', name: variable },
    rootDomain: at,
    rootSpan: span,
    segments: [],
  };
  const segments = thread.arguments.map((index) => {
    at = at.kind === 'record' ? at.value : at;
    return { kind: 'index' as const, index, domain: at, span };
  });
  return { ...reference, segments };
}

/** Whether an expression is made of constants, parameters and the given locals alone. */
export function closedOver(expression: Expression, locals: ReadonlySet<string>): boolean {
  switch (expression.kind) {
    case 'literal':
    case 'parameter':
    case 'domain':
      return true;
    case 'local':
      return locals.has(expression.name);
    case 'array':
    case 'set':
      return expression.elements.every((element) => closedOver(element, locals));
    case 'object':
      return expression.fields.every((field) => closedOver(field.value, locals));
    case 'field':
      return closedOver(expression.object, locals);
    case 'index':
      return closedOver(expression.object, locals) && closedOver(expression.index, locals);
    case 'operation':
      return expression.operands.every((operand) => closedOver(operand, locals));
    case 'not':
      return closedOver(expression.operand, locals);
    case 'and':
    case 'or':
    case 'implies':
      return closedOver(expression.left, locals) && closedOver(expression.right, locals);
    default:
      return false;
  }
}
