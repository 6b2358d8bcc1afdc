import { deserialize, serialize } from 'node:v8';
import { SetValue } from '../../dsl/ir/index.ts';

/**
 * Plain data as bytes, for a file or another thread of this very build: systems, results and what belongs to them.
 *
 * Objects that are shared stay shared, which keeps the domains and spans of a system small. The one class among the
 * values is kept by a list of its instances, since copying loses what class an object has.
 */
export function pack(data: unknown): Buffer {
  const sets = new Set<SetValue>();
  gatherSets(data, sets, new Set());
  return serialize([data, [...sets]]);
}

/** The inverse of {@link pack}; whether the bytes are what it wrote is the caller's business. */
export function unpack(bytes: Uint8Array): unknown {
  const [data, sets] = deserialize(bytes) as [unknown, readonly object[]];
  for (const set of sets) Object.setPrototypeOf(set, SetValue.prototype);
  return data;
}

function gatherSets(data: unknown, found: Set<SetValue>, seen: Set<object>): void {
  const waiting: unknown[] = [data];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (typeof next !== 'object' || next === null || ArrayBuffer.isView(next) || seen.has(next)) continue;
    seen.add(next);
    if (next instanceof SetValue) found.add(next);
    for (const part of Object.values(next)) waiting.push(part);
  }
}
