import { bindings, boundsOf, evaluateBoolean } from './evaluate.ts';
import type { Place } from './place.ts';
import { isOperator } from './place.ts';
import type { Syntax } from './syntax.ts';

/**
 * A temporal formula as TLC 2026.04 takes it apart before it builds its tableau. What is here is only what decides whether
 * TLC takes a formula, and whether it may be trusted with it.
 */
type Live =
  | { readonly kind: 'constant'; readonly value: boolean }
  | { readonly kind: 'state' }
  | { readonly kind: 'action' }
  | { readonly kind: 'not' | 'always' | 'eventually'; readonly of: Live }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Live[] };

/**
 * Stops where TLC would stop at a property, and where it would answer wrongly: it pushes negations to the top of the
 * formulas that it builds tableaux of, but not below their first temporal operator; and it takes a constant there for
 * something that may be true or false.
 *
 * @param fairness - what is assumed besides.
 */
export function refuseWhatTlcRefuses(place: Place, name: string, property: Syntax, fairness: Syntax): void {
  refuseAtTheTop(place, name, property);
  const live = simplified({
    kind: 'and',
    parts: [liveOf(place, assumedBy(place, fairness)), { kind: 'not', of: liveOf(place, property) }],
  });
  if (live.kind === 'constant' && !live.value) throw new Error(`${name}: temporal formula is a tautology`);
  for (const one of topmost(live)) if (!isAboutForever(one)) refuseTableau(name, one);
}

/** A specification without its initial states and steps. */
function assumedBy(place: Place, specification: Syntax): Syntax {
  const isStep = ({ kind, parts }: Syntax): boolean => kind === 'step_expr_or_stutter' || parts.some(isStep);
  const parts = specification.parts.filter((item) => {
    const conjunct = item.parts.at(-1)!;
    return levelOf(place, conjunct) === 'temporal' && !isStep(conjunct);
  });
  return { ...specification, parts };
}

/** The conjuncts of a property, which TLC looks at one by one. */
function refuseAtTheTop(place: Place, name: string, syntax: Syntax): void {
  const { parts, roles } = syntax;
  const go = (part: Syntax, inside = place): void => refuseAtTheTop(inside, name, part);
  if (syntax.kind === 'boolean' && syntax.text === 'FALSE') throw new Error(`${name} is trivially false`);
  if (syntax.kind === 'parentheses') return go(parts[0]!);
  if (syntax.kind === 'conj_list') return parts.forEach((item) => go(item.parts.at(-1)!));
  if (syntax.kind !== 'bounded_quantification' || roles['quantifier']![0]!.kind !== 'forall') return;
  const ways = [...bindings(place, boundsOf(place, roles['bound']!))];
  if (ways.length === 0) throw new Error(`${name}: temporal formula is a tautology`);
  for (const inner of ways) go(roles['expression']![0]!, inner);
}

function liveOf(place: Place, syntax: Syntax): Live {
  const { parts, roles } = syntax;
  const go = (part: Syntax): Live => liveOf(place, part);
  const level = levelOf(place, syntax);
  if (level === 'constant') return { kind: 'constant', value: evaluateBoolean(place, syntax) };
  if (level !== 'temporal') return { kind: level };
  switch (syntax.kind) {
    case 'parentheses':
      return go(parts[0]!);
    case 'conj_list':
    case 'disj_list':
      return { kind: syntax.kind === 'conj_list' ? 'and' : 'or', parts: parts.map((item) => go(item.parts.at(-1)!)) };
    case 'identifier_ref':
      return go(place.model.operators.get(syntax.text)!.body);
    case 'bounded_quantification': {
      const ways = [...bindings(place, boundsOf(place, roles['bound']!))];
      const each = ways.map((inner) => liveOf(inner, roles['expression']![0]!));
      return { kind: roles['quantifier']![0]!.kind === 'forall' ? 'and' : 'or', parts: each };
    }
    case 'fairness': {
      const impossible: Live = { kind: 'not', of: { kind: 'state' } };
      const action: Live = { kind: 'action' };
      if (syntax.text.startsWith('WF')) return forever({ kind: 'or', parts: [impossible, action] });
      return { kind: 'or', parts: [atLast(impossible), forever(action)] };
    }
    case 'step_expr_no_stutter':
      return { kind: 'action' };
    case 'bound_prefix_op': {
      const of = go(roles['rhs']![0]!);
      const kind = roles['symbol']![0]!.kind;
      if (kind === 'lnot') return { kind: 'not', of };
      if (kind === 'always' || kind === 'eventually') return { kind, of };
      break;
    }
    case 'bound_infix_op': {
      const [left, right] = [go(roles['lhs']![0]!), go(roles['rhs']![0]!)];
      const kind = roles['symbol']![0]!.kind;
      if (kind === 'land') return { kind: 'and', parts: [left, right] };
      if (kind === 'lor') return { kind: 'or', parts: [left, right] };
      if (kind === 'implies') return { kind: 'or', parts: [{ kind: 'not', of: left }, right] };
      if (kind !== 'leads_to') break;
      const parts: Live[] = [
        { kind: 'not', of: left },
        { kind: 'eventually', of: right },
      ];
      return { kind: 'always', of: { kind: 'or', parts } };
    }
  }
  throw new Error(`TLC cannot handle the temporal formula ${syntax.kind}`);
}

