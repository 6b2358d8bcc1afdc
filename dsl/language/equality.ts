/**
 * Whether two values are the same value: objects field by field, arrays element by element, sets whatever their order.
 * `===` says so of scalars only; of two objects it says, in JavaScript, whether they are one and the same.
 */
export function equal<Value>(left: Value, right: NoInfer<Value>): boolean {
  return same(left, right);
}

function same(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  if (left instanceof Set || right instanceof Set) {
    if (!(left instanceof Set && right instanceof Set) || left.size !== right.size) return false;
    const others = [...(right as Set<unknown>)];
    return [...(left as Set<unknown>)].every((element) => others.some((other) => same(element, other)));
  }
  if (Array.isArray(left) !== Array.isArray(right)) return false;
  // An optional field that is absent is the same as one that is undefined.
  const fields = new Map([...Object.keys(left), ...Object.keys(right)].map((key) => [key, true]));
  if (Array.isArray(left) && left.length !== (right as unknown[]).length) return false;
  return [...fields.keys()].every((key) => same(ownField(left, key), ownField(right, key)));
}

function ownField(object: object, key: string): unknown {
  return Object.hasOwn(object, key) ? Reflect.get(object, key) : undefined;
}
