import type { ts as TS } from 'ts-morph';
import { NO_WAITING } from './subset.ts';
import { notIterable, outsideLanguage } from '../diagnostics/catalog.ts';
import type { Span } from '../diagnostics/span.ts';
import type { Domain, Expression, Statement } from '../ir/index.ts';
import { collectionOf, integersOnly, isScalar, setPart } from '../ir/part.ts';
import { spanIn } from './access.ts';
import { checkLoop, loopStart } from './aliasing.ts';
import { attempt } from './attempt.ts';
import * as build from './build.ts';
import { bindPattern } from './destructure.ts';
import { isSchema } from './host-value.ts';
import { callClosure, isAssigned, keepParts, takes } from './inline.ts';
import { lower, lowerCondition } from './lower-expression.ts';
import { lowerStatement, lowerVariables } from './lower-statement.ts';
import { scopeIn, type Closure, type Reference, type Scope, type Term } from './term.ts';
import { ts } from './typescript.ts';
import { emit, freeze, freshName, isStable, nested, type Frame, type Unit } from './unit.ts';
import { sharesOfElement } from './shares.ts';
import { asCondition, collection, freshStable, keepIndices, refuse, settle, valueOf, valueTerm } from './value.ts';

/** A loop that has no other bound fails when it would go round more often than this: a step has to end. */
export const LONGEST_LOOP = 4096;

type Loop = Extract<Frame, { breakTo: string }>;

/** Lowers the body of a loop that `break` and `continue` may leave, and puts the blocks around it that they need. */
function inLoop(
  unit: Unit,
  node: TS.Node,
  span: Span,
  build_: (body: (lowerBody: () => void) => Statement[]) => Statement | undefined,
): void {
  const frame: Loop = {
    kind: 'loop',
    label: ts.isLabeledStatement(node.parent) ? node.parent.label.text : undefined,
    breakTo: freshName(unit, 'break'),
    continueTo: freshName(unit, 'continue'),
    breaks: false,
    continues: false,
  };
  const body = (lowerBody: () => void): Statement[] => {
    const start = loopStart(unit);
    unit.frames.push(frame);
    const { statements } = nested(unit, lowerBody);
    unit.frames.pop();
    checkLoop(unit, start, span);
    return frame.continues ? [{ kind: 'block', label: frame.continueTo!, body: statements, span }] : statements;
  };
  unit.loops.push({ depth: unit.depth, binders: [] });
  const loop = build_(body);
  unit.loops.pop();
  if (loop === undefined) {
    unit.decided += 1;
    return;
  }
  emit(unit, frame.breaks ? { kind: 'block', label: frame.breakTo, body: [loop], span } : loop);
}

/** `for (const x of items) …` */
export function lowerForOf(unit: Unit, node: TS.ForOfStatement, scope: Scope): void {
  const span = spanIn(scope, node);
  if (node.awaitModifier !== undefined) {
    refuse(unit, outsideLanguage(spanIn(scope, node.awaitModifier), '`for await`', NO_WAITING));
    return;
  }
  if (!ts.isVariableDeclarationList(node.initializer)) {
    const help = 'declare it: `for (const x of items)`';
    refuse(unit, outsideLanguage(spanIn(scope, node.initializer), 'a loop variable from outside', help));
    return;
  }
  const pattern = node.initializer.declarations[0]!.name;
  const over = iteratorOf(node.expression);
  const through = over && lower(unit, over.collection, scope);
  // An object of the author's may have a function of that name.
  const method = through === undefined || through.kind === 'object' ? undefined : over?.method;
  const term = method === undefined || through === undefined ? lower(unit, node.expression, scope) : through;
  const overSpan = spanIn(scope, node.expression);
  if (term.kind === 'host' && isSchema(term.value) && !(Symbol.iterator in (term.value as object))) {
    refuse(unit, notIterable(overSpan, term.description));
    return;
  }
  const isNumbered = method === 'entries' || method === 'keys';
  const lowerBody = (element: Term, index?: Term) => {
    const inner = scopeIn(scope);
    const given = index === undefined ? element : givenBy(method, index, element);
    bindPattern(unit, pattern, given, { scope: inner, within: node.statement });
    lowerStatement(unit, node.statement, scopeIn(inner));
  };
  const wanted = ts.isIdentifier(pattern) ? pattern.text : 'each';
  forEach(unit, term, { node, span, overSpan, wanted, usesIndex: isNumbered }, lowerBody);
}

