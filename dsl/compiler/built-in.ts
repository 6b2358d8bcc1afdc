import type { ts as TS } from 'ts-morph';
import { temporalMisuse, wordMisused, wrongArguments } from '../diagnostics/catalog.ts';
import type { Span } from '../diagnostics/span.ts';
import { definitionOf } from '../language/definition.ts';
import type { Expression, Formula, SerialDomain } from '../ir/index.ts';
import { collectionOf } from '../ir/part.ts';
import { spanIn } from './access.ts';
import * as build from './build.ts';
import { lowerArguments } from './call.ts';
import { comprehend } from './comprehend.ts';
import type { Collected } from './comprehend.ts';
import { anyElement, hasPlaces } from './element-place.ts';
import { callClosure } from './inline.ts';
import { asArray } from './literal.ts';
import { lower, lowerCondition } from './lower-expression.ts';
import { formulaOf } from './merge.ts';
import type { Scope, Term } from './term.ts';
import { ts } from './typescript.ts';
import { emit, nested, type Unit } from './unit.ts';
import { isSchema } from './host-value.ts';
import { sharesOf, sharesOfCopy, sharesOfElement } from './shares.ts';
import {
  alike,
  asCondition,
  collection,
  ERROR,
  freshStable,
  nameFor,
  NOTHING,
  pure,
  refuse,
  valueOf,
  valueTerm,
} from './value.ts';

const WORDS = {
  when: lowerWhen,
  verify: lowerVerify,
  pick: lowerPick,
  fresh: lowerFresh,
  first: lowerFirst,
  either: lowerEither,
  all: lowerQuantifier,
  some: lowerQuantifier,
  count: lowerCount,
  values: lowerValues,
  local: lowerLocal,
  record: lowerRecord,
  equal: lowerEqual,
  implies: lowerConnective,
  and: lowerConnective,
  or: lowerConnective,
  not: lowerNot,
  always: lowerTemporal,
  eventually: lowerTemporal,
  until: lowerTemporal,
  leadsTo: lowerTemporal,
  enabled: lowerTaking,
  taken: lowerTaking,
  mayTimeOut: lowerMisplacedTimeout,
} as const;

type Word = keyof typeof WORDS;

/** What a word of the language gets: itself and its call. */
interface Call {
  readonly word: Word;
  readonly node: TS.CallExpression;
  readonly scope: Scope;
  readonly span: Span;
}

/** Whether a name that `fairlead` exports has a meaning inside of bodies. */
export function isWord(name: string): name is Word {
  return Object.hasOwn(WORDS, name);
}

export function callBuiltIn(unit: Unit, name: string, node: TS.CallExpression, scope: Scope): Term {
  if (!isWord(name)) return ERROR;
  return WORDS[name](unit, { word: name, node, scope, span: spanIn(scope, node) });
}

function argument(unit: Unit, call: Call, at: number): TS.Expression | undefined {
  const found = call.node.arguments[at];
  if (found !== undefined && !ts.isSpreadElement(found)) return found;
  refuse(unit, wrongArguments(call.span, `\`${call.word}\` is given too little`, `see what \`${call.word}\` takes`));
  return undefined;
}

function lowerWhen(unit: Unit, call: Call): Term {
  const node = argument(unit, call, 0);
  if (node === undefined) return ERROR;
  unit.guarding += 1;
  const condition = lowerCondition(unit, node, call.scope);
  unit.guarding -= 1;
  emit(unit, { kind: 'when', condition, span: call.span });
  return NOTHING;
}

function lowerVerify(unit: Unit, call: Call): Term {
  const node = argument(unit, call, 0);
  if (node === undefined) return ERROR;
  const condition = lowerCondition(unit, node, call.scope);
  const message = call.node.arguments[1];
  emit(unit, { kind: 'verify', condition, message: message ? messageOf(message) : 'verify failed', span: call.span });
  return NOTHING;
}

/** The text of a message; what a template would put in at run time is shown as it is written. */
function messageOf(node: TS.Expression): string {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return node.getText();
  const parts = node.templateSpans.map((part) => `{${part.expression.getText()}}${part.literal.text}`);
  return node.head.text + parts.join('');
}

function lowerPick(unit: Unit, call: Call): Term {
  const node = argument(unit, call, 0);
  if (node === undefined) return ERROR;
  const term = lower(unit, node, call.scope);
  const from = collection(unit, term, spanIn(call.scope, node));
  if (from === undefined) return ERROR;
  const wanted = nameFor(call.node, 'picked');
  const place = hasPlaces(unit, term) ? anyElement(unit, term.reference, wanted, call.span) : undefined;
  if (place !== undefined) return place;
  const domain = collectionOf(from.type)!.element;
  const name = freshStable(unit, wanted);
  emit(unit, { kind: 'choose', name, domain, from, span: call.span });
  return valueTerm(build.local(name, domain, call.span), sharesOfElement(term));
}

