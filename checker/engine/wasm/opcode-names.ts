import { atomic, i32, i64, load, store, vector } from './opcodes.ts';
import type { MemoryOpcode } from './opcodes.ts';

/*
 * The names that instructions have in the text format, made of the keys they have in `opcodes.ts`.
 */

const NUMERIC = new Map([...named(i32, (key) => `i32.${key}`), ...named(i64, (key) => `i64.${key}`)]);

/** `i32_8u`: what is loaded, and what of it stands in memory. */
const ACCESS = new Map([
  ...namedCodes(load, (key) => memoryName('load', key)),
  ...namedCodes(store, (key) => memoryName('store', key)),
]);

const ATOMIC = new Map(
  namedCodes(atomic, (key) => {
    const [, type = '', rest = ''] = /^(i32|i64)_(.*)$/.exec(key) ?? [];
    if (type === '') return `memory.atomic.${key}`;
    if (rest === 'load' || rest === 'store') return `${type}.atomic.${rest}`;
    return `${type}.atomic.rmw.${{ exchange: 'xchg', compare_exchange: 'cmpxchg' }[rest] ?? rest}`;
  }),
);

const VECTOR = new Map(named(vector, (key) => (key.startsWith('i64x2_') ? key.replace('_', '.') : `v128.${key}`)));

export function numericName(code: number): string {
  return nameIn(NUMERIC, code);
}

export function accessName({ code }: MemoryOpcode): string {
  return nameIn(ACCESS, code);
}

export function atomicName({ code }: MemoryOpcode): string {
  return nameIn(ATOMIC, code);
}

export function vectorName(code: number): string {
  return nameIn(VECTOR, code);
}

function memoryName(verb: string, key: string): string {
  const [type = '', part = ''] = key.split('_');
  const [, width = '', sign = ''] = /^(\d*)([su]?)$/.exec(part) ?? [];
  return `${type}.${verb}${width}${sign === '' ? '' : `_${sign}`}`;
}

function named(codes: Readonly<Record<string, number>>, name: (key: string) => string): [number, string][] {
  return Object.entries(codes).map(([key, code]) => [code, name(key)]);
}

function namedCodes(codes: Readonly<Record<string, MemoryOpcode>>, name: (key: string) => string): [number, string][] {
  return Object.entries(codes).map(([key, { code }]) => [code, name(key)]);
}

function nameIn(names: ReadonlyMap<number, string>, code: number): string {
  const name = names.get(code);
  if (name === undefined) throw new Error(`internal: an instruction without a name, ${code}`);
  return name;
}
