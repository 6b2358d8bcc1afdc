import {
  compareValues,
  contains,
  formatValue,
  isArray,
  isObject,
  setOf,
  SetValue,
  valuesOf,
} from '../../dsl/ir/index.ts';
import type { Domain, ObjectValue, Value } from '../../dsl/ir/index.ts';
import { EvaluationFailed, StructuralSet, toValue, withoutAbsent } from './structural-set.ts';

/**
 * A state that a body can mutate, made of objects that behave as JavaScript's do: what is put somewhere is there itself,
 * so that several paths may lead to one object until the step is over. What is assigned must be in its domain, and what
 * is read must be there; else the step fails.
 */
export interface Draft {
  /** What the body gets. */
  readonly state: object;
  /** What it has become. */
  readonly value: () => ObjectValue;
}

export function draftOf(domain: Domain, value: ObjectValue): Draft {
  const raw = grow(domain, value) as object;
  const now = (): ObjectValue => {
    const made = toValue(raw);
    if (!contains(domain, made)) throw new EvaluationFailed(`${formatValue(made)} is no state`);
    return complete(domain, made) as ObjectValue;
  };
  return { state: view(domain, raw) as object, value: now };
}

/**
 * The same value with every absent optional field present as undefined, and nothing undefined that is no field, so that
 * equal states are equal values.
 */
export function complete(domain: Domain, value: Value): Value {
  const inner = memberFor(domain, value);
  if (value instanceof SetValue)
    return inner.kind === 'set' ? setOf(value.elements.map((one) => complete(inner.element, one))) : value;
  if (isArray(value)) return value.map((item, index) => complete(partOf(inner, value, String(index)), item));
  if (!isObject(value)) return value;
  return Object.fromEntries(keysOf(inner, value).map((key) => [key, complete(partOf(inner, value, key), value[key])]));
}

function keysOf(domain: Domain, value: ObjectValue): readonly string[] {
  if (domain.kind === 'record') return [...valuesOf(domain.key)].map(String);
  if (domain.kind === 'variant')
    return [domain.discriminator, ...presentCase(domain, value).map((field) => field.name)];
  return domain.kind === 'object' ? domain.fields.map((field) => field.name) : Object.keys(value);
}

/** Plain objects and arrays of a draft, or sets that know what they may hold. */
function grow(domain: Domain, value: Value): unknown {
  if (isArray(value)) return value.map((item, index) => grow(partOf(domain, value, String(index)), item));
  if (isObject(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([key, part]) => [key, grow(partOf(domain, value, key), part)]),
    );
  }
  if (!(value instanceof SetValue)) return value;
  const inner = memberFor(domain, value);
  return new StructuralSet(value, inner.kind === 'set' ? inner.element : undefined);
}

/** What bodies see of a part of the draft: scalars and sets as they are, objects and arrays through a watchful proxy. */
function view(domain: Domain, found: unknown): unknown {
  const part = itself(found);
  if (typeof part !== 'object' || part === null || part instanceof StructuralSet) return part;
  const seen: object = new Proxy(part, {
    get(target, key, receiver) {
      if (typeof key === 'symbol') return Reflect.get(target, key, receiver) as unknown;
      if (Array.isArray(target)) {
        if (Object.hasOwn(Array.prototype, key)) return arrayMember(domain, target, key, receiver);
        requireIndex(target, key);
      } else if (!Object.hasOwn(target, key)) requireField(domain, target, key);
      return view(partOf(domain, target, key), Reflect.get(target, key) as unknown);
    },
    set(target, key, made) {
      if (typeof key === 'symbol') throw new EvaluationFailed('a symbol is no key of the state');
      if (Array.isArray(target)) requireIndex(target, key);
      else if (!Object.hasOwn(target, key)) requireField(domain, target, key);
      const value = toValue(made);
      const inner = partOf(domain, target, key);
      if (!contains(inner, value))
        throw new EvaluationFailed(`${formatValue(value)} is not in the domain of \`${key}\``);
      return Reflect.set(target, key, placed(inner, made));
    },
    deleteProperty() {
      throw new EvaluationFailed('nothing of the state can be deleted');
    },
  });
  behind.set(seen, part);
  return seen;
}

/**
 * What is the same in all states, for bodies: nothing can change it, wherever it is put, and what is not there is no
 * `undefined`, but a failure.
 */
export function fixedView(made: unknown): unknown {
  if (made instanceof Set) return new StructuralSet([...(made as Set<unknown>)].map(fixedView));
  if (typeof made !== 'object' || made === null) return made;
  const raw: object = Array.isArray(made)
    ? made.map((part) => itself(fixedView(part)))
    : Object.fromEntries(Object.entries(made).map(([key, part]) => [key, itself(fixedView(part))]));
  Object.freeze(raw);
  return viewOfFixed(raw);
}