/** `fresh(Term)`: the one value that is chosen from a domain of which only the order counts. */
function lowerFresh(unit: Unit, call: Call): Term {
  const domain = serialOfCall(unit, call);
  if (domain === undefined) return ERROR;
  const name = freshStable(unit, nameFor(call.node, 'fresh'));
  const from: Expression = { kind: 'domain', domain, type: { kind: 'set', element: domain }, span: call.span };
  emit(unit, { kind: 'choose', name, domain, from, span: call.span });
  return valueTerm(build.local(name, domain, call.span));
}

/** `first(Term)`: the least value. */
function lowerFirst(unit: Unit, call: Call): Term {
  const domain = serialOfCall(unit, call);
  return domain === undefined ? ERROR : valueTerm(build.literal(0, call.span, domain));
}

function serialOfCall(unit: Unit, call: Call): SerialDomain | undefined {
  const node = argument(unit, call, 0);
  if (node === undefined) return undefined;
  const term = lower(unit, node, call.scope);
  if (term.kind === 'error') return undefined;
  const span = spanIn(call.scope, node);
  const domain = term.kind === 'host' && isSchema(term.value) ? unit.model.domainOf(term.value, span) : undefined;
  if (domain?.kind === 'serial') return domain;
  if (domain !== undefined || term.kind !== 'host' || !isSchema(term.value))
    refuse(
      unit,
      wrongArguments(span, `\`${call.word}\` of what is not declared by \`serial\``, 'name what `serial(…)` gave'),
    );
  return undefined;
}

function lowerEither(unit: Unit, call: Call): Term {
  const given = lowerArguments(unit, call.node.arguments, call.scope, call.span);
  if (given === undefined) return ERROR;
  const branches = given.map((branch, at) => {
    const node = call.node.arguments[at]!;
    if (branch.kind !== 'closure') {
      if (branch.kind !== 'error')
        refuse(
          unit,
          wrongArguments(spanIn(call.scope, node), 'a branch of `either` that is no function', 'write `() => { … }`'),
        );
      return [];
    }
    return nested(unit, () => callClosure(unit, branch, [], spanIn(call.scope, node))).statements;
  });
  emit(unit, { kind: 'either', branches, span: call.span });
  return NOTHING;
}

function lowerQuantifier(unit: Unit, call: Call): Term {
  const found = quantified(unit, call);
  if (found === undefined) return ERROR;
  const operator = call.word === 'all' ? 'all' : 'some';
  const { through, holds } = found;
  const { over } = through;
  if (unit.purpose !== 'property') return comprehend(unit, operator, through, holds, call.span);

  const { element } = collectionOf(over.type)!;
  const probe = nested(unit, () => {
    const binder = freshStable(unit, parameterName(holds, 'each'));
    const body = callClosure(unit, holds, [valueTerm(build.local(binder, element, holdsSpan(call)))], call.span);
    return { binder, body };
  });
  const { binder, body } = probe.result;
  if (body.kind === 'error') return ERROR;
  if (body.kind !== 'formula') {
    const value = asCondition(unit, valueOf(unit, body, holdsSpan(call)));
    const made = build.comprehension(
      operator,
      { binder },
      over,
      build.evaluate(probe.statements, value, value.span),
      call.span,
    );
    return made === undefined ? ERROR : valueTerm(made);
  }
  const { span } = call;
  const kind = operator === 'all' ? ('forAll' as const) : ('exists' as const);
  if (over.kind === 'domain') {
    return { kind: 'formula', formula: { kind, binder, domain: over.domain, body: body.formula, span } };
  }
  // A collection of the state is what it is now: an element of its domain counts when it is in there now.
  const has = build.operation('includes', [over, build.local(binder, element, span)], span)!;
  const now: Formula = { kind: 'now', predicate: has, span };
  const inner: Formula = { kind: operator === 'all' ? 'implies' : 'and', left: now, right: body.formula, span };
  return { kind: 'formula', formula: { kind, binder, domain: element, body: inner, span } };
}

function holdsSpan(call: Call): Span {
  return spanIn(call.scope, call.node.arguments[1]!);
}