/** `items.entries()`, `items.keys()`, `items.values()`: the collection that is gone through. */
export function iteratorOf(
  node: TS.Expression,
): { readonly collection: TS.Expression; readonly method: 'entries' | 'keys' | 'values' } | undefined {
  if (ts.isParenthesizedExpression(node)) return iteratorOf(node.expression);
  if (!ts.isCallExpression(node) || node.arguments.length > 0) return undefined;
  const callee = node.expression;
  if (!ts.isPropertyAccessExpression(callee)) return undefined;
  const method = callee.name.text;
  return method === 'entries' || method === 'keys' || method === 'values'
    ? { collection: callee.expression, method }
    : undefined;
}

/** What a round of a loop is given by an iterator. */
export function givenBy(method: 'entries' | 'keys' | 'values' | undefined, index: Term, element: Term): Term {
  return method === 'entries' ? { kind: 'list', elements: [index, element] } : method === 'keys' ? index : element;
}

/** `items.forEach((x, i) => …)` */
export function lowerForEach(unit: Unit, receiver: Term, _value: Expression, closure: Closure, span: Span): Term {
  const name = closure.node.parameters[0]?.name;
  const wanted = name !== undefined && ts.isIdentifier(name) ? name.text : 'each';
  const usesIndex = takes(closure, 1);
  forEach(unit, receiver, { node: closure.node, span, overSpan: span, wanted, usesIndex }, (element, index) => {
    callClosure(unit, closure, index === undefined ? [element] : [element, index, receiver], span);
  });
  return { kind: 'nothing' };
}

/** A loop through a collection, as it is written. */
interface WrittenLoop {
  readonly node: TS.Node;
  readonly span: Span;
  /** Of what it goes through. */
  readonly overSpan: Span;
  /** A name for an element. */
  readonly wanted: string;
  readonly usesIndex: boolean;
}

function forEach(
  unit: Unit,
  term: Term,
  { node, span, overSpan, wanted, usesIndex }: WrittenLoop,
  lowerBody: (element: Term, index: Term | undefined) => void,
): void {
  if (term.kind === 'error') {
    nested(unit, () => lowerBody(term, term));
    return;
  }
  if (term.kind === 'list' && !term.elements.every((element) => element.kind === 'value')) {
    const elements = term.elements.map((one, at) => keepParts(unit, one, `${wanted}_${at}`, node));
    unroll(unit, node, elements, span, lowerBody);
    return;
  }
  const over = collection(unit, term, overSpan);
  if (over === undefined) return;
  const { element, max } = collectionOf(over.type)!;
  // Elements that are objects of the state can be changed in the loop: the name stands for their place.
  const inPlace = term.kind === 'reference' && !isScalar(element) && isArray(over.type) && unit.purpose === 'step';
  const reference = inPlace ? keepIndices(unit, term.reference) : undefined;
  inLoop(unit, node, span, (body) => {
    const binder = freshStable(unit, wanted);
    const indexBinder = usesIndex || inPlace ? freshStable(unit, `${wanted}_index`) : undefined;
    unit.loops[unit.loops.length - 1]!.binders.push(binder, indexBinder ?? binder);
    const position: Domain = { kind: 'int', min: 0, max: Math.max(max - 1, 0) };
    const index = indexBinder === undefined ? undefined : build.local(indexBinder, position, overSpan);
    // The entries of a set are pairs of the same element, and have no position.
    const isSet = setPart(over.type) !== undefined;
    const value = valueTerm(build.local(binder, element, overSpan), sharesOfElement(term));
    if (term.kind === 'reference') {
      unit.iterated.push({ reference: reference ?? term.reference, binder, indexBinder, inPlace, span: overSpan });
    }
    const statements = body(() =>
      lowerBody(
        reference && index ? { kind: 'reference', reference: at(reference, index, element, overSpan) } : value,
        index && (isSet ? value : valueTerm(index)),
      ),
    );
    if (term.kind === 'reference') unit.iterated.pop();
    return {
      kind: 'for',
      binder,
      ...(indexBinder === undefined ? {} : { indexBinder }),
      over,
      body: statements,
      span,
    };
  });
}

function isArray(domain: Domain): boolean {
  return domain.kind === 'array' || domain.kind === 'tuple';
}

function at(reference: Reference, index: Expression, domain: Domain, span: Span): Reference {
  return { ...reference, segments: [...reference.segments, { kind: 'index', index, domain, span }] };
}

