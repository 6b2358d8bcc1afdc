import type { Span } from '../diagnostics/span.ts';
import { positionAt } from '../diagnostics/span.ts';
import type { Domain, Field } from './domain.ts';
import { equalDomains, INT_MAX, INT_MIN } from './domain.ts';
import type { Place, Statement } from './effect.ts';
import { contains } from './enumerate.ts';
import type { Expression, Operator } from './expression.ts';
import type { Action, Argument, System } from './system.ts';
import { IR_VERSION } from './system.ts';
import type { Formula } from './temporal.ts';
import { equalValues } from './value.ts';

/**
 * What is wrong with a system as IR, one line each; empty for what every reader of the IR may rely on:
 *
 * - names resolve: variables, parameters, locals, actions, processes, fairness sets, expected properties; labels of
 *   `exit` have their `block`; arguments have the right number;
 * - each name is declared once where it could be confused: variables, actions, and the locals of one action or predicate,
 *   which are also declared before they are used;
 * - types fit: conditions and operands of logic are boolean, collections are collections, literals are in their type,
 *   only mutable locals are assigned to, and nothing assigns state where only a value is computed;
 * - domains are not empty, unions not nested, keys of records scalar; spans lie within their files.
 *
 * A spec author can cause none of this: a problem here is a bug of a pass, or a damaged file.
 */
export function validateSystem(system: System): string[] {
  const check = new Check(system);
  if (system.version !== IR_VERSION) check.problem(`version ${String(system.version)} is not ${IR_VERSION}`);
  checkNames(check, system);
  for (const parameter of system.parameters) check.span(parameter.span);
  for (const variable of system.variables) {
    check.inside(`variable \`${variable.name}\``, () => {
      check.span(variable.span);
      checkDomain(check, variable.domain);
      if (variable.process !== undefined && !system.processes.some(({ name }) => name === variable.process)) {
        check.problem(`there is no process \`${variable.process}\``);
      }
    });
  }
  check.inside('init', () => checkStatements(check, system.init, new Scope(), STEP));
  for (const action of system.actions) check.inside(`action \`${action.name}\``, () => checkAction(check, action));
  for (const process of system.processes) {
    check.inside(`process \`${process.name}\``, () => {
      check.span(process.span);
      checkOnce(check, 'label', process.labels);
      const counter = system.variables.find(({ name }) => name === process.counter);
      if (counter === undefined) check.problem(`there is no variable \`${process.counter}\` for its counter`);
    });
  }
  for (const kind of ['invariants', 'steps', 'sometimes', 'terminal', 'within'] as const) {
    for (const { name, predicate, span } of system[kind]) {
      check.inside(`${kind} \`${name}\``, () => {
        check.span(span);
        checkBoolean(check, predicate, new Scope(), { ...PREDICATE, next: kind === 'steps' });
      });
    }
  }
  for (const property of system.properties) {
    check.inside(`property \`${property.name}\``, () => {
      check.span(property.span);
      checkFormula(check, property.formula, new Scope());
      for (const set of property.under ?? []) {
        if (!system.fairness.some(({ name }) => name === set)) check.problem(`there is no fairness set \`${set}\``);
      }
    });
  }
  checkFairness(check, system);
  checkModel(check, system);
  return check.problems;
}

/** What an expression or statement may contain, by where it stands. */
interface Context {
  /** Assignments to variables, `when`, `verify`, choices. */
  readonly effects: boolean;
  readonly next: boolean;
  readonly enabled: boolean;
}
const STEP: Context = { effects: true, next: false, enabled: false };
const PREDICATE: Context = { effects: false, next: false, enabled: false };
const ATOM: Context = { effects: false, next: false, enabled: true };

/** Collects problems, each with the part of the system and the place in the source where it was seen. */
class Check {
  readonly problems: string[] = [];
  readonly variables: ReadonlyMap<string, Domain>;
  #where = '';

  constructor(readonly system: System) {
    this.variables = new Map(system.variables.map(({ name, domain }) => [name, domain]));
  }

  inside(where: string, run: () => void): void {
    const outer = this.#where;
    this.#where = where;
    run();
    this.#where = outer;
  }

