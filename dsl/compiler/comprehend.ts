import { wrongArguments } from '../diagnostics/catalog.ts';
import type { Span } from '../diagnostics/span.ts';
import type { Comprehension, Domain, Expression } from '../ir/index.ts';
import { joinDomains, widen } from '../ir/join.ts';
import { collectionOf } from '../ir/part.ts';
import { attempt } from './attempt.ts';
import * as build from './build.ts';
import { callClosure, takes } from './inline.ts';
import type { Closure, Shared, Term } from './term.ts';
import { nested, type Unit } from './unit.ts';
import { Growth } from './too-large.ts';
import { sharesOf, sharesOfCopy, sharesOfElement } from './shares.ts';
import { asCondition, ERROR, freshStable, pure, refuse, valueOf, valueTerm } from './value.ts';
import { parameterName } from './built-in.ts';

/** What is gone through. */
export interface Collected {
  readonly over: Expression;
  readonly overTerm: Term;
  /** Whether the function is not given it: `Array.from(items, f)`. */
  readonly alone?: boolean;
}

/** `over.filter((x, i) => …)` and its like: the function is expanded for an element that stands for each. */
export function comprehend(
  unit: Unit,
  operator: Comprehension['operator'],
  { over, overTerm, alone = false }: Collected,
  closure: Closure,
  span: Span,
): Term {
  const { element, max } = collectionOf(over.type)!;
  const binder = freshStable(unit, parameterName(closure, 'each'));
  const usesIndex = takes(closure, 1);
  const indexBinder = usesIndex ? freshStable(unit, parameterName(closure, 'index', 1)) : undefined;
  const given: Term[] = [valueTerm(build.local(binder, element, span), sharesOfElement(overTerm))];
  if (indexBinder !== undefined) {
    given.push(valueTerm(build.local(indexBinder, { kind: 'int', min: 0, max: Math.max(max - 1, 0) }, span)));
    if (!alone) given.push(overTerm); // the collection itself
  }
  let shared: readonly Shared[] = [];
  const body = pure(unit, span, () => {
    const term = callClosure(unit, closure, given, span);
    shared = sharesOf(term);
    const value = valueOf(unit, term, span);
    return operator === 'map' || operator === 'record' ? value : asCondition(unit, value);
  });
  if (build.isPoison(body)) return ERROR;
  // Of what is no part of the element that it is made for, there is one for all of them.
  const own = new Set(sharesOfElement(overTerm).map(({ reference }) => reference));
  const isOfElement = ({ reference }: Shared): boolean =>
    own.has(reference) ||
    (reference.local !== undefined && unit.depth < reference.local.depth) ||
    reference.segments.some(
      (segment) =>
        segment.kind === 'index' &&
        segment.index.kind === 'local' &&
        [binder, indexBinder].includes(segment.index.name),
    );
  const made = build.comprehension(operator, { binder, indexBinder }, over, body, span);
  if (made === undefined) return ERROR;
  switch (operator) {
    case 'filter':
      return valueTerm(made, sharesOfCopy(overTerm));
    case 'find':
      return valueTerm(made, sharesOfElement(overTerm));
    case 'map':
    case 'record':
      return valueTerm(
        made,
        shared.map((one) => ({
          ...one,
          through: one.through + 1,
          ...(isOfElement(one) ? {} : { many: true as const }),
        })),
      );
    default:
      return valueTerm(made);
  }
}

/** How often a fold's body is lowered before its accumulator is given all the room there is. */
const PATIENCE = 12;

/** `over.reduce((accumulator, x, i) => …, initial)`: the accumulator's type is found by lowering until it holds. */
export function fold(unit: Unit, { over, overTerm, initial, initialTerm }: Folded, closure: Closure, span: Span): Term {
  const { element, max } = collectionOf(over.type)!;
  let type: Domain = initial.type;
  const growth = new Growth();
  // What the accumulator may have in common with the state: what it begins with, elements, and what is made of them.
  const shares: readonly Shared[] = [...sharesOf(initialTerm), ...sharesOfElement(overTerm)];
  for (let pass = 0; ; pass += 1) {
    const forget = attempt(unit);
    const accumulator = freshStable(unit, parameterName(closure, 'total'));
    const binder = freshStable(unit, parameterName(closure, 'each', 1));
    const usesIndex = takes(closure, 2);
    const indexBinder = usesIndex ? freshStable(unit, parameterName(closure, 'index', 2)) : undefined;
    const given = [
      valueTerm(build.local(accumulator, type, span), shares),
      valueTerm(build.local(binder, element, span), sharesOfElement(overTerm)),
    ];
    if (indexBinder !== undefined) {
      given.push(valueTerm(build.local(indexBinder, { kind: 'int', min: 0, max: Math.max(max - 1, 0) }, span)));
      given.push(overTerm);
    }
    let more: readonly Shared[] = [];
    const lowered = nested(unit, () =>
      pure(unit, span, () => {
        const term = callClosure(unit, closure, given, span);
        more = sharesOf(term);
        return valueOf(unit, term, span);
      }),
    );
    const body = lowered.result;
    if (build.isPoison(body)) return ERROR;
    const joined = growth.holdsItself(type, body.type) ? 'itself' : joinDomains(type, body.type);
    if (joined === 'itself') {
      const help =
        'a value is a tree: collect in an array what it would be made of, such as `[...total, x]` from `[]` on';
      return refuse(unit, wrongArguments(span, 'the accumulator of this `reduce` would hold itself', help));
    }
    if (joined === undefined) {
      const help = 'give the accumulator one shape from the start';
      return refuse(unit, wrongArguments(span, 'the accumulator of this `reduce` changes its shape', help));
    }
    if (JSON.stringify(joined) !== JSON.stringify(type)) {
      forget();
      type = Math.min(max, PATIENCE) <= pass ? widen(joined) : joined;
      continue;
    }
    return valueTerm(
      {
        kind: 'fold',
        accumulator,
        binder,
        ...(indexBinder === undefined ? {} : { indexBinder }),
        over,
        initial: build.adapt(initial, type),
        body: build.adapt(body, type),
        type,
        span,
      },
      [...shares, ...more],
    );
  }
}

/** What `reduce` goes through and begins with, as values and as what they are in the source. */
interface Folded {
  readonly over: Expression;
  readonly overTerm: Term;
  readonly initial: Expression;
  readonly initialTerm: Term;
}
