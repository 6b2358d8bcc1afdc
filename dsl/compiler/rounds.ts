import type { ts as TS } from 'ts-morph';
import type { Span } from '../diagnostics/span.ts';
import type { Statement } from '../ir/index.ts';
import { bound, spanIn } from './access.ts';
import * as build from './build.ts';
import { bindPattern } from './destructure.ts';
import { keepParts } from './inline.ts';
import { givenBy, iteratorOf } from './loop.ts';
import type { Enclosure } from './enclosure.ts';
import { lookUp, scopeIn, type ListTerm, type Scope, type Term } from './term.ts';
import { ts } from './typescript.ts';
import { emit, freshName, keyOf, nested, type Frame, type Unit } from './unit.ts';
import { valueTerm } from './value.ts';

/**
 * A `for…of` with a `yield` in it over a list of what is no value, such as `[s.first, s.second]`: its body is written
 * once for each element, so that each has steps of its own.
 */
export type Round = Extract<Enclosure, { kind: 'round' }>;

const ELEMENTS = '#elements';

/** The scope of the rounds. */
export function beginRounds(unit: Unit, node: TS.ForOfStatement, list: ListTerm, scope: Scope): Scope {
  const inner = scopeIn(scope);
  const term = keepParts(unit, list, 'each', node.expression);
  inner.names.set(ELEMENTS, { kind: 'term', term, key: keyOf(unit, node, ELEMENTS) });
  return inner;
}

/** The body of one round, on its own. */
type RoundBody = (round: Round, inner: Scope, unit: Unit) => boolean;

/** The rounds from a given one on, of which the first has begun already if `resume` is given. */
export function lowerRounds(unit: Unit, from: Round, resume: (() => boolean) | undefined, body: RoundBody): boolean {
  const { node, scope } = from;
  const span = spanIn(scope, node);
  const breakTo = freshName(unit, 'break');
  const size = elementsOf(unit, scope, span)?.length ?? 0;
  let breaks = false;
  let completes = true;
  const { statements } = nested(unit, () => {
    for (let at = from.at; at < size && completes; at += 1) {
      const frame: Extract<Frame, { breakTo: string }> = {
        kind: 'loop',
        label: ts.isLabeledStatement(node.parent) ? node.parent.label.text : undefined,
        breakTo,
        continueTo: freshName(unit, 'continue'),
        breaks: false,
        continues: false,
      };
      unit.frames.push(frame);
      unit.calls.push({ span, round: at });
      const round: Round = { ...from, at };
      const lowered = nested(unit, () =>
        at === from.at && resume !== undefined ? resume() : lowerRound(unit, round, span, body),
      );
      unit.calls.pop();
      unit.frames.pop();
      wrap(unit, frame.continues ? frame.continueTo : undefined, lowered.statements, span);
      breaks ||= frame.breaks;
      completes = lowered.result || frame.continues;
    }
  });
  wrap(unit, breaks ? breakTo : undefined, statements, span);
  return completes || breaks;
}

function lowerRound(unit: Unit, round: Round, span: Span, body: RoundBody): boolean {
  const { node, scope, at } = round;
  const inner = scopeIn(scope);
  const element = elementsOf(unit, scope, span)?.[at];
  if (element === undefined) return true;
  const index = valueTerm(build.literal(at, span));
  const given = givenBy(iteratorOf(node.expression)?.method, index, element);
  const pattern = (node.initializer as TS.VariableDeclarationList).declarations[0]!.name;
  bindPattern(unit, pattern, given, { scope: inner, within: node.statement });
  return body(round, inner, unit);
}

function elementsOf(unit: Unit, scope: Scope, span: Span): readonly Term[] | undefined {
  const binding = lookUp(scope, ELEMENTS);
  const term = binding && bound(unit, binding, span);
  return term?.kind === 'list' ? term.elements : undefined;
}

/** Puts a block around statements that some of them leave. */
export function wrap(unit: Unit, label: string | undefined, statements: readonly Statement[], span: Span): void {
  if (label === undefined) unit.statements.push(...statements);
  else emit(unit, { kind: 'block', label, body: statements, span });
}
