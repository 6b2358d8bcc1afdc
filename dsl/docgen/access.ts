import { partsOf } from '../ir/fold.ts';
import type { Node } from '../ir/fold.ts';
import type { Action } from '../ir/index.ts';

/** The variables that a step may read and write. */
export interface Access {
  readonly reads: ReadonlySet<string>;
  readonly writes: ReadonlySet<string>;
}

/** What the body of an action mentions: an assignment to a part of a variable writes it, and so reads what it keeps of it only if it says so. */
export function accessOf(action: Action): Access {
  const reads = new Set<string>();
  const writes = new Set<string>();
  const visit = (node: Node): void => {
    if (node.kind === 'variable') reads.add(node.name);
    if (node.kind === 'assign' && node.target.root.kind === 'variable') writes.add(node.target.root.name);
    for (const part of partsOf(node)) visit(part);
  };
  for (const statement of action.body) visit(statement);
  return { reads, writes };
}