function viewOfFixed(raw: unknown): unknown {
  if (typeof raw !== 'object' || raw === null || raw instanceof StructuralSet) return raw;
  // What stands behind a view cannot be frozen itself: a proxy has to give frozen parts as they are.
  const shown: object = Array.isArray(raw) ? [...(raw as unknown[])] : { ...raw };
  const seen: object = new Proxy(shown, {
    get(target, key, receiver) {
      if (typeof key === 'symbol') return Reflect.get(target, key, receiver) as unknown;
      if (Array.isArray(target)) {
        if (Object.hasOwn(Array.prototype, key)) return arrayMember({ kind: 'never' }, target, key, receiver);
        requireIndex(target, key);
      } else if (!Object.hasOwn(target, key)) throw new EvaluationFailed(`there is no \`${key}\` here`);
      return viewOfFixed(Reflect.get(target, key) as unknown);
    },
    set() {
      throw new EvaluationFailed('what is fixed cannot be changed');
    },
    deleteProperty() {
      throw new EvaluationFailed('what is fixed cannot be changed');
    },
  });
  behind.set(seen, raw);
  return seen;
}

/** What a view shows. */
const behind = new WeakMap<object, unknown>();

/** An object of a draft, whichever view of it is given; anything else as it is. */
function itself(made: unknown): unknown {
  return typeof made === 'object' && made !== null ? (behind.get(made) ?? made) : made;
}

/** What is put into a draft: from now on a set there knows what it may hold. */
function placed(domain: Domain, made: unknown): unknown {
  const one = itself(made);
  if (!(one instanceof StructuralSet)) return one;
  const inner = memberFor(domain, one);
  if (inner.kind === 'set') one.restrict(inner.element);
  return one;
}

/** Whether two views, or sets, show the same object of a draft. */
export function showSame(one: object, other: object): boolean {
  return (behind.get(one) ?? one) === (behind.get(other) ?? other);
}

const MUTATORS: ReadonlySet<string> = new Set(['push', 'pop', 'shift', 'unshift', 'splice', 'reverse', 'sort', 'fill']);

/** Methods that change an array work on the array itself and are checked as one; those that search compare by value. */
function arrayMember(domain: Domain, target: unknown[], key: string, receiver: unknown): unknown {
  if (MUTATORS.has(key)) {
    return (...given: unknown[]) => {
      const changed = [...target];
      const method = changed[key as 'push'] as (...given: unknown[]) => unknown;
      const result = method.apply(changed, given.map(itself));
      const value = toValue(changed);
      if (!contains(domain, value))
        throw new EvaluationFailed(`${formatValue(value)} is not in the domain of the array`);
      target.splice(0, target.length, ...changed.map((item, at) => placed(partOf(domain, changed, String(at)), item)));
      return result === changed ? receiver : result;
    };
  }
  const plain = (one: unknown) => withoutAbsent(toValue(one));
  const indexOf = (sought: unknown, from = 0) => {
    const start = from < 0 ? Math.max(target.length + from, 0) : from;
    return target.findIndex((item, at) => start <= at && compareValues(plain(item), plain(sought)) === 0);
  };
  if (key === 'includes') return (sought: unknown, from?: number) => indexOf(sought, from) >= 0;
  if (key === 'indexOf') return indexOf;
  return Reflect.get(target, key, receiver) as unknown;
}

function requireIndex(target: readonly unknown[], key: string): void {
  const index = Number(key);
  if (!Number.isInteger(index) || index < 0 || target.length <= index) {
    throw new EvaluationFailed(`index ${key} is outside an array of ${target.length}`);
  }
}

function requireField(domain: Domain, target: object, key: string): void {
  const inner = memberFor(domain, target);
  const fields = inner.kind === 'object' ? inner.fields : inner.kind === 'variant' ? presentCase(inner, target) : [];
  if (!fields.some((field) => field.name === key)) throw new EvaluationFailed(`there is no \`${key}\` here`);
}

/** The domain of what is stored under `key` of an object or array. */
function partOf(domain: Domain, whole: unknown, key: string): Domain {
  const inner = memberFor(domain, whole);
  switch (inner.kind) {
    case 'object':
      return inner.fields.find((field) => field.name === key)!.domain;
    case 'variant':
      if (key === inner.discriminator)
        return { kind: 'enum', values: [(whole as Readonly<Record<string, string>>)[key]!] };
      return presentCase(inner, whole as object).find((field) => field.name === key)!.domain;
    case 'record':
      return inner.value;
    case 'array':
      return inner.element;
    case 'tuple':
      return inner.items[Number(key)]!;
    default:
      throw new TypeError(`a ${inner.kind} has no parts`);
  }
}

function presentCase(variant: Domain & { readonly kind: 'variant' }, whole: object) {
  const tag = (whole as Readonly<Record<string, unknown>>)[variant.discriminator];
  return variant.cases.find((one) => one.tag === tag)?.fields ?? [];
}

/** The alternative of a union that a value, or a part of a draft, belongs to. */
function memberFor(domain: Domain, value: unknown): Domain {
  if (domain.kind !== 'union') return domain;
  const kinds = kindsFor(value);
  const fitting = domain.members.find((one) => kinds?.includes(one.kind) ?? contains(one, value as Value));
  return fitting ?? { kind: 'never' };
}

/** What a compound value can be; undefined for a scalar. */
function kindsFor(value: unknown): readonly Domain['kind'][] | undefined {
  if (Array.isArray(value)) return ['array', 'tuple'];
  if (value instanceof SetValue || value instanceof StructuralSet) return ['set'];
  return typeof value === 'object' && value !== null ? ['object', 'variant', 'record'] : undefined;
}
