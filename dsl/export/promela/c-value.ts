import type { Domain } from '../../ir/index.ts';
import type { FunctionScope } from './scope.ts';

/** C for a value, and its domain: what the C type is the type of. */
export interface CValue {
  readonly text: string;
  readonly domain: Domain;
  /** The text only names a place: evaluating it twice costs nothing. */
  readonly isPlace?: boolean;
}

export function truth(text: string): CValue {
  return { text, domain: { kind: 'boolean' } };
}

/** A statement expression that fills a fresh `r` of the domain. */
export function built(scope: FunctionScope, domain: Domain, fill: (r: string) => string): CValue {
  const shape = scope.writer.shapes.of(domain);
  const r = scope.names.take('r');
  const start = shape.kind === 'scalar' ? '0' : '{ 0 }';
  return { text: `({ ${shape.type} ${r} = ${start}; ${fill(r)} ${r}; })`, domain };
}

/** Binds a value to a name that may be read more than once, inside the text that `use` makes; a place stays one. */
export function bound(scope: FunctionScope, value: CValue, use: (text: string) => CValue): CValue {
  // What may fail is worked out once and where it stands, not where it is read.
  const isSimple = !/\{|\w\(/.test(value.text);
  if (value.isPlace && isSimple) return use(value.text);
  const { type, kind } = scope.writer.shapes.of(value.domain);
  const name = scope.names.take('v');
  // A scalar has no parts to reach, and within a struct it is no `int` to point to.
  if (!value.isPlace || kind === 'scalar') {
    const { text, domain } = use(name);
    return { text: `({ ${type} ${name} = ${value.text}; ${text}; })`, domain };
  }
  const { text, domain, isPlace } = use(`(*${name})`);
  const start = `${type} *${name} = &${value.text};`;
  return isPlace
    ? { text: `(*({ ${start} &${text}; }))`, domain, isPlace }
    : { text: `({ ${start} ${text}; })`, domain };
}
