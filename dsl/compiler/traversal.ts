import type { ts as TS } from 'ts-morph';
import { changingCollection, outsideLanguage } from '../diagnostics/catalog.ts';
import type { Span } from '../diagnostics/span.ts';
import type { Expression } from '../ir/index.ts';
import { setOf } from '../ir/index.ts';
import { arrayPart, collectionOf, isScalar, setPart } from '../ir/part.ts';
import { bound, element, spanIn } from './access.ts';
import { watch } from './aliasing.ts';
import * as build from './build.ts';
import { bindPattern } from './destructure.ts';
import { isPlain } from './inline.ts';
import { givenBy, iteratorOf } from './loop.ts';
import { asArray } from './literal.ts';
import { lower } from './lower-expression.ts';
import { beginRounds } from './rounds.ts';
import { lookUp, scopeIn, type Binding, type Local, type Scope, type Term } from './term.ts';
import { closedOver } from './step-thread.ts';
import { ts } from './typescript.ts';
import { declareLocal, freeze, keyOf, referenceTo, type Unit } from './unit.ts';
import { sharesOf } from './shares.ts';
import { iterable, emitAssign, keepIndices, refuse, valueOf, valueTerm } from './value.ts';

/**
 * A `for…of` with a `yield` in it. Other threads run between its rounds, so that what it goes through can change, and
 * each round looks at it anew, as JavaScript does:
 *
 * - an array or set of the state, or of a local: at the place that it was found at. Of an array the next index is taken,
 *   as long as there is one; of a set the first element that has not been taken, in the order of its domain.
 * - a value that is kept nowhere else (`values(Ring)`, `s.items.filter(…)`): the value that it was in the beginning.
 *
 * What has to be remembered is in names that nobody can write, and is kept in the state like other locals.
 */
const ITEMS = '#items';
const POSITION = '#position';
const TAKEN = '#taken';

/** How a loop goes about it, with what the rounds need in a scope of their own; undefined when it has been reported. */
export function beginTraversal(
  unit: Unit,
  node: TS.ForOfStatement,
  scope: Scope,
): { readonly kind: 'one by one' | 'rounds'; readonly scope: Scope } | undefined {
  const span = spanIn(scope, node.expression);
  if (!ts.isVariableDeclarationList(node.initializer) || node.awaitModifier !== undefined) {
    const help = 'declare it: `for (const x of items)`';
    refuse(unit, outsideLanguage(spanIn(scope, node.initializer), 'a loop variable from outside', help));
    return undefined;
  }
  const term = lower(unit, iteratorOf(node.expression)?.collection ?? node.expression, scope);
  if (term.kind === 'list' && !isPlain(term)) {
    return { kind: 'rounds', scope: beginRounds(unit, node, term, scope) };
  }
  const items = iterable(unit, term, span);
  if (items === undefined) return undefined;
  const inner = scopeIn(scope);
  const remember = (name: string, binding: Binding) =>
    inner.names.set(name, { ...binding, key: keyOf(unit, node, name) });
  const remembered = (name: string, local: Local) => remember(name, { kind: 'local', local, constant: false });

  const isSet = setPart(items.type) !== undefined;
  const array = asArray(items);
  if (array === undefined) return undefined;
  const own = unit.thread?.arguments.flatMap((one) => (one.kind === 'local' ? [one.name] : []));
  // What is the same in every step, such as `p.membersOf[me]`, needs not be kept.
  if (build.constantOf(array) !== undefined || closedOver(array, new Set(own))) {
    remember(ITEMS, { kind: 'term', term: valueTerm(array) });
  } else if (term.kind === 'reference') {
    const alias = watch(unit, node.expression.getText(), keepIndices(unit, term.reference));
    remember(ITEMS, { kind: 'alias', alias });
  } else {
    if (sharesOf(term).length > 0 && !isScalar(collectionOf(items.type)!.element)) {
      refuse(unit, changingCollection(span));
      return undefined;
    }
    remembered(ITEMS, declareLocal(unit, 'items', items, span, node.expression));
  }
  if (isSet && term.kind === 'reference') {
    const { element: of } = collectionOf(items.type)!;
    const none = build.literal(setOf([]), span, { kind: 'set', element: of });
    remembered(TAKEN, declareLocal(unit, 'taken', none, span, node));
  } else {
    const position = declareLocal(unit, 'position', build.literal(0, span), span, node.expression);
    const last = (arrayPart(array.type)?.maxLength ?? 1) - 1;
    position.declared = { kind: 'int', min: 0, max: Math.max(last, 0) };
    remembered(POSITION, position);
  }
  return { kind: 'one by one', scope: inner };
}

/**
 * The head of a round: binds the element it is about.
 *
 * @param exitUnless - leaves the loop where there is none.
 */
export function nextOf(
  unit: Unit,
  node: TS.ForOfStatement,
  scope: Scope,
  inner: Scope,
  exitUnless: (there: Expression) => void,
): void {
  const span = spanIn(scope, node.expression);
  const items = recall(unit, scope, ITEMS, span);
  const taken = localOf(unit, scope, TAKEN);
  const position = localOf(unit, scope, POSITION);
  if (items === undefined || (items.kind !== 'value' && items.kind !== 'reference')) return;
  const given = (index: Term, element: Term): Term => givenBy(iteratorOf(node.expression)?.method, index, element);
  const pattern = (node.initializer as TS.VariableDeclarationList).declarations[0]!.name;
  const bind = (term: Term) => bindPattern(unit, pattern, term, { scope: inner, within: node.statement });

  if (taken !== undefined) {
    const before = build.read(referenceTo(taken, span));
    const rest = freeze(unit, build.operation('difference', [valueOf(unit, items, span), before], span)!, 'rest');
    const size = build.operation('size', [rest], span)!;
    exitUnless(build.operation('greater', [size, build.literal(0, span)], span)!);
    const first = build.index(asArray(rest)!, build.literal(0, span), span)!;
    const found = freeze(unit, first, 'next');
    bind(given(valueTerm(found), valueTerm(found)));
    const one: Expression = { kind: 'set', elements: [found], type: before.type, span };
    emitAssign(unit, referenceTo(taken, span), build.operation('union', [before, one], span)!, span);
    return;
  }
  if (position === undefined) return;
  const array = asArray(valueOf(unit, items, span))!;
  const now = build.read(referenceTo(position, span));
  exitUnless(build.operation('less', [now, build.operation('size', [array], span)!], span)!);
  const index = freeze(unit, { ...now, type: position.declared ?? now.type }, 'index');
  const whole = items.kind === 'reference' && setPart(array.type) === undefined ? items : valueTerm(array);
  const found = element(unit, whole, index, span, node);
  const isSet = items.kind === 'value' && setPart(items.expression.type) !== undefined;
  bind(given(isSet ? found : valueTerm(index), found));
}

/** Between rounds. */
export function advance(unit: Unit, node: TS.ForOfStatement, scope: Scope): void {
  const position = localOf(unit, scope, POSITION);
  if (position === undefined) return;
  const span = spanIn(scope, node.expression);
  const next = build.operation('add', [build.read(referenceTo(position, span)), build.literal(1, span)], span)!;
  emitAssign(unit, referenceTo(position, span), next, span);
}

function recall(unit: Unit, scope: Scope, name: string, span: Span): Term | undefined {
  const binding = lookUp(scope, name);
  return binding && bound(unit, binding, span);
}

function localOf(unit: Unit, scope: Scope, name: string): Local | undefined {
  const binding = scope.names.get(name);
  if (binding?.kind === 'missing') unit.thread?.miss(binding.keys);
  return binding?.kind === 'local' ? binding.local : undefined;
}
