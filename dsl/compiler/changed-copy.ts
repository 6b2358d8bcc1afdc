import type { PathSegment, Statement } from '../ir/index.ts';
import { constantOf } from './build.ts';
import type { Shared } from './term.ts';
import { innerLists } from '../ir/fold.ts';

/**
 * Whether statements may change, in its place, an object that was put somewhere: an assignment to a part of it. Putting
 * another object there changes the place, and not the object.
 */
export function changes(statements: readonly Statement[], { reference, depth }: Shared): boolean {
  const place = reference.segments;
  return statements.some((statement) => {
    if (statement.kind !== 'assign')
      return innerLists(statement).some((inner) => changes(inner, { reference, depth, through: 0 }));
    const { root, path } = statement.target;
    if (root.kind !== reference.root.kind || root.name !== reference.root.name) return false;
    if (path.length <= place.length + depth) return false;
    return place.every((segment, at) => mayBeSame(segment, path[at]!));
  });
}

function mayBeSame(left: PathSegment, right: PathSegment): boolean {
  if (left.kind === 'field' || right.kind === 'field')
    return left.kind === 'field' && right.kind === 'field' ? left.name === right.name : true;
  const [one, other] = [constantOf(left.index), constantOf(right.index)];
  return one === undefined || other === undefined || one.value === other.value;
}