/** A loop over an array literal of things that are no values: its body once for each. */
function unroll(
  unit: Unit,
  node: TS.Node,
  elements: readonly Term[],
  span: Span,
  lowerBody: (element: Term, index: Term) => void,
): void {
  if (elements.length === 0) unit.decided += 1;
  const label = ts.isLabeledStatement(node.parent) ? node.parent.label.text : undefined;
  const breakTo = freshName(unit, 'break');
  let breaks = false;
  const all = nested(unit, () => {
    for (const [position, element] of elements.entries()) {
      const frame: Loop = {
        kind: 'loop',
        label,
        breakTo,
        continueTo: freshName(unit, 'continue'),
        breaks: false,
        continues: false,
      };
      unit.frames.push(frame);
      const { statements } = nested(unit, () => lowerBody(element, valueTerm(build.literal(position, span))));
      unit.frames.pop();
      breaks ||= frame.breaks;
      if (frame.continues) emit(unit, { kind: 'block', label: frame.continueTo!, body: statements, span });
      else unit.statements.push(...statements);
    }
  });
  if (breaks) emit(unit, { kind: 'block', label: breakTo, body: all.statements, span });
  else unit.statements.push(...all.statements);
}

export function lowerWhile(unit: Unit, node: TS.WhileStatement | TS.DoStatement, scope: Scope): void {
  const span = spanIn(scope, node);
  inLoop(unit, node, span, (body) => {
    const frame = () => unit.frames[unit.frames.length - 1] as Loop;
    let test: Statement[] = [];
    const check = () => {
      test = nested(unit, () => exitUnless(unit, frame(), lowerCondition(unit, node.expression, scope))).statements;
    };
    let inner: Statement[] = [];
    const statements = body(() => {
      if (ts.isWhileStatement(node)) check();
      inner = nested(unit, () => lowerStatement(unit, node.statement, scopeIn(scope))).statements;
      if (ts.isDoStatement(node)) check();
      unit.statements.push(...inner);
    });
    const parts = ts.isWhileStatement(node) ? [...test, ...statements] : [...statements, ...test];
    return { kind: 'loop', body: parts, bound: LONGEST_LOOP, span };
  });
}

/** Leaves the loop where the condition does not hold. */
export function exitUnless(unit: Unit, frame: Loop, condition: Expression): void {
  const { span } = condition;
  frame.breaks = true;
  emit(unit, {
    kind: 'if',
    condition: build.not(condition, span),
    whenTrue: [{ kind: 'exit', label: frame.breakTo, span }],
    whenFalse: [],
    span,
  });
}

/** `for (let i = 0; i < n; i++) …`: a counter that only its head changes becomes a loop over the numbers it counts. */
export function lowerFor(unit: Unit, node: TS.ForStatement, scope: Scope): void {
  const counter = counterOf(node);
  if (counter !== undefined && lowerCounting(unit, node, counter, scope)) return;
  lowerGeneralFor(unit, node, scope);
}

interface Counter {
  readonly name: TS.Identifier;
  readonly start: TS.Expression;
  readonly limit: TS.Expression;
  readonly comparison: '<' | '<=' | '>' | '>=';
}

/** The counter of a loop whose head alone changes it, one up or one down a round. */
export function counterOf(node: TS.ForStatement): Counter | undefined {
  const { initializer, condition, incrementor } = node;
  if (!initializer || !condition || !incrementor || !ts.isVariableDeclarationList(initializer)) return undefined;
  const [declaration, more] = initializer.declarations;
  if (declaration === undefined || more !== undefined || !ts.isIdentifier(declaration.name)) return undefined;
  const { name, initializer: start } = declaration;
  if (start === undefined || !ts.isBinaryExpression(condition)) return undefined;
  if (!ts.isIdentifier(condition.left) || condition.left.text !== name.text) return undefined;
  const comparison = condition.operatorToken.getText();
  const step = stepOf(incrementor, name.text);
  const up = comparison === '<' || comparison === '<=';
  const down = comparison === '>' || comparison === '>=';
  if (!(up && step === 1) && !(down && step === -1)) return undefined;
  if (isAssigned(name.text, node.statement) || isAssigned(name.text, condition)) return undefined;
  return { name, start, limit: condition.right, comparison };
}

function stepOf(node: TS.Expression, name: string): number | undefined {
  const operand = ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node) ? node.operand : undefined;
  if (operand !== undefined) {
    if (!ts.isIdentifier(operand) || operand.text !== name) return undefined;
    const { operator } = node as TS.PrefixUnaryExpression;
    return operator === ts.SyntaxKind.PlusPlusToken ? 1 : operator === ts.SyntaxKind.MinusMinusToken ? -1 : undefined;
  }
  if (!ts.isBinaryExpression(node) || !ts.isIdentifier(node.left) || node.left.text !== name) return undefined;
  if (!ts.isNumericLiteral(node.right) || node.right.text !== '1') return undefined;
  if (node.operatorToken.kind === ts.SyntaxKind.PlusEqualsToken) return 1;
  return node.operatorToken.kind === ts.SyntaxKind.MinusEqualsToken ? -1 : undefined;
}

