import { applyOperator, evaluateInfix, evaluatePrefix } from './operator.ts';
import type { Operator, Place, SetLike } from './place.ts';
import { bind, enter, isOperator, lookUp, TooMuch } from './place.ts';
import type { Syntax } from './syntax.ts';
import type { TlaValue } from './value.ts';
import { keyOf, ModelValue, TlaFunction, TlaSet, TlcError } from './value.ts';

export const MOST_LISTED = 20_000;

/** The value of an expression that is no set, or a set that is listed. */
export function evaluate(place: Place, syntax: Syntax): TlaValue {
  const value = evaluateAny(place, syntax);
  return isSetLike(value) ? new TlaSet(value.list()) : value;
}

export function evaluateBoolean(place: Place, syntax: Syntax): boolean {
  const value = evaluate(place, syntax);
  if (typeof value !== 'boolean') throw new TlcError(`${keyOf(value)} is not a boolean`);
  return value;
}

export function evaluateInt(place: Place, syntax: Syntax): number {
  const value = evaluate(place, syntax);
  if (typeof value !== 'number') throw new TlcError(`${keyOf(value)} is not a number`);
  return value;
}

export function isSetLike(value: TlaValue | SetLike): value is SetLike {
  return typeof value === 'object' && 'list' in value;
}

export function setOf(place: Place, syntax: Syntax): SetLike {
  const value = evaluateAny(place, syntax);
  if (isSetLike(value)) return value;
  if (!(value instanceof TlaSet)) throw new TlcError(`${keyOf(value)} is no set`);
  return { has: (one) => value.has(one), list: () => [...value.elements.values()] };
}

/** The names that quantifier bounds bind, with the sets they range over. */
export function boundsOf(place: Place, bounds: readonly Syntax[]): { readonly name: string; readonly set: SetLike }[] {
  return bounds.flatMap((bound) =>
    bound.roles['intro']!.map((intro) => ({ name: intro.text, set: setOf(place, bound.roles['set']![0]!) })),
  );
}

/** Every way to bind the names. */
export function* bindings(place: Place, bounds: readonly { name: string; set: SetLike }[]): Generator<Place> {
  const [first, ...others] = bounds;
  if (first === undefined) {
    yield place;
    return;
  }
  for (const value of first.set.list()) yield* bindings(bind(place, first.name, value), others);
}

/** The context of a LET's body. */
export function letContext(place: Place, definitions: readonly Syntax[]): Place {
  let inner = place;
  for (const one of definitions) {
    const name = one.roles['name']![0]!.text;
    const body = one.roles['definition']![0]!;
    if (one.kind === 'operator_definition') {
      const parameters = (one.roles['parameter'] ?? []).map((parameter) => parameter.text);
      const operator: Operator = { parameters, body, context: inner.context };
      inner = bind(inner, name, operator);
      continue;
    }
    // `f[x \in S] == e`: applied on demand, with itself in sight.
    const bound = one.parts.find((part) => part.kind === 'quantifier_bound')!;
    const parameter = bound.roles['intro']![0]!.text;
    const context = new Map(inner.context);
    const recursive: Operator = { parameters: [parameter], body, context };
    context.set(name, recursive);
    inner = { ...inner, context };
  }
  return inner;
}

const values = new WeakMap<Operator, TlaValue | SetLike>();

/** What a LET without parameters stands for: worked out once for each time the LET is entered. */
function definedValue(place: Place, operator: Operator): TlaValue | SetLike {
  const isCached = operator.context !== undefined && !hasPrime(operator.body);
  const known = isCached ? values.get(operator) : undefined;
  if (known !== undefined) return known;
  const value = evaluateAny(enter(place, operator, []), operator.body);
  if (isCached) values.set(operator, value);
  return value;
}

const primed = new WeakMap<Syntax, boolean>();

function hasPrime(syntax: Syntax): boolean {
  let known = primed.get(syntax);
  if (known === undefined) {
    known = syntax.kind === 'bound_postfix_op' || syntax.parts.some(hasPrime);
    primed.set(syntax, known);
  }
  return known;
}

