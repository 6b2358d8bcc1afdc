import type { Value } from './value.ts';
import { isArray, isObject, setOf, SetValue } from './value.ts';

/** What JSON can hold. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * A value as JSON: as itself, except sets as `{"#set": […]}`, undefined as `{"#undefined": true}`, and an object with a
 * key that starts with `#` as `{"#map": [[key, value], …]}`.
 */
export function encodeValue(value: Value): Json {
  if (value === undefined) return { '#undefined': true };
  if (value instanceof SetValue) return { '#set': value.elements.map(encodeValue) };
  if (isArray(value)) return value.map(encodeValue);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([key, field]): [string, Json] => [key, encodeValue(field)]);
  return entries.some(([key]) => key.startsWith('#')) ? { '#map': entries } : Object.fromEntries(entries);
}

/**
 * The inverse of {@link encodeValue}.
 *
 * @throws TypeError for what no value is written as: an unknown `#` key.
 */
export function decodeValue(json: unknown): Value {
  if (json === null || typeof json === 'boolean' || typeof json === 'string' || typeof json === 'number') return json;
  if (Array.isArray(json)) return json.map(decodeValue);
  if (typeof json !== 'object') throw new TypeError(`a ${typeof json} is not a value`);
  const entries = Object.entries(json);
  const [tag] = entries;
  if (tag === undefined || !tag[0].startsWith('#')) {
    return Object.fromEntries(entries.map(([key, field]) => [key, decodeValue(field)]));
  }
  const [kind, content] = tag as [string, unknown];
  if (entries.length === 1 && kind === '#undefined') return undefined;
  if (entries.length === 1 && kind === '#set' && Array.isArray(content)) return setOf(content.map(decodeValue));
  if (entries.length === 1 && kind === '#map' && Array.isArray(content)) {
    return Object.fromEntries((content as [string, unknown][]).map(([key, field]) => [key, decodeValue(field)]));
  }
  throw new TypeError(`${JSON.stringify(kind)} marks no known kind of value`);
}