  problem(message: string, span?: Span): void {
    const file = span && this.system.files[span.file];
    const at = span && file ? positionAt(file.text, span.start) : undefined;
    const place = at && file ? ` (${file.path}:${at.line}:${at.column})` : '';
    this.problems.push(`${this.#where === '' ? '' : `${this.#where}: `}${message}${place}`);
  }

  span(span: Span): void {
    if (span.file === -1) return;
    const file = this.system.files[span.file];
    if (file === undefined) this.problem(`a span points into file ${span.file}, which there is not`);
    else if (!(0 <= span.start && span.start <= span.end && span.end <= file.text.length)) {
      this.problem(`the span ${span.start}–${span.end} is not within ${file.path}`);
    }
  }
}

/** The locals in sight. A nested scope sees the outer ones; `declared` is shared, for names are never reused. */
class Scope {
  readonly #locals: Map<string, { mutable: boolean; domain: Domain | undefined }>;
  readonly #declared: Set<string>;
  readonly labels: readonly string[];
  /** Locals declared outside of the `evaluate` that this scope is in: they may be read there, not assigned. */
  readonly #frozen: ReadonlySet<string>;

  constructor(outer?: Scope, labels: readonly string[] = outer?.labels ?? [], frozen?: ReadonlySet<string>) {
    this.#locals = new Map(outer === undefined ? [] : outer.#locals);
    this.#declared = outer === undefined ? new Set() : outer.#declared;
    this.labels = labels;
    this.#frozen = frozen ?? (outer === undefined ? new Set() : outer.#frozen);
  }

  declare(check: Check, name: string, mutable: boolean, domain: Domain | undefined, span: Span | undefined): void {
    if (this.#declared.has(name)) check.problem(`local \`${name}\` is declared twice`, span);
    this.#declared.add(name);
    this.#locals.set(name, { mutable, domain });
  }

  local(name: string): { mutable: boolean; domain: Domain | undefined } | undefined {
    return this.#locals.get(name);
  }

  mayAssign(name: string): boolean {
    return this.#locals.get(name)?.mutable === true && !this.#frozen.has(name);
  }

  /** The scope within an `evaluate`: its own labels, and nothing from outside can be assigned. */
  evaluation(): Scope {
    return new Scope(this, [], new Set(this.#locals.keys()));
  }
}

function checkNames(check: Check, system: System): void {
  checkOnce(check, 'parameter', namesOf(system.parameters));
  checkOnce(check, 'variable', namesOf(system.variables));
  checkOnce(check, 'action', namesOf(system.actions));
  checkOnce(check, 'process', namesOf(system.processes));
  checkOnce(check, 'fairness set', namesOf(system.fairness));
  const { invariants, steps, sometimes, properties } = system;
  checkOnce(check, 'property', namesOf([...invariants, ...steps, ...sometimes, ...properties]));
}

function namesOf(things: readonly { readonly name: string }[]): string[] {
  return things.map(({ name }) => name);
}

function checkOnce(check: Check, what: string, names: readonly string[]): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) check.problem(`there are two of the name: ${what} \`${name}\``);
    seen.add(name);
  }
}

function checkAction(check: Check, action: Action): void {
  check.span(action.span);
  const scope = new Scope();
  declareArguments(check, scope, action.arguments);
  checkStatements(check, action.body, scope, STEP);
  if (action.process === undefined) return;
  const { name, label } = action.process;
  const process = check.system.processes.find((candidate) => candidate.name === name);
  if (process === undefined) check.problem(`there is no process \`${name}\``);
  else {
    if (!process.labels.includes(label)) check.problem(`process \`${name}\` has no label \`${label}\``);
    if (!sameArguments(process.arguments, action.arguments))
      check.problem(`its arguments are not those of \`${name}\``);
  }
}

function sameArguments(left: readonly Argument[], right: readonly Argument[]): boolean {
  return (
    left.length === right.length &&
    left.every(({ name, domain }, index) => name === right[index]!.name && equalDomains(domain, right[index]!.domain))
  );
}

function declareArguments(check: Check, scope: Scope, arguments_: readonly Argument[]): void {
  for (const { name, domain } of arguments_) {
    checkDomain(check, domain);
    scope.declare(check, name, false, domain, undefined);
  }
}

function checkFairness(check: Check, system: System): void {
  for (const set of system.fairness) {
    check.inside(`fairness \`${set.name}\``, () => {
      check.span(set.span);
      for (const group of set.assumptions.flatMap(({ groups }) => groups)) {
        const actions = group.actions.flatMap((name) => {
          const action = system.actions.find((candidate) => candidate.name === name);
          if (action === undefined) check.problem(`\`${group.name}\` is about action \`${name}\`, which there is not`);
          return action === undefined ? [] : [action];
        });
        if (group.actions.length === 0) check.problem(`\`${group.name}\` is about no action`);
        for (const per of group.per) {
          const domains = actions.map((action) => action.arguments.find(({ name }) => name === per)?.domain);
          const [first] = domains;
          if (first === undefined || !domains.every((domain) => domain !== undefined && equalDomains(domain, first))) {
            check.problem(`\`${group.name}\` is split by \`${per}\`, which not all of its actions have alike`);
          }
        }
        if (group.when === undefined) continue;
        for (const action of actions) {
          const scope = new Scope();
          declareArguments(check, scope, action.arguments);
          checkBoolean(check, group.when, scope, PREDICATE);
        }
      }
    });
  }
}

function checkModel(check: Check, system: System): void {
  const judged = {
    violates: namesOf([...system.invariants, ...system.steps, ...system.properties]),
    unreachable: namesOf(system.sometimes),
  };
  check.inside(`model \`${system.model.name}\``, () => {
    check.span(system.model.span);
    for (const expectation of system.model.expectations) {
      if (!('property' in expectation)) continue;
      if (judged[expectation.kind].includes(expectation.property)) continue;
      check.problem(`there is no property \`${expectation.property}\` that it could expect of "${expectation.kind}"`);
    }
  });
}

function checkStatements(check: Check, statements: readonly Statement[], outer: Scope, place: Context): void {
  const scope = new Scope(outer);
  for (const statement of statements) checkStatement(check, statement, scope, place);
}

function checkStatement(check: Check, statement: Statement, scope: Scope, place: Context): void {
  const { span } = statement;
  check.span(span);
  const onlyInSteps = (): void => {
    if (!place.effects) check.problem(`\`${statement.kind}\` where only a value is computed`, span);
  };
  switch (statement.kind) {
    case 'assign':
      checkTarget(check, statement.target, scope, place);
      checkExpression(check, statement.value, scope, place);
      return;
    case 'let':
      checkExpression(check, statement.value, scope, place);
      checkDomain(check, statement.domain);
      scope.declare(check, statement.name, statement.mutable, statement.domain, span);
      return;
    case 'if':
      checkBoolean(check, statement.condition, scope, place);
      checkStatements(check, statement.whenTrue, scope, place);
      checkStatements(check, statement.whenFalse, scope, place);
      return;
    case 'for': {
      const element = checkCollection(check, statement.over, scope, place);
      const inner = new Scope(scope);
      inner.declare(check, statement.binder, false, element, span);
      if (statement.indexBinder !== undefined) inner.declare(check, statement.indexBinder, false, undefined, span);
      checkStatements(check, statement.body, inner, place);
      return;
    }
    case 'loop':
      if (!(1 <= statement.bound)) check.problem(`a loop with the bound ${statement.bound}`, span);
      checkStatements(check, statement.body, scope, place);
      return;
    case 'block':
      if (scope.labels.includes(statement.label)) check.problem(`block \`${statement.label}\` within itself`, span);
      checkStatements(check, statement.body, new Scope(scope, [...scope.labels, statement.label]), place);
      return;
    case 'exit':
      if (!scope.labels.includes(statement.label))
        check.problem(`an exit of \`${statement.label}\`, not within it`, span);
      return;
    case 'when':
    case 'verify':
      onlyInSteps();
      checkBoolean(check, statement.condition, scope, place);
      return;
    case 'choose':
      onlyInSteps();
      checkCollection(check, statement.from, scope, place);
      checkDomain(check, statement.domain);
      scope.declare(check, statement.name, false, statement.domain, span);
      return;
    case 'either':
      onlyInSteps();
      if (statement.branches.length === 0) check.problem('an `either` without branches', span);
      for (const branch of statement.branches) checkStatements(check, branch, scope, place);
      return;
  }
}

function checkTarget(check: Check, target: Place, scope: Scope, place: Context): void {
  check.span(target.span);
  checkDomain(check, target.domain);
  const { kind, name } = target.root;
  if (kind === 'variable') {
    if (!place.effects) check.problem(`variable \`${name}\` is assigned where only a value is computed`, target.span);
    if (!check.variables.has(name)) check.problem(`there is no variable \`${name}\``, target.span);
  } else if (scope.local(name) === undefined) check.problem(`there is no local \`${name}\` here`, target.span);
  else if (!scope.mayAssign(name)) check.problem(`local \`${name}\` must not be assigned here`, target.span);
  for (const segment of target.path) if (segment.kind === 'index') checkExpression(check, segment.index, scope, place);
}

function checkFormula(check: Check, formula: Formula, scope: Scope): void {
  check.span(formula.span);
  switch (formula.kind) {
    case 'now':
      checkBoolean(check, formula.predicate, scope, ATOM);
      return;
    case 'taken':
      checkReference(check, formula.action, formula.arguments, formula.span, scope);
      return;
    case 'not':
    case 'always':
    case 'eventually':
      checkFormula(check, formula.operand, scope);
      return;
    case 'and':
    case 'or':
    case 'implies':
    case 'until':
    case 'leadsTo':
      checkFormula(check, formula.left, scope);
      checkFormula(check, formula.right, scope);
      return;
    case 'forAll':
    case 'exists': {
      checkDomain(check, formula.domain);
      const inner = new Scope(scope);
      inner.declare(check, formula.binder, false, formula.domain, formula.span);
      checkFormula(check, formula.body, inner);
      return;
    }
  }
}

function checkReference(
  check: Check,
  name: string,
  arguments_: readonly (Expression | undefined)[],
  span: Span,
  scope: Scope,
): void {
  const action = check.system.actions.find((candidate) => candidate.name === name);
  if (action === undefined) check.problem(`there is no action \`${name}\``, span);
  else if (action.arguments.length !== arguments_.length) {
    check.problem(`\`${name}\` has ${action.arguments.length} arguments, not ${arguments_.length}`, span);
  }
  for (const argument of arguments_) if (argument !== undefined) checkExpression(check, argument, scope, ATOM);
}

function checkBoolean(check: Check, expression: Expression, scope: Scope, place: Context): void {
  checkExpression(check, expression, scope, place);
  expectKind(check, expression, ['boolean'], 'a boolean');
}

/** Checks that an expression is something with elements, and returns the domain of those. */
function checkCollection(check: Check, expression: Expression, scope: Scope, place: Context): Domain | undefined {
  checkExpression(check, expression, scope, place);
  expectKind(check, expression, COLLECTIONS, 'a set or an array');
  const { type } = expression;
  return type.kind === 'set' || type.kind === 'array' ? type.element : undefined;
}

const COLLECTIONS: readonly Domain['kind'][] = ['set', 'array', 'tuple'];

/**
 * Of a union some member has to fit: narrowing has shown the compiler that it is that one, and evaluation fails if not.
 * `never` fits everywhere: it is the type of what yields no value.
 */
function expectKind(check: Check, expression: Expression, kinds: readonly Domain['kind'][], what: string): void {
  const { type } = expression;
  const members = type.kind === 'union' ? type.members : [type];
  if (!members.some(({ kind }) => kind === 'never' || kinds.includes(kind))) {
    check.problem(`${what} is needed, and this \`${expression.kind}\` is of kind ${type.kind}`, expression.span);
  }
}

function checkExpression(check: Check, expression: Expression, scope: Scope, place: Context): void {
  const { span, type } = expression;
  check.span(span);
  checkDomain(check, type);
  switch (expression.kind) {
    case 'literal':
      if (!contains(type, expression.value)) check.problem(`a literal that is not in its own type`, span);
      return;
    case 'parameter': {
      const parameter = check.system.parameters.find(({ name }) => name === expression.name);
      if (parameter === undefined) check.problem(`there is no parameter \`${expression.name}\``, span);
      else if (!equalValues(parameter.value, expression.value)) {
        check.problem(`parameter \`${expression.name}\` has another value here`, span);
      }
      return;
    }
    case 'variable':
      if (!check.variables.has(expression.name)) check.problem(`there is no variable \`${expression.name}\``, span);
      if (expression.next && !place.next)
        check.problem(`the next \`${expression.name}\` outside a step property`, span);
      return;
    case 'local':
      if (scope.local(expression.name) === undefined)
        check.problem(`there is no local \`${expression.name}\` here`, span);
      return;
    case 'field':
      checkExpression(check, expression.object, scope, place);
      expectKind(check, expression.object, ['object', 'variant'], 'an object');
      return;
    case 'index':
      checkExpression(check, expression.object, scope, place);
      checkExpression(check, expression.index, scope, place);
      expectKind(check, expression.object, ['array', 'tuple', 'record'], 'an array or a record');
      return;
    case 'not':
      checkBoolean(check, expression.operand, scope, place);
      expectKind(check, expression, ['boolean'], 'a boolean');
      return;
    case 'and':
    case 'or':
    case 'implies':
      checkBoolean(check, expression.left, scope, place);
      checkBoolean(check, expression.right, scope, place);
      expectKind(check, expression, ['boolean'], 'a boolean');
      return;
    case 'conditional':
      checkBoolean(check, expression.condition, scope, place);
      checkExpression(check, expression.whenTrue, scope, place);
      checkExpression(check, expression.whenFalse, scope, place);
      return;
    case 'operation':
      checkOperation(check, expression.operator, expression.operands, span);
      for (const operand of expression.operands) checkExpression(check, operand, scope, place);
      return;
    case 'object':
      checkOnce(check, 'field', namesOf(expression.fields));
      for (const field of expression.fields) checkExpression(check, field.value, scope, place);
      return;
    case 'array':
    case 'set':
      for (const element of expression.elements) checkExpression(check, element, scope, place);
      return;
    case 'domain':
      checkDomain(check, expression.domain);
      return;
    case 'comprehension': {
      const element = checkCollection(check, expression.over, scope, place);
      const inner = new Scope(scope);
      inner.declare(check, expression.binder, false, element, span);
      if (expression.indexBinder !== undefined) inner.declare(check, expression.indexBinder, false, undefined, span);
      checkExpression(check, expression.body, inner, place);
      if (expression.operator !== 'map' && expression.operator !== 'record') {
        expectKind(check, expression.body, ['boolean'], 'a boolean');
      }
      return;
    }
    case 'fold': {
      const element = checkCollection(check, expression.over, scope, place);
      checkExpression(check, expression.initial, scope, place);
      const inner = new Scope(scope);
      inner.declare(check, expression.accumulator, false, undefined, span);
      inner.declare(check, expression.binder, false, element, span);
      if (expression.indexBinder !== undefined) inner.declare(check, expression.indexBinder, false, undefined, span);
      checkExpression(check, expression.body, inner, place);
      return;
    }
    case 'evaluate': {
      // One scope for body and result: the result sees what the body declares.
      const inner = scope.evaluation();
      for (const statement of expression.body) checkStatement(check, statement, inner, { ...place, effects: false });
      checkExpression(check, expression.result, inner, place);
      return;
    }
    case 'enabled':
      if (!place.enabled) check.problem('`enabled` outside a temporal property', span);
      checkReference(check, expression.action, expression.arguments, span, scope);
      return;
  }
}

const OPERANDS: Readonly<Record<Operator, readonly (readonly Domain['kind'][] | undefined)[]>> = {
  add: [['int'], ['int']],
  subtract: [['int'], ['int']],
  multiply: [['int'], ['int']],
  divide: [['int'], ['int']],
  truncate: [['int'], ['int']],
  remainder: [['int'], ['int']],
  negate: [['int']],
  absolute: [['int']],
  minimum: [['int'], ['int']],
  maximum: [['int'], ['int']],
  equal: [undefined, undefined],
  notEqual: [undefined, undefined],
  less: [['int'], ['int']],
  lessOrEqual: [['int'], ['int']],
  greater: [['int'], ['int']],
  greaterOrEqual: [['int'], ['int']],
  size: [COLLECTIONS],
  includes: [COLLECTIONS, undefined],
  indexOf: [['array', 'tuple'], undefined],
  at: [['array', 'tuple'], ['int']],
  slice: [['array', 'tuple'], ['int'], ['int']],
  concat: [
    ['array', 'tuple'],
    ['array', 'tuple'],
  ],
  union: [['set'], ['set']],
  intersection: [['set'], ['set']],
  difference: [['set'], ['set']],
  subset: [['set'], ['set']],
  toSet: [['array', 'tuple']],
  toArray: [['set']],
  with: [['array', 'tuple', 'record'], undefined, undefined],
};

function checkOperation(check: Check, operator: Operator, operands: readonly Expression[], span: Span): void {
  const expected = OPERANDS[operator];
  if (operands.length !== expected.length) {
    check.problem(`\`${operator}\` takes ${expected.length} operands, not ${operands.length}`, span);
    return;
  }
  operands.forEach((operand, index) => {
    const kinds = expected[index];
    if (kinds !== undefined)
      expectKind(check, operand, kinds, `operand ${index + 1} of \`${operator}\`: ${kinds.join(' or ')}`);
  });
}

const SCALARS: readonly Domain['kind'][] = ['boolean', 'int', 'enum', 'ids', 'null', 'undefined'];

function checkDomain(check: Check, domain: Domain): void {
  if (checkedDomains.has(domain)) return;
  const before = check.problems.length;
  switch (domain.kind) {
    case 'boolean':
    case 'null':
    case 'undefined':
    case 'never':
      break;
    case 'int':
      if (!(INT_MIN <= domain.min && domain.min <= domain.max && domain.max <= INT_MAX)) {
        check.problem(`the integers from ${domain.min} to ${domain.max} are no domain`);
      }
      break;
    case 'enum':
    case 'ids':
      checkOnce(check, 'member', domain.values);
      if (domain.kind === 'enum' && domain.values.length === 0) check.problem('an empty enum');
      break;
    case 'union':
      if (domain.members.length < 2) check.problem('a union of less than two');
      for (const member of domain.members) {
        if (member.kind === 'union' || member.kind === 'never') check.problem(`a ${member.kind} within a union`);
        checkDomain(check, member);
      }
      break;
    case 'object':
      checkFields(check, domain.fields);
      break;
    case 'variant':
      checkOnce(
        check,
        'case',
        domain.cases.map(({ tag }) => tag),
      );
      if (domain.cases.length === 0) check.problem('a variant without cases');
      for (const { fields } of domain.cases) {
        checkFields(check, fields);
        if (namesOf(fields).includes(domain.discriminator)) check.problem('a case that repeats the discriminator');
      }
      break;
    case 'tuple':
      for (const item of domain.items) checkDomain(check, item);
      break;
    case 'array':
      checkDomain(check, domain.element);
      if (!(0 <= domain.minLength && domain.minLength <= domain.maxLength)) {
        check.problem(`an array of ${domain.minLength} to ${domain.maxLength} elements`);
      }
      if (domain.element.kind === 'never' && domain.maxLength > 0) check.problem('elements of no value');
      break;
    case 'record': {
      checkDomain(check, domain.key);
      checkDomain(check, domain.value);
      const keys = domain.key.kind === 'union' ? domain.key.members : [domain.key];
      if (!keys.every(({ kind }) => SCALARS.includes(kind))) check.problem('a record over keys that are no scalars');
      break;
    }
    case 'set':
      checkDomain(check, domain.element);
      break;
  }
  if (check.problems.length === before) checkedDomains.add(domain);
}

/** Domains that were found right before: types are shared between nodes, and the same ones come again and again. */
const checkedDomains = new WeakSet<Domain>();

function checkFields(check: Check, fields: readonly Field[]): void {
  checkOnce(check, 'field', namesOf(fields));
  for (const { domain } of fields) checkDomain(check, domain);
}