export function evaluateAny(place: Place, syntax: Syntax): TlaValue | SetLike {
  const go = (part: Syntax): TlaValue => evaluate(place, part);
  const { parts, roles } = syntax;
  switch (syntax.kind) {
    case 'nat_number':
      if (Number(syntax.text) > 2 ** 31 - 1) throw new TlcError(`${syntax.text} is too large`);
      return Number(syntax.text);
    case 'boolean':
      return syntax.text === 'TRUE';
    case 'string':
      return JSON.parse(syntax.text) as string;
    case 'boolean_set':
      return new TlaSet([false, true]);
    case 'parentheses':
      return evaluateAny(place, parts[0]!);
    case 'identifier_ref': {
      if (place.model.variables.has(syntax.text) && !place.context.has(syntax.text)) {
        const value = place.state.get(syntax.text);
        if (value === undefined) throw new TlcError(`${syntax.text} has no value yet`);
        return value;
      }
      const found = lookUp(place, syntax.text);
      return isOperator(found) ? definedValue(place, found) : found;
    }
    case 'bound_op':
      return applyOperator(place, roles['name']![0]!.text, roles['parameter'] ?? []);
    case 'conj_list':
      return parts.every((item) => evaluateBoolean(place, item.parts.at(-1)!));
    case 'disj_list':
      return parts.some((item) => evaluateBoolean(place, item.parts.at(-1)!));
    case 'if_then_else':
      return evaluateAny(place, evaluateBoolean(place, roles['if']![0]!) ? roles['then']![0]! : roles['else']![0]!);
    case 'let_in':
      return evaluateAny(letContext(place, roles['definitions']!), roles['expression']![0]!);
    case 'bounded_quantification': {
      const all = [...bindings(place, boundsOf(place, roles['bound']!))];
      const test = (inner: Place): boolean => evaluateBoolean(inner, roles['expression']![0]!);
      return roles['quantifier']![0]!.kind === 'forall' ? all.every(test) : all.some(test);
    }
    case 'choose': {
      const name = roles['intro']![0]!.text;
      for (const value of setOf(place, roles['set']![0]!).list()) {
        if (evaluateBoolean(bind(place, name, value), roles['expression']![0]!)) return value;
      }
      throw new TlcError('CHOOSE among nothing');
    }
    case 'finite_set_literal':
      return new TlaSet(parts.map(go));
    case 'set_filter': {
      const [bound] = boundsOf(place, roles['generator']!);
      const test = (value: TlaValue): boolean => evaluateBoolean(bind(place, bound!.name, value), roles['filter']![0]!);
      return { has: (value) => bound!.set.has(value) && test(value), list: () => bound!.set.list().filter(test) };
    }
    case 'set_map':
      return new TlaSet(
        [...bindings(place, boundsOf(place, roles['generator']!))].map((inner) => evaluate(inner, roles['map']![0]!)),
      );
    case 'tuple_literal':
      return TlaFunction.sequence(parts.filter(({ kind }) => !kind.endsWith('_bracket')).map(go));
    case 'record_literal': {
      const fields = parts.filter(({ kind }) => kind !== 'all_map_to');
      return TlaFunction.of(chunks(fields).map(([name, value]) => [name!.text, go(value!)]));
    }
    case 'set_of_records': {
      const fields = chunks(parts).map(([name, set]) => [name!.text, setOf(place, set!)] as const);
      return functionSet(
        fields.map(([name]) => name),
        (name) => fields.find(([one]) => one === name)![1],
      );
    }
    case 'set_of_functions': {
      const [domain, range] = parts.filter(({ kind }) => kind !== 'maps_to');
      const to = setOf(place, range!);
      return functionSet(setOf(place, domain!).list(), () => to);
    }
    case 'function_literal': {
      const bound = boundsOf(
        place,
        parts.filter(({ kind }) => kind === 'quantifier_bound'),
      )[0]!;
      const body = parts.at(-1)!;
      return TlaFunction.of(bound.set.list().map((value) => [value, evaluate(bind(place, bound.name, value), body)]));
    }
    case 'function_evaluation': {
      const [called, argument] = parts;
      if (called!.kind === 'identifier_ref') {
        const found = place.context.get(called!.text);
        if (isOperator(found) && found.parameters.length === 1)
          return evaluateAny(enter(place, found, [go(argument!)]), found.body);
      }
      const value = go(called!);
      if (!(value instanceof TlaFunction)) throw new TlcError(`${keyOf(value)} is no function`);
      return value.apply(go(argument!));
    }
    case 'record_value': {
      const value = go(parts[0]!);
      if (!(value instanceof TlaFunction)) throw new TlcError(`${keyOf(value)} has no field`);
      return value.apply(parts[1]!.text);
    }
    case 'except':
      return evaluateExcept(place, syntax);
    case 'prev_func_val':
      return go({ kind: 'identifier_ref', text: '@', parts: [], roles: {} });
    case 'bound_prefix_op':
      return evaluatePrefix(place, roles['symbol']![0]!.kind, roles['rhs']![0]!);
    case 'bound_postfix_op': {
      if (place.next === undefined) throw new TlcError('a prime where there is no next state');
      return evaluate({ ...place, state: place.next }, roles['lhs']![0]!);
    }
    case 'bound_infix_op':
      return evaluateInfix(place, roles['symbol']![0]!.kind, roles['lhs']![0]!, roles['rhs']![0]!);
    default:
      throw new Error(`no evaluation of ${syntax.kind} (${syntax.text})`);
  }
}