const forever = (of: Live): Live => ({ kind: 'always', of: { kind: 'eventually', of } });
const atLast = (of: Live): Live => ({ kind: 'eventually', of: { kind: 'always', of } });

const LEVELS = ['constant', 'state', 'action', 'temporal'] as const;
type Level = (typeof LEVELS)[number];

const TEMPORAL_SYMBOLS: ReadonlySet<string> = new Set(['always', 'eventually', 'leads_to']);

/** The level of an expression for what is bound around it: bound values and constants are constants. */
export function levelOf(place: Place, syntax: Syntax): Level {
  const { kind, roles } = syntax;
  if (kind === 'fairness') return 'temporal';
  if (kind === 'step_expr_no_stutter' || kind === 'bound_postfix_op') return 'action';
  const symbol = roles['symbol']?.[0]?.kind;
  if (symbol === 'enabled') return 'state';
  if (symbol !== undefined && TEMPORAL_SYMBOLS.has(symbol)) return 'temporal';
  if (kind === 'record_value') return levelOf(place, syntax.parts[0]!);
  if (kind === 'identifier_ref' || kind === 'bound_op') {
    const name = kind === 'bound_op' ? roles['name']![0]!.text : syntax.text;
    if (kind === 'identifier_ref' && place.model.variables.has(name) && !place.context.has(name)) return 'state';
    const given = (roles['parameter'] ?? []).map((one) => levelOf(place, one));
    const found = place.context.get(name) ?? place.model.operators.get(name);
    const inside = isOperator(found)
      ? levelOf({ ...place, context: new Map(found.context ?? []) }, found.body)
      : 'constant';
    return highest([...given, inside]);
  }
  return highest(syntax.parts.map((part) => levelOf(place, part)));
}

function highest(levels: readonly Level[]): Level {
  return LEVELS[Math.max(0, ...levels.map((one) => LEVELS.indexOf(one)))]!;
}

/** Constants go, but not those below a temporal operator. */
function simplified(live: Live): Live {
  switch (live.kind) {
    case 'not': {
      const of = simplified(live.of);
      return of.kind === 'constant' ? { kind: 'constant', value: !of.value } : { kind: 'not', of };
    }
    case 'always':
    case 'eventually':
      return { kind: live.kind, of: simplified(live.of) };
    case 'and':
    case 'or': {
      const parts = live.parts.map(simplified);
      const settling = live.kind === 'or';
      if (parts.some((one) => one.kind === 'constant' && one.value === settling)) {
        return { kind: 'constant', value: settling };
      }
      const open = parts.filter(({ kind }) => kind !== 'constant');
      if (open.length === 0) return { kind: 'constant', value: !settling };
      return open.length === 1 ? open[0]! : { kind: live.kind, parts: open };
    }
    default:
      return live;
  }
}

/** One negation further down; it stops at the next negation, which it takes away. */
function negated(live: Live): Live {
  switch (live.kind) {
    case 'not':
      return live.of;
    case 'always':
      return { kind: 'eventually', of: negated(live.of) };
    case 'eventually':
      return { kind: 'always', of: negated(live.of) };
    case 'and':
      return { kind: 'or', parts: live.parts.map(negated) };
    case 'or':
      return { kind: 'and', parts: live.parts.map(negated) };
    default:
      return { kind: 'not', of: live };
  }
}

/** What is neither a conjunction nor a disjunction at the top; what stands below temporal operators stays as it is. */
function topmost(live: Live): readonly Live[] {
  switch (live.kind) {
    case 'not':
      return live.of.kind === 'state' || live.of.kind === 'action' ? [live] : topmost(negated(live.of));
    case 'or':
    case 'and':
      return live.parts.flatMap(topmost);
    default:
      return [live];
  }
}

/** `[]<>A` and `<>[]A` for what is not temporal itself: TLC needs no tableau. */
function isAboutForever(live: Live): boolean {
  if (live.kind !== 'always' && live.kind !== 'eventually') return false;
  const dual = live.kind === 'always' ? 'eventually' : 'always';
  return live.of.kind === dual && !hasTemporal(live.of.of);
}

function hasTemporal(live: Live): boolean {
  return live.kind === 'always' || live.kind === 'eventually' || partsOf(live).some(hasTemporal);
}

function partsOf(live: Live): readonly Live[] {
  return 'parts' in live ? live.parts : 'of' in live ? [live.of] : [];
}

function refuseTableau(name: string, live: Live): void {
  if (live.kind === 'action') {
    throw new Error(`${name}: temporal formulas containing actions must be of forms <>[]A or []<>A`);
  }
  if (live.kind === 'constant') throw new Error(`${name}: a constant where TLC takes it for true or false as it likes`);
  if (live.kind === 'not' && live.of.kind !== 'state') refuseTableau(name, live.of);
  if (live.kind === 'not' && live.of.kind !== 'state') {
    throw new Error(`${name}: a negation stands before a temporal formula where TLC does not push it further`);
  }
  partsOf(live).forEach((part) => refuseTableau(name, part));
}
