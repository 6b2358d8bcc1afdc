import { equalValues, isArray, isObject, setOf, SetValue } from '../../dsl/ir/index.ts';
import type { ObjectValue, Value } from '../../dsl/ir/index.ts';
import type { Plan } from '../plan/plan.ts';
import { isMet } from './condition.ts';
import type { Condition } from './condition.ts';
import type { Explored } from './explored.ts';
import type { Reading } from './places.ts';

/** So many different values of the variables of a condition are looked through. */
const MOST_CLASSES = 5000;

/**
 * Makes a condition true in a state: changes what it reads to what it is in the explored state that differs least in
 * that. Undefined when it is true in none.
 */
export function granting(
  plan: Plan,
  explored: Explored,
  condition: Condition,
): (state: ObjectValue) => ObjectValue | undefined {
  const classes = explored.valuesOf(condition.variables);
  const some = Array.from({ length: Math.min(classes.count, MOST_CLASSES) }, (_, one) => classes.values(one));
  const met = some.filter((values) => isMet(plan, condition, values));
  return (state) => {
    let best: { readonly values: ObjectValue; readonly changes: number } | undefined;
    for (const values of met) {
      const changes = condition.readings.filter((reading) => !isSame(reading, values, state)).length;
      if (best === undefined || changes < best.changes) best = { values, changes };
    }
    if (best === undefined) return undefined;
    const { values } = best;
    const result = condition.readings.reduce((changed, reading) => copied(reading, values, changed), state);
    return isMet(plan, condition, result) ? result : undefined;
  };
}

function isSame(reading: Reading, left: ObjectValue, right: ObjectValue): boolean {
  return equalValues(readFrom(reading, left), readFrom(reading, right));
}

/** What is at the place, or for an element whether it is in there. */
function readFrom({ place, keys, member }: Reading, state: ObjectValue): Value {
  const value = keys.reduce<Value>(entryOf, state[place.variable]);
  return member === undefined ? value : elementsOf(value).some((element) => equalValues(element, member.element));
}

/** `into` with what is read as it is in `from`. */
function copied(reading: Reading, from: ObjectValue, into: ObjectValue): ObjectValue {
  const { place, keys, member } = reading;
  const update = (old: Value): Value => {
    if (member === undefined) return keys.reduce<Value>(entryOf, from[place.variable]);
    const others = elementsOf(old).filter((element) => !equalValues(element, member.element));
    const elements = readFrom(reading, from) === true ? [...others, member.element] : others;
    return old instanceof SetValue ? setOf(elements) : elements;
  };
  return { ...into, [place.variable]: replaced(into[place.variable], keys, update) };
}

function replaced(value: Value, [key, ...keys]: readonly Value[], update: (old: Value) => Value): Value {
  if (key === undefined) return update(value);
  const entry = replaced(entryOf(value, key), keys, update);
  if (isArray(value)) return value.map((item, index) => (index === key ? entry : item));
  return isObject(value) ? { ...value, [String(key)]: entry } : value;
}

function entryOf(value: Value, key: Value): Value {
  if (isArray(value)) return value[Number(key)];
  return isObject(value) ? value[String(key)] : undefined;
}

function elementsOf(value: Value): readonly Value[] {
  if (value instanceof SetValue) return value.elements;
  return isArray(value) ? value : [];
}
