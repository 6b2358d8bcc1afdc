import { NO_SPAN } from '../../dsl/diagnostics/span.ts';
import type {
  Action,
  Comprehension,
  Domain,
  Expression,
  Operator,
  Place,
  Predicate,
  Statement,
  System,
  Value,
} from '../../dsl/ir/index.ts';
import { IR_VERSION } from '../../dsl/ir/index.ts';
import { joinDomains } from '../../dsl/ir/join.ts';
import {
  typeOfComprehension,
  typeOfField,
  typeOfIndex,
  typeOfOperation,
  typeOfSequence,
  typeOfValue,
} from '../../dsl/ir/typing.ts';

/** Short names for IR nodes, typed as the compiler types them. */

export const BOOLEAN: Domain = { kind: 'boolean' };

export function intDomain(min: number, max: number): Domain {
  return { kind: 'int', min, max };
}

export function enumDomain(...values: string[]): Domain {
  return { kind: 'enum', values };
}

export function idsDomain(name: string, count: number): Domain {
  const values = Array.from({ length: count }, (_, index) => `${name[0]!.toLowerCase()}${index}`);
  return { kind: 'ids', name, values };
}

export function literal(value: Value): Expression {
  return { kind: 'literal', value, type: typeOfValue(value), span: NO_SPAN };
}

export function variable(name: string, type: Domain, next = false): Expression {
  return { kind: 'variable', name, next, type, span: NO_SPAN };
}

export function local(name: string, type: Domain): Expression {
  return { kind: 'local', name, type, span: NO_SPAN };
}

export function operation(operator: Operator, ...operands: Expression[]): Expression {
  const type = typeOfOperation(
    operator,
    operands.map((operand) => operand.type),
  );
  return { kind: 'operation', operator, operands, type: known(type), span: NO_SPAN };
}

export function and(left: Expression, right: Expression): Expression {
  return { kind: 'and', left, right, type: BOOLEAN, span: NO_SPAN };
}

export function or(left: Expression, right: Expression): Expression {
  return { kind: 'or', left, right, type: BOOLEAN, span: NO_SPAN };
}

export function implies(left: Expression, right: Expression): Expression {
  return { kind: 'implies', left, right, type: BOOLEAN, span: NO_SPAN };
}

export function not(operand: Expression): Expression {
  return { kind: 'not', operand, type: BOOLEAN, span: NO_SPAN };
}

export function equal(left: Expression, right: Expression): Expression {
  return operation('equal', left, right);
}

export function add(left: Expression, right: Expression): Expression {
  return operation('add', left, right);
}

export function conditional(condition: Expression, whenTrue: Expression, whenFalse: Expression): Expression {
  const type = known(joinDomains(whenTrue.type, whenFalse.type));
  return { kind: 'conditional', condition, whenTrue, whenFalse, type, span: NO_SPAN };
}

export function field(object: Expression, name: string): Expression {
  return { kind: 'field', object, name, type: known(typeOfField(object.type, name)), span: NO_SPAN };
}

export function index(object: Expression, key: Expression): Expression {
  return { kind: 'index', object, index: key, type: known(typeOfIndex(object.type, key.type)), span: NO_SPAN };
}

export function array(...elements: Expression[]): Expression {
  return { kind: 'array', elements, type: typeOfSequence(elements.map((element) => element.type)), span: NO_SPAN };
}

export function set(...elements: Expression[]): Expression {
  let element: Domain = { kind: 'never' };
  for (const one of elements) element = known(joinDomains(element, one.type));
  return { kind: 'set', elements, type: { kind: 'set', element }, span: NO_SPAN };
}

export function object(fields: Readonly<Record<string, Expression>>): Expression {
  const list = Object.entries(fields).map(([name, value]) => ({ name, value }));
  return {
    kind: 'object',
    fields: list,
    type: { kind: 'object', fields: list.map(({ name, value }) => ({ name, domain: value.type })) },
    span: NO_SPAN,
  };
}

export function all(domain: Domain): Expression {
  return { kind: 'domain', domain, type: { kind: 'set', element: domain }, span: NO_SPAN };
}

