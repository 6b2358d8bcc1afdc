import type { System, Value } from '../../../dsl/ir/index.ts';
import { isArray, SetValue, setOf } from '../../../dsl/ir/index.ts';

/** Texts and names that TLA+, TLC's configurations or C have something against; each is used for one of a system. */
const ODD: readonly string[] = [
  '"',
  '\\',
  'WF_x',
  '_',
  'ф',
  'D',
  'tab\t',
  'DOMAIN',
  'a\\"b',
  'x_',
  'SF_',
  'field_5f_',
  '😀',
  '\\u{444}',
  'new\nline',
  '',
  'TRUE',
  'vars',
  '(*',
  '\\* x',
  'a b',
  '1',
  'null',
  '====',
];

const KEPT: ReadonlySet<string> = new Set([
  'kind',
  'operator',
  'span',
  'files',
  'model',
  'label',
  'strength',
  'version',
]);

/** A system in which enum members, fields, variables, actions and predicates have odd names, and how many of them there are. */
export function oddlyNamed(system: System): { readonly system: System; readonly renamed: number } {
  const names = new Map<string, string>();
  const odd = (name: string): string => {
    if (name.startsWith('$')) return name;
    const known = names.get(name) ?? (names.size < ODD.length ? ODD[names.size]! : `${name} odd`);
    names.set(name, known);
    return known;
  };
  const value = (one: Value): Value => {
    if (typeof one === 'string') return odd(one);
    if (one instanceof SetValue) return setOf(one.elements.map(value));
    if (typeof one !== 'object' || one === null) return one;
    if (isArray(one)) return one.map(value);
    return Object.fromEntries(Object.entries(one).map(([key, part]: [string, Value]) => [odd(key), value(part)]));
  };
  const go = (node: unknown, key: string): unknown => {
    if (KEPT.has(key)) return node;
    if (typeof node === 'string') return odd(node);
    if (Array.isArray(node)) return node.map((part) => go(part, key));
    if (typeof node !== 'object' || node === null) return node;
    const isLiteral = 'kind' in node && (node.kind === 'literal' || node.kind === 'parameter');
    const entries = Object.entries(node).map(([name, part]): [string, unknown] => [
      name,
      isLiteral && name === 'value' ? value(part as Value) : go(part, name),
    ]);
    return Object.fromEntries(entries);
  };
  const { files, model, doc, name, ...same } = system;
  // Invariants and steps may have one name; here each has its own, so that what is violated can be counted.
  const rest = { ...same, steps: same.steps.map((one) => ({ ...one, name: `${one.name} step` })) };
  const changed = go(rest, 'system') as Omit<System, 'files' | 'model' | 'doc' | 'name'>;
  const constants = same.constants.map((one) => ({
    ...one,
    name: odd(one.name),
    value: value(one.value),
    domain: go(one.domain, 'domain') as typeof one.domain,
  }));
  return { system: { files, model, doc, name, ...changed, constants }, renamed: names.size };
}
