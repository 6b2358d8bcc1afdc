import {
  evaluate,
  evaluateAny,
  evaluateBoolean,
  evaluateInt,
  functionSet,
  isSetLike,
  MOST_LISTED,
  setOf,
} from './evaluate.ts';
import type { Place, SetLike } from './place.ts';
import { bind, enter, isOperator, TooMuch } from './place.ts';
import type { Syntax } from './syntax.ts';
import type { TlaValue } from './value.ts';
import { equal, keyOf, ModelValue, TlaFunction, TlaSet, TlcError } from './value.ts';

export function evaluatePrefix(place: Place, symbol: string, operand: Syntax): TlaValue | SetLike {
  switch (symbol) {
    case 'lnot':
      return !evaluateBoolean(place, operand);
    case 'enabled':
      return place.model.isEnabled(place, operand);
    case 'negative':
      return checkedInt(-evaluateInt(place, operand));
    case 'domain': {
      const value = evaluate(place, operand);
      if (!(value instanceof TlaFunction)) throw new TlcError(`DOMAIN of ${keyOf(value)}`);
      return new TlaSet([...value.entries.values()].map(([argument]) => argument));
    }
    case 'powerset': {
      const base = setOf(place, operand);
      return {
        has(value) {
          if (value instanceof ModelValue) return false;
          if (!(value instanceof TlaSet)) throw new TlcError(`whether ${keyOf(value)} is a subset`);
          return [...value.elements.values()].every((element) => base.has(element));
        },
        list: () => {
          const elements = base.list();
          if (MOST_LISTED < 2 ** elements.length) throw new TooMuch(`the subsets of ${elements.length}`);
          return elements.reduce<TlaSet[]>(
            (so, one) => [...so, ...so.map((set) => new TlaSet([...set.elements.values(), one]))],
            [new TlaSet([])],
          );
        },
      };
    }
    case 'union':
      return new TlaSet(
        setOf(place, operand)
          .list()
          .flatMap((set) => [...(set as TlaSet).elements.values()]),
      );
    case 'unchanged': {
      const variables =
        operand.kind === 'tuple_literal' ? operand.parts.filter(({ kind }) => kind === 'identifier_ref') : [operand];
      return variables.every((one) => equal(evaluate(place, one), evaluate({ ...place, state: place.next! }, one)));
    }
    default:
      throw new Error(`no evaluation of ${symbol}`);
  }
}

export function evaluateInfix(place: Place, symbol: string, left: Syntax, right: Syntax): TlaValue | SetLike {
  const int = (syntax: Syntax): number => evaluateInt(place, syntax);
  const compare = (test: (a: number, b: number) => boolean): boolean => test(int(left), int(right));
  switch (symbol) {
    case 'land':
      return evaluateBoolean(place, left) && evaluateBoolean(place, right);
    case 'lor':
      return evaluateBoolean(place, left) || evaluateBoolean(place, right);
    case 'implies':
      return !evaluateBoolean(place, left) || evaluateBoolean(place, right);
    case 'iff':
      return evaluateBoolean(place, left) === evaluateBoolean(place, right);
    case 'eq':
      return equal(evaluate(place, left), evaluate(place, right));
    case 'neq':
      return !equal(evaluate(place, left), evaluate(place, right));
    case 'in':
      return setOf(place, right).has(evaluate(place, left));
    case 'notin':
      return !setOf(place, right).has(evaluate(place, left));
    case 'lt':
      return compare((a, b) => a < b);
    case 'leq':
      return compare((a, b) => a <= b);
    case 'gt':
      return compare((a, b) => a > b);
    case 'geq':
      return compare((a, b) => a >= b);
    case 'plus':
      return checkedInt(int(left) + int(right));
    case 'minus':
      return checkedInt(int(left) - int(right));
    case 'mul':
      return checkedInt(int(left) * int(right));
    case 'div': {
      const by = int(right);
      if (by === 0) throw new TlcError('division by zero');
      return checkedInt(Math.floor(int(left) / by));
    }
    case 'mod': {
      const by = int(right);
      if (by <= 0) throw new TlcError('the second argument of % must be positive');
      return ((int(left) % by) + by) % by;
    }
    case 'dots_2': {
      const [low, high] = [int(left), int(right)];
      return {
        has: (value) => {
          if (value instanceof ModelValue) return false;
          if (typeof value !== 'number') throw new TlcError(`whether ${keyOf(value)} is in an interval`);
          return low <= value && value <= high;
        },
        list: () => {
          if (MOST_LISTED < high - low) throw new TooMuch(`an interval of ${high - low + 1}`);
          return Array.from({ length: Math.max(0, high - low + 1) }, (_, index) => low + index);
        },
      };
    }
    case 'cup': {
      const [a, b] = [setOf(place, left), setOf(place, right)];
      return {
        has: (value) => a.has(value) || b.has(value),
        list: () => [...new TlaSet([...a.list(), ...b.list()]).elements.values()],
      };
    }
    case 'cap': {
      const [a, b] = [setOf(place, left), setOf(place, right)];
      return new TlaSet(a.list().filter((value) => b.has(value)));
    }
    case 'setminus': {
      const [a, b] = [setOf(place, left), setOf(place, right)];
      return new TlaSet(a.list().filter((value) => !b.has(value)));
    }
    case 'subseteq': {
      const b = setOf(place, right);
      return setOf(place, left)
        .list()
        .every((value) => b.has(value));
    }
    case 'times': {
      const factors: SetLike[] = [];
      const collect = (syntax: Syntax): void => {
        if (syntax.kind === 'bound_infix_op' && syntax.roles['symbol']![0]!.kind === 'times') {
          collect(syntax.roles['lhs']![0]!);
          factors.push(setOf(place, syntax.roles['rhs']![0]!));
        } else factors.push(setOf(place, syntax));
      };
      collect(left);
      factors.push(setOf(place, right));
      return functionSet(
        factors.map((_, index) => index + 1),
        (index) => factors[(index as number) - 1]!,
      );
    }
    case 'circ': {
      const [a, b] = [evaluate(place, left), evaluate(place, right)];
      if (!(a instanceof TlaFunction && b instanceof TlaFunction)) throw new TlcError('\\o of what is no sequence');
      return TlaFunction.sequence([...a.items(), ...b.items()]);
    }
    case 'map_to':
      return TlaFunction.of([[evaluate(place, left), evaluate(place, right)]]);
    case 'compose': {
      const [a, b] = [evaluate(place, left) as TlaFunction, evaluate(place, right) as TlaFunction];
      return new TlaFunction(new Map([...b.entries, ...a.entries]));
    }
    default:
      throw new Error(`no evaluation of ${symbol}`);
  }
}