function chunks(parts: readonly Syntax[]): (readonly Syntax[])[] {
  return Array.from({ length: parts.length / 2 }, (_, index) => parts.slice(index * 2, index * 2 + 2));
}

export function functionSet(domain: readonly TlaValue[], range: (argument: TlaValue) => SetLike): SetLike {
  const keys = new Set(domain.map(keyOf));
  return {
    has(value) {
      if (value instanceof ModelValue) return false;
      if (!(value instanceof TlaFunction)) throw new TlcError(`whether ${keyOf(value)} is a function of a set`);
      if (value.entries.size !== keys.size || [...value.entries.keys()].some((key) => !keys.has(key))) return false;
      return [...value.entries.values()].every(([argument, result]) => range(argument).has(result));
    },
    list() {
      let all: (readonly (readonly [TlaValue, TlaValue])[])[] = [[]];
      const count = domain.reduce<number>((so, argument) => so * range(argument).list().length, 1);
      if (MOST_LISTED < count) throw new TooMuch(`a set of ${count} functions`);
      for (const argument of domain) {
        const results = range(argument).list();
        all = all.flatMap((pairs) => results.map((result) => [...pairs, [argument, result] as const]));
      }
      return all.map((pairs) => TlaFunction.of(pairs));
    },
  };
}

function evaluateExcept(place: Place, syntax: Syntax): TlaValue {
  let value = evaluate(place, syntax.roles['expr_to_update']![0]!);
  for (const update of syntax.parts.filter(({ kind }) => kind === 'except_update')) {
    const path = update.roles['update_specifier']!.flatMap((specifier) =>
      specifier.kind !== 'except_update_specifier'
        ? []
        : specifier.parts.map((segment) =>
            segment.kind === 'except_update_record_field' ? segment.parts[0]!.text : evaluate(place, segment.parts[0]!),
          ),
    );
    const change = (old: TlaValue, rest: readonly TlaValue[]): TlaValue => {
      const [first, ...others] = rest;
      if (first === undefined) return evaluate(bind(place, '@', old), update.roles['new_val']![0]!);
      if (!(old instanceof TlaFunction)) throw new TlcError(`EXCEPT of ${keyOf(old)}`);
      // TLC only warns here, and changes nothing.
      if (!old.has(first)) return old;
      const entries = new Map(old.entries);
      entries.set(keyOf(first), [first, change(old.apply(first), others)]);
      return new TlaFunction(entries);
    };
    value = change(value, path);
  }
  return value;
}
