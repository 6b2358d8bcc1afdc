import type {
  Code,
  FunctionCode,
  Import,
  Instruction,
  MemoryLimits,
  ModuleCode,
  Signature,
  ValueType,
} from './instruction.ts';
import { accessName, atomicName, numericName, vectorName } from './opcode-names.ts';

/**
 * A module in the text format, one instruction a line. Functions have names made of their own; what these were stands
 * beside as a comment.
 *
 * @see WebAssembly Core Specification 2.0, chapter 6. Cost: linear in the code.
 */
export function printModule(module: ModuleCode): string {
  const { types, imports, functions, memory, tableSize, globals, exports, data } = module;
  const names = namesOf(module);
  const lines = [
    ...types.map((type, index) => `(type (;${index};) (func${signature(type)}))`),
    ...imports.map((one) => `(import ${quoted(one.module)} ${quoted(one.name)} ${importKind(one)})`),
    ...(memory === undefined ? [] : [`(memory ${limits(memory)})`]),
    ...(tableSize === 0 ? [] : [`(table ${tableSize} ${tableSize} funcref)`]),
    ...globals.map(({ type, mutable, initial }) => `(global ${globalType(type, mutable)} (${type}.const ${initial}))`),
    ...functions.flatMap(({ name, type, code }, index) => {
      const id = names[names.length - functions.length + index]!;
      const head = [`(func ${id} (type ${type})${signature(types[type]!)}${comment(id === `$${name}` ? '' : name)}`];
      return [...head, ...functionLines(code, names).map((line) => `  ${line}`), ')'];
    }),
    ...exports.map(({ name, kind, index }) => {
      const what = kind === 'function' ? names[index] : index;
      return `(export ${quoted(name)} (${EXPORTED[kind]} ${what}))`;
    }),
    ...data.map(({ address, bytes }) => `(data (i32.const ${address}) "${escaped(bytes)}")`),
  ];
  return `(module\n${lines.map((line) => `  ${line}\n`).join('')})\n`;
}

const EXPORTED = { function: 'func', table: 'table', memory: 'memory', global: 'global' } as const;

/** By function, imported ones first: an identifier of its own. */
function namesOf({ imports, functions }: ModuleCode): readonly string[] {
  const taken = new Set<string>();
  const all = [...imports.filter(({ kind }) => kind === 'function'), ...functions].map(({ name }) => name);
  return all.map((name) => {
    const plain = name.replaceAll(/[^\w.]+/g, '_').replaceAll(/^_+|_+$/g, '') || 'f';
    let free = plain;
    for (let next = 2; taken.has(free); next += 1) free = `${plain}_${next}`;
    taken.add(free);
    return `$${free}`;
  });
}

function functionLines({ locals, body }: FunctionCode, names: readonly string[]): string[] {
  const declared = locals.length === 0 ? [] : [`(local ${locals.join(' ')})`];
  return [...declared, ...codeLines(body, names)];
}

function codeLines(code: Code, names: readonly string[]): string[] {
  return code.flatMap((one) => linesOf(one, names));
}

function linesOf(one: Instruction, names: readonly string[]): string[] {
  const inner = (code: Code): string[] => codeLines(code, names).map((line) => `  ${line}`);
  const label = 'label' in one ? `$l${one.label}` : '';
  const result = 'result' in one ? ` (result ${one.result})` : '';
  switch (one.op) {
    case 'block':
    case 'loop':
      return [`${one.op} ${label}${result}`, ...inner(one.body), 'end'];
    case 'if': {
      const otherwise = one.whenFalse === undefined ? [] : ['else', ...inner(one.whenFalse)];
      return [`if ${label}${result}`, ...inner(one.whenTrue), ...otherwise, 'end'];
    }
    case 'comment':
      return one.text.split(/[\n\r\v\f\u0085\u2028\u2029]/).map((line) => `;; ${line}`);
    default:
      return [instruction(one, names)];
  }
}

function instruction(
  one: Exclude<Instruction, { readonly op: 'block' | 'loop' | 'if' | 'comment' }>,
  names: readonly string[],
): string {
  switch (one.op) {
    case 'numeric':
      return numericName(one.code);
    case 'i32.const':
      return `i32.const ${one.value | 0}`;
    case 'i64.const':
      return `i64.const ${(BigInt(one.high | 0) << 32n) | BigInt(one.low >>> 0)}`;
    case 'local.get':
    case 'local.set':
    case 'local.tee':
      return `${one.op} ${one.local}`;
    case 'global.get':
    case 'global.set':
      return `${one.op} ${one.global}`;
    case 'call':
      return `call ${names[one.function]}`;
    case 'call_indirect':
      return `call_indirect (type ${one.type})`;
    case 'memory': {
      const alignment = one.alignment === one.access.size ? '' : ` align=${2 ** one.alignment}`;
      return accessName(one.access) + offset(one.offset) + alignment;
    }
    case 'atomic':
      return atomicName(one.access) + offset(one.offset);
    case 'vector':
      return vectorName(one.code) + (one.lane === undefined ? '' : ` ${one.lane}`);
    case 'v128.load':
      return `v128.load${offset(one.offset)}`;
    case 'br':
    case 'br_if':
      return `${one.op} $l${one.label}`;
    case 'br_table':
      return ['br_table', ...[...one.labels, one.otherwise].map((label) => `$l${label}`)].join(' ');
    default:
      return one.op;
  }
}

function offset(bytes: number): string {
  return bytes === 0 ? '' : ` offset=${bytes >>> 0}`;
}

function comment(text: string): string {
  return text === '' ? '' : ` ;; ${text.replaceAll(/[\n\r\v\f\u0085\u2028\u2029]/g, ' ')}`;
}

function signature({ parameters, results }: Signature): string {
  return list('param', parameters) + list('result', results);
}

function list(word: string, types: readonly ValueType[]): string {
  return types.length === 0 ? '' : ` (${word} ${types.join(' ')})`;
}

function importKind(one: Import): string {
  switch (one.kind) {
    case 'function':
      return `(func (type ${one.type}))`;
    case 'memory':
      return `(memory ${limits(one.limits)})`;
    case 'global':
      return `(global ${globalType(one.type, one.mutable)})`;
  }
}

function globalType(type: ValueType, mutable: boolean): string {
  return mutable ? `(mut ${type})` : type;
}

function limits({ minimum, maximum, shared }: MemoryLimits): string {
  return [minimum, ...(maximum === undefined ? [] : [maximum]), ...(shared === true ? ['shared'] : [])].join(' ');
}

function quoted(text: string): string {
  return `"${escaped(new TextEncoder().encode(text))}"`;
}

/** Printable ASCII stands for itself. */
function escaped(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) =>
    0x20 <= byte && byte < 0x7f && byte !== 0x22 && byte !== 0x5c
      ? String.fromCharCode(byte)
      : `\\${byte.toString(16).padStart(2, '0')}`,
  ).join('');
}
