import type { Domain, Expression, Place } from '../../ir/index.ts';
import { typeOfIndex } from '../../ir/typing.ts';
import { partType } from '../tlaplus/environment.ts';
import type { Context } from './loop.ts';

/** The place as an expression; undefined for a part of a local. */
export function readOf(context: Context, { root, path, domain, span }: Place): Expression | undefined {
  if (root.kind === 'local') {
    return path.length > 0 ? undefined : { kind: 'local', name: root.name, type: domain, span };
  }
  let read: Expression = {
    kind: 'variable',
    name: root.name,
    next: false,
    type: context.domains.get(root.name)!,
    span,
  };
  for (const segment of path) {
    const type: Domain | undefined =
      segment.kind === 'index' ? typeOfIndex(read.type, segment.index.type) : partType(read.type, segment.name);
    if (type === undefined) return undefined;
    read =
      segment.kind === 'index'
        ? { kind: 'index', object: read, index: segment.index, type, span }
        : { kind: 'field', object: read, name: segment.name, type, span };
  }
  return read;
}