export function parameterName(closure: Extract<Term, { kind: 'closure' }>, otherwise: string, at = 0): string {
  const name = closure.node.parameters[at]?.name;
  return name !== undefined && ts.isIdentifier(name) ? name.text : otherwise;
}

interface Quantified {
  readonly through: Collected;
  readonly holds: Extract<Term, { kind: 'closure' }>;
}

/** The collection and the function of `all`, `some`, `count` and `record`. */
function quantified(unit: Unit, call: Call): Quantified | undefined {
  const given = lowerArguments(unit, call.node.arguments, call.scope, call.span);
  if (given === undefined || given.some((term) => term.kind === 'error')) return undefined;
  const [domain, holds] = given;
  if (domain === undefined || holds?.kind !== 'closure') {
    refuse(
      unit,
      wrongArguments(
        call.span,
        `\`${call.word}\` takes a collection and a function`,
        `write \`${call.word}(Ring, (r) => …)\``,
      ),
    );
    return undefined;
  }
  const value = collection(unit, domain, spanIn(call.scope, call.node.arguments[0]!));
  return value && { through: { over: value, overTerm: domain }, holds };
}

function lowerCount(unit: Unit, call: Call): Term {
  const found = quantified(unit, call);
  return found === undefined ? ERROR : comprehend(unit, 'count', found.through, found.holds, call.span);
}

function lowerRecord(unit: Unit, call: Call): Term {
  const found = quantified(unit, call);
  return found === undefined ? ERROR : comprehend(unit, 'record', found.through, found.holds, call.span);
}

function lowerValues(unit: Unit, call: Call): Term {
  const node = argument(unit, call, 0);
  if (node === undefined) return ERROR;
  const term = lower(unit, node, call.scope);
  const items = collection(unit, term, spanIn(call.scope, node));
  const array = items && asArray(items);
  return array === undefined ? ERROR : valueTerm(array, sharesOfCopy(term));
}

/** `local(schema, initial)`: the initial value, for a local whose domain is the schema's between steps. */
function lowerLocal(unit: Unit, call: Call): Term {
  const given = lowerArguments(unit, call.node.arguments, call.scope, call.span);
  const [schema, initial] = given ?? [];
  if (schema === undefined || initial === undefined || schema.kind === 'error' || initial.kind === 'error')
    return ERROR;
  const span = spanIn(call.scope, call.node.arguments[0]!);
  if (schema.kind !== 'host' || !isSchema(schema.value)) {
    return refuse(
      unit,
      wrongArguments(span, '`local` takes a schema first', 'write `local(z.int().min(0).max(3), 0)`'),
    );
  }
  const declared = unit.model.domainOf(schema.value, span);
  if (declared === undefined) return ERROR;
  const expression = valueOf(unit, initial, spanIn(call.scope, call.node.arguments[1]!));
  return { kind: 'value', expression, declared, shares: sharesOf(initial) };
}

/** `equal(a, b)`: by value, whatever they are. */
function lowerEqual(unit: Unit, call: Call): Term {
  const given = lowerArguments(unit, call.node.arguments, call.scope, call.span);
  if (given === undefined || given.length !== 2) return ERROR;
  const [left, right] = given.map((term, at) => valueOf(unit, term, spanIn(call.scope, call.node.arguments[at]!))) as [
    Expression,
    Expression,
  ];
  if (build.isPoison(left) || build.isPoison(right)) return ERROR;
  const made = build.operation('equal', alike(unit, left, right), call.span);
  return made === undefined ? ERROR : valueTerm(made);
}

/** `implies`, `and`, `or`: of booleans a boolean, of formulas a formula. Later operands count only where they matter. */
function lowerConnective(unit: Unit, call: Call): Term {
  const kind = call.word as 'implies' | 'and' | 'or';
  const parts = call.node.arguments.map((node, at) => {
    const span = spanIn(call.scope, node);
    const lowered = nested(unit, () => lower(unit, node, call.scope));
    if (lowered.result.kind === 'formula' || lowered.result.kind === 'error') return { ...lowered, span };
    // The first operand is always worked out, so what it needs may stand before the whole.
    if (at === 0 && unit.purpose !== 'property') {
      unit.statements.push(...lowered.statements);
      lowered.statements.length = 0;
    }
    return { ...lowered, span };
  });
  if (parts.some((part) => part.result.kind === 'error')) return ERROR;
  if (parts.some((part) => part.result.kind === 'formula')) {
    const formulas = parts.map((part) => formulaOf(unit, part.result, part.statements, part.span));
    return {
      kind: 'formula',
      formula: formulas.reduceRight((right, left) => ({ kind, left, right, span: call.span })),
    };
  }
  const values = parts.map((part) =>
    pure(unit, part.span, () => {
      unit.statements.push(...part.statements);
      return asCondition(unit, valueOf(unit, part.result, part.span));
    }),
  );
  if (values.length === 0) return valueTerm(build.literal(kind === 'and', call.span));
  if (values.some(build.isPoison)) return ERROR;
  return valueTerm(
    kind === 'implies'
      ? values.reduceRight((right, left) => build.both(kind, left, right, call.span))
      : values.reduce((left, right) => build.both(kind, left, right, call.span)),
  );
}