/** False when the numbers are not known to be few; nothing has been written then. */
function lowerCounting(unit: Unit, node: TS.ForStatement, counter: Counter, scope: Scope): boolean {
  const span = spanIn(scope, node);
  const mark = unit.statements.length;
  const forget = attempt(unit);
  const undo = (): boolean => {
    unit.statements.length = mark;
    forget();
    return false;
  };
  let start = valueOf(unit, lower(unit, counter.start, scope), spanIn(scope, counter.start));
  const forgetLimit = attempt(unit); // it is asked for anew in each round
  const probe = nested(unit, () => valueOf(unit, lower(unit, counter.limit, scope), spanIn(scope, counter.limit)));
  const [begin, limit] = [integersOnly(start.type), integersOnly(probe.result.type)];
  if (begin === undefined || limit === undefined || probe.statements.length > 0) return undo();
  const up = counter.comparison === '<' || counter.comparison === '<=';
  const inclusive = counter.comparison === '<=' || counter.comparison === '>=';
  const low = up ? begin.min : limit.min + (inclusive ? 0 : 1);
  const high = up ? limit.max - (inclusive ? 0 : 1) : begin.max;
  if (high - low >= LONGEST_LOOP) return undo();
  forgetLimit();
  const startVaries = begin.min !== begin.max;
  if (!build.isLeaf(start) || !isStable(unit, start)) start = freeze(unit, start, 'start');
  const certain = limit.min === limit.max && !startVaries;

  inLoop(unit, node, span, (body) => {
    const frame = () => unit.frames[unit.frames.length - 1] as Loop;
    const name = freshStable(unit, counter.name.text);
    unit.loops[unit.loops.length - 1]!.binders.push(name);
    const domain: Domain = { kind: 'int', min: low, max: Math.max(high, low) };
    const nameSpan = spanIn(scope, counter.name);
    const current = build.local(name, domain, nameSpan);
    const inner = scopeIn(scope);
    inner.names.set(counter.name.text, { kind: 'term', term: valueTerm(current) });
    let head: Statement[] = [];
    const statements = body(() => {
      if (!certain) {
        head = nested(unit, () => {
          const before = build.operation(up ? 'less' : 'greater', [current, start], nameSpan)!;
          if (startVaries) {
            const skip = build.not(before, nameSpan);
            exitTo(unit, frame(), 'continueTo', asCondition(unit, skip));
          }
          exitUnless(unit, frame(), lowerCondition(unit, node.condition!, inner));
        }).statements;
        unit.statements.push(...head);
      }
      lowerStatement(unit, node.statement, scopeIn(inner));
    });
    if (high < low) return undefined;
    const over: Expression = up
      ? { kind: 'domain', domain, type: { kind: 'set', element: domain }, span: nameSpan }
      : descending(low, high, domain, nameSpan);
    return { kind: 'for', binder: name, over, body: statements, span };
  });
  return true;
}

function exitTo(unit: Unit, frame: Loop, target: 'continueTo', unless: Expression): void {
  frame.continues = true;
  const { span } = unless;
  emit(unit, {
    kind: 'if',
    condition: unless,
    whenTrue: [],
    whenFalse: [{ kind: 'exit', label: frame[target]!, span }],
    span,
  });
}

function descending(low: number, high: number, element: Domain, span: Span): Expression {
  const length = high - low + 1;
  const values = Array.from({ length }, (_, position) => high - position);
  return build.literal(values, span, { kind: 'array', element, minLength: length, maxLength: length });
}

function lowerGeneralFor(unit: Unit, node: TS.ForStatement, scope: Scope): void {
  const span = spanIn(scope, node);
  const inner = scopeIn(scope);
  if (node.initializer !== undefined) {
    if (ts.isVariableDeclarationList(node.initializer)) lowerVariables(unit, node.initializer, inner, node);
    else settle(lower(unit, node.initializer, inner));
  }
  inLoop(unit, node, span, (body) => {
    const frame = () => unit.frames[unit.frames.length - 1] as Loop;
    let head: Statement[] = [];
    let tail: Statement[] = [];
    const statements = body(() => {
      if (node.condition !== undefined) {
        const { condition } = node;
        head = nested(unit, () => exitUnless(unit, frame(), lowerCondition(unit, condition, inner))).statements;
      }
      const whole = nested(unit, () => lowerStatement(unit, node.statement, scopeIn(inner))).statements;
      if (node.incrementor !== undefined) {
        const { incrementor } = node;
        tail = nested(unit, () => void lower(unit, incrementor, inner)).statements;
      }
      unit.statements.push(...whole);
    });
    return { kind: 'loop', body: [...head, ...statements, ...tail], bound: LONGEST_LOOP, span };
  });
}