export function applyOperator(place: Place, name: string, given: readonly Syntax[]): TlaValue | SetLike {
  const value = (index: number): TlaValue => evaluate(place, given[index]!);
  const items = (index: number): readonly TlaValue[] => {
    const sequence = value(index);
    if (!(sequence instanceof TlaFunction && sequence.isSequence()))
      throw new TlcError(`${keyOf(sequence)} is no sequence`);
    return sequence.items();
  };
  const local = place.context.get(name) ?? place.model.operators.get(name);
  if (isOperator(local))
    return evaluateAny(
      enter(
        place,
        local,
        given.map((one) => evaluateArgument(place, one)),
      ),
      local.body,
    );
  switch (name) {
    case 'Len':
      return items(0).length;
    case 'Append':
      return TlaFunction.sequence([...items(0), value(1)]);
    case 'Cardinality': {
      const set = value(0);
      if (!(set instanceof TlaSet)) throw new TlcError(`Cardinality of ${keyOf(set)}`);
      return set.elements.size;
    }
    case 'Seq': {
      const element = setOf(place, given[0]!);
      return {
        has: (one) => {
          if (one instanceof ModelValue) return false;
          if (!(one instanceof TlaFunction)) throw new TlcError(`whether ${keyOf(one)} is a sequence`);
          return one.isSequence() && one.items().every((item) => element.has(item));
        },
        list: () => {
          throw new TlcError('Seq is listed');
        },
      };
    }
    case 'SubSeq':
      return TlaFunction.sequence(
        items(0).slice((value(1) as number) - 1, Math.max(value(2) as number, (value(1) as number) - 1)),
      );
    case 'SelectSeq': {
      const lambda = given[1]!;
      const [parameter] = lambda.parts;
      const body = lambda.parts.at(-1)!;
      return TlaFunction.sequence(items(0).filter((item) => evaluateBoolean(bind(place, parameter!.text, item), body)));
    }
    case 'Assert':
      if (evaluateBoolean(place, given[0]!)) return true;
      throw new TlcError(String(value(1)));
    default:
      throw new Error(`no operator ${name}`);
  }
}

/** An argument: a set that TLC would not list is passed as what it is, under the name of its syntax. */
function evaluateArgument(place: Place, syntax: Syntax): TlaValue {
  const found = evaluateAny(place, syntax);
  return isSetLike(found) ? (found as unknown as TlaValue) : found;
}

function checkedInt(value: number): number {
  if (value < -(2 ** 31) || 2 ** 31 - 1 < value) throw new TlcError(`overflow: ${value}`);
  return value + 0;
}