export function comprehension(
  operator: Comprehension['operator'],
  over: Expression,
  binder: string,
  body: Expression,
  indexBinder?: string,
): Expression {
  return {
    kind: 'comprehension',
    operator,
    over,
    binder,
    body,
    ...(indexBinder === undefined ? {} : { indexBinder }),
    type: known(typeOfComprehension(operator, over.type, body.type)),
    span: NO_SPAN,
  };
}

export function variablePlace(name: string, domain: Domain): Place {
  return { root: { kind: 'variable', name }, path: [], domain, span: NO_SPAN };
}

export function localPlace(name: string, domain: Domain): Place {
  return { root: { kind: 'local', name }, path: [], domain, span: NO_SPAN };
}

/** The place of a part, by field name or index expression. */
export function part(place: Place, key: string | Expression): Place {
  const domain = typeof key === 'string' ? typeOfField(place.domain, key) : typeOfIndex(place.domain, key.type);
  const segment =
    typeof key === 'string' ? { kind: 'field' as const, name: key } : { kind: 'index' as const, index: key };
  return { ...place, path: [...place.path, segment], domain: known(domain) };
}

export function assign(target: Place, value: Expression): Statement {
  return { kind: 'assign', target, value, span: NO_SPAN };
}

export function declare(name: string, value: Expression, domain = value.type, mutable = false): Statement {
  return { kind: 'let', name, domain, mutable, value, span: NO_SPAN };
}

export function when(condition: Expression): Statement {
  return { kind: 'when', condition, span: NO_SPAN };
}

export function verify(condition: Expression, message = 'wrong'): Statement {
  return { kind: 'verify', condition, message, span: NO_SPAN };
}

export function iff(condition: Expression, whenTrue: Statement[], whenFalse: Statement[] = []): Statement {
  return { kind: 'if', condition, whenTrue, whenFalse, span: NO_SPAN };
}

export function forEach(binder: string, over: Expression, body: Statement[], indexBinder?: string): Statement {
  return { kind: 'for', binder, over, body, ...(indexBinder === undefined ? {} : { indexBinder }), span: NO_SPAN };
}

export function block(label: string, ...body: Statement[]): Statement {
  return { kind: 'block', label, body, span: NO_SPAN };
}

export function exit(label: string): Statement {
  return { kind: 'exit', label, span: NO_SPAN };
}

export function loop(bound: number, ...body: Statement[]): Statement {
  return { kind: 'loop', bound, body, span: NO_SPAN };
}

export function choose(name: string, domain: Domain, from: Expression): Statement {
  return { kind: 'choose', name, domain, from, span: NO_SPAN };
}

export function either(...branches: Statement[][]): Statement {
  return { kind: 'either', branches, span: NO_SPAN };
}

export function action(name: string, args: Readonly<Record<string, Domain>>, ...body: Statement[]): Action {
  return {
    name,
    doc: '',
    span: NO_SPAN,
    arguments: Object.entries(args).map(([argument, domain]) => ({ name: argument, domain })),
    body,
  };
}

export function predicate(name: string, expression: Expression): Predicate {
  return { name, doc: '', span: NO_SPAN, predicate: expression };
}

/** A system of the given parts; everything else is empty. */
export function system(
  variables: Readonly<Record<string, Domain>>,
  parts: Partial<
    Pick<System, 'constants' | 'init' | 'actions' | 'invariants' | 'steps' | 'sometimes' | 'terminal' | 'within'>
  >,
): System {
  return {
    version: IR_VERSION,
    name: 'test',
    doc: '',
    span: NO_SPAN,
    files: [],
    model: { name: 'defaults', doc: '', span: NO_SPAN, expectations: [] },
    parameters: [],
    constants: [],
    variables: Object.entries(variables).map(([name, domain]) => ({ name, doc: '', span: NO_SPAN, domain })),
    init: [],
    actions: [],
    processes: [],
    invariants: [],
    steps: [],
    sometimes: [],
    properties: [],
    fairness: [],
    terminal: [],
    within: [],
    ...parts,
  };
}

function known(type: Domain | undefined): Domain {
  if (type === undefined) throw new Error('an ill-typed test expression');
  return type;
}