function lowerNot(unit: Unit, call: Call): Term {
  const node = argument(unit, call, 0);
  if (node === undefined) return ERROR;
  const term = lower(unit, node, call.scope);
  if (term.kind === 'error') return ERROR;
  if (term.kind === 'formula')
    return { kind: 'formula', formula: { kind: 'not', operand: term.formula, span: call.span } };
  const operand = asCondition(unit, valueOf(unit, term, spanIn(call.scope, node)));
  return build.isPoison(operand) ? ERROR : valueTerm(build.not(operand, call.span));
}

function lowerTemporal(unit: Unit, call: Call): Term {
  if (unit.purpose !== 'property') {
    const help = 'an invariant and a step speak of states; declare it with `spec.property(…)`';
    return refuse(
      unit,
      temporalMisuse(spanIn(call.scope, call.node.expression), `\`${call.word}\` speaks of behaviors`, help),
    );
  }
  const operands: Formula[] = [];
  for (const node of call.node.arguments) {
    const { statements, result } = nested(unit, () => lower(unit, node, call.scope));
    if (result.kind === 'error') return ERROR;
    operands.push(formulaOf(unit, result, statements, spanIn(call.scope, node)));
  }
  const [left, right] = operands;
  const { span } = call;
  if (left === undefined) return ERROR;
  if (call.word === 'always' || call.word === 'eventually') {
    return { kind: 'formula', formula: { kind: call.word, operand: left, span } };
  }
  if (right === undefined) return ERROR;
  return { kind: 'formula', formula: { kind: call.word as 'until' | 'leadsTo', left, right, span } };
}

/** Where it is not what a `yield*` runs; see `delegation.ts`. */
function lowerMisplacedTimeout(unit: Unit, call: Call): Term {
  return refuse(
    unit,
    wordMisused(call.span, call.word, 'write it in a process: `const timedOut = yield* mayTimeOut("asleep")`'),
  );
}

/** `enabled(action, { r })` and `taken(action, { r })`. */
function lowerTaking(unit: Unit, call: Call): Term {
  const { span, scope } = call;
  if (call.word === 'taken' && unit.purpose !== 'property') {
    const help = 'it can be asked in `spec.property(…)`';
    return refuse(unit, wordMisused(spanIn(scope, call.node.expression), call.word, help));
  }
  const given = lowerArguments(unit, call.node.arguments, scope, span);
  const [taker, values] = given ?? [];
  if (taker === undefined || taker.kind === 'error') return ERROR;
  const declaration = taker.kind === 'host' ? definitionOf(taker.value) : undefined;
  if (declaration?.kind !== 'action' && declaration?.kind !== 'process' && declaration?.kind !== 'timeouts') {
    const help = 'name an action or a process of this spec';
    return refuse(
      unit,
      wrongArguments(spanIn(scope, call.node.arguments[0]!), `\`${call.word}\` of what is no action`, help),
    );
  }
  const fields = values?.kind === 'object' ? values.fields : new Map<string, Term>();
  const bound = unit.model.argumentsOf(declaration).map(({ name }) => {
    const term = fields.get(name);
    return term && valueOf(unit, term, span);
  });
  // A time-out is a step of the thread, although its fairness does not promise it.
  const timeouts = declaration.kind === 'process' ? unit.model.stepsOf(declaration.timeouts) : [];
  const actions = [...unit.model.stepsOf(declaration), ...timeouts];
  if (call.word === 'taken') {
    const formulas = actions.map((action): Formula => ({ kind: 'taken', action, arguments: bound, span }));
    if (formulas.length === 0) return ERROR;
    return { kind: 'formula', formula: formulas.reduce((left, right) => ({ kind: 'or', left, right, span })) };
  }
  const tests = actions.map((action): Expression => ({
    kind: 'enabled',
    action,
    arguments: bound,
    type: { kind: 'boolean' },
    span,
  }));
  if (tests.length === 0) return ERROR;
  return valueTerm(tests.reduce((left, right) => build.both('or', left, right, span)));
}
