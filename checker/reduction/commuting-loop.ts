import { hasNode, innerLists, partsOf } from '../../dsl/ir/fold.ts';
import type { Node } from '../../dsl/ir/fold.ts';
import { equalValues } from '../../dsl/ir/index.ts';
import type { Domain, Expression, Place, Statement } from '../../dsl/ir/index.ts';
import { integersOnly } from '../../dsl/ir/part.ts';
import { keyOf, mayFail, statementMayFail } from './may-fail.ts';

type Loop = Extract<Statement, { kind: 'for' }>;
type Assignment = Extract<Statement, { kind: 'assign' }>;

/**
 * Whether a loop leaves the same behind in whatever order its elements come, and fails, or is not possible, in any order
 * if it does in one.
 *
 * So it is if what a round writes is an entry of its own, or something that is only added to, or set to one constant, and
 * if no other round reads it. Anything else is taken to depend on the order.
 */
export function loopCommutes({ body, binder, indexBinder }: Loop): boolean {
  if (indexBinder !== undefined || leaves(body, new Set())) return false;
  // A guard that is false and a failure are different ends: the first to come decides.
  if (body.some(mayBeImpossible) && body.some(statementMayFail)) return false;
  const own = new Set(body.flatMap(localsOf));
  const isOwn = ({ root }: Place): boolean => root.kind === 'local' && own.has(root.name);
  const writes = body.flatMap(assignmentsIn).filter(({ target }) => !isOwn(target));
  const written = new Set(writes.map(({ target }) => keyOfRoot(target)));
  const isFixed = (index: Expression): boolean =>
    index.kind === 'literal' || (index.kind === 'local' && !own.has(index.name) && !written.has(keyOf(index)));
  return [...written].every((root) => {
    const group = writes.filter(({ target }) => keyOfRoot(target) === root);
    return (
      writeOwnEntries(group, root, { body, binder, isFixed }) ||
      onlyAdd(group, root, body) ||
      setOneConstant(group, root, body)
    );
  });
}

interface Round {
  readonly body: readonly Statement[];
  readonly binder: string;
  /** Whether an index is the same in all rounds. */
  readonly isFixed: (index: Expression) => boolean;
}

/** Whether all that is written and read of a variable in a round is in the entry of the round's element. */
function writeOwnEntries(writes: readonly Assignment[], root: string, { body, binder, isFixed }: Round): boolean {
  const entries = new Set(writes.map(({ target }) => ownEntryOf(target, binder, isFixed)));
  const [entry] = entries;
  if (entries.size !== 1 || entry === undefined) return false;
  const readsOthers = (node: Node): boolean => {
    if (isAccess(node) && keyOf(node) === entry) return false;
    return isRoot(node, root) || partsOf(node).some(readsOthers);
  };
  return !body.some(readsOthers);
}

/** The entry of the element of the round that a place is in, or is. */
function ownEntryOf({ root, path }: Place, binder: string, isFixed: Round['isFixed']): string | undefined {
  let key = root.kind === 'variable' ? `state ${root.name}` : `local ${root.name}`;
  for (const segment of path) {
    if (segment.kind === 'field') {
      key += `.${segment.name}`;
      continue;
    }
    const { index } = segment;
    key += `[${keyOf(index)}]`;
    if (index.kind === 'local' && index.name === binder) return key;
    if (!isFixed(index)) return undefined;
  }
  return undefined;
}

/** Whether a variable is only ever added to, or taken from, in one way, and not read otherwise. */
function onlyAdd(writes: readonly Assignment[], root: string, body: readonly Statement[]): boolean {
  const ways = new Set(writes.map((write) => wayOfAdding(write, root)));
  if (ways.size !== 1 || ways.has(undefined)) return false;
  let reads = 0;
  for (const statement of body) {
    hasNode(statement, (node) => {
      if (isRoot(node, root)) reads += 1;
      return false;
    });
  }
  // Each addition reads what it adds to.
  return reads === writes.length;
}

function wayOfAdding({ target, value }: Assignment, root: string): string | undefined {
  const place = keyOfPlace(target);
  const isApart = (part: Expression): boolean => !hasNode(part, (node) => isRoot(node, root));
  const areIndicesApart = target.path.every((segment) => segment.kind === 'field' || isApart(segment.index));
  if (!areIndicesApart) return undefined;
  if (value.kind === 'or' || value.kind === 'and') {
    const { left, right } = value;
    if (isApart(left) && keyOf(right) === place) return value.kind;
    return keyOf(left) === place && isApart(right) && !mayFail(right) ? value.kind : undefined;
  }
  if (value.kind !== 'operation' || value.operands.length !== 2) return undefined;
  const [left, right] = value.operands as [Expression, Expression];
  const isSwapped = keyOf(right) === place;
  const other = isSwapped ? left : right;
  if ((!isSwapped && keyOf(left) !== place) || !isApart(other)) return undefined;
  switch (value.operator) {
    case 'add':
    case 'subtract':
      if (isSwapped && value.operator === 'subtract') return undefined;
      return isInterval(target.domain) ? direction(other.type, value.operator === 'add') : undefined;
    case 'minimum':
    case 'maximum':
      return isInterval(target.domain) ? value.operator : undefined;
    case 'union':
      return 'union';
    case 'difference':
      return isSwapped ? undefined : 'difference';
    default:
      return undefined;
  }
}

/** Where sums only grow, or only fall, they leave their domain in any order if they do in one. */
function direction(type: Domain, isAdded: boolean): string | undefined {
  const interval = integersOnly(type);
  if (interval === undefined) return undefined;
  if (0 <= interval.min) return isAdded ? 'up' : 'down';
  return interval.max <= 0 ? (isAdded ? 'down' : 'up') : undefined;
}

/** In one with gaps, the way to a sum may lead through a gap or not. */
function isInterval(domain: Domain): boolean {
  return domain.kind === 'int';
}

/** Whether a variable is only set, in one place, to one constant, and not read. */
function setOneConstant(writes: readonly Assignment[], root: string, body: readonly Statement[]): boolean {
  const [first] = writes;
  const isSame = ({ target, value }: Assignment): boolean =>
    value.kind === 'literal' &&
    first!.value.kind === 'literal' &&
    equalValues(value.value, first!.value.value) &&
    target.path.every(({ kind }) => kind === 'field') &&
    keyOfPlace(target) === keyOfPlace(first!.target);
  return writes.every(isSame) && !body.some((statement) => hasNode(statement, (node) => isRoot(node, root)));
}

function isAccess(node: Node): node is Extract<Expression, { kind: 'index' }> {
  return node.kind === 'index';
}

function isRoot(node: Node, root: string): boolean {
  return (node.kind === 'variable' || node.kind === 'local') && keyOf(node) === root;
}

function keyOfRoot({ root }: Place): string {
  return `${root.kind === 'variable' ? 'state' : 'local'} ${root.name}`;
}

/** As `keyOf` of the expression that reads what is there. */
function keyOfPlace(place: Place): string {
  const path = place.path.map((segment) =>
    segment.kind === 'field' ? `.${segment.name}` : `[${keyOf(segment.index)}]`,
  );
  return keyOfRoot(place) + path.join('');
}

/** Whether something ends the loop before its last element. */
function leaves(body: readonly Statement[], inside: ReadonlySet<string>): boolean {
  return body.some((statement) => {
    if (statement.kind === 'exit') return !inside.has(statement.label);
    const labels = statement.kind === 'block' ? new Set([...inside, statement.label]) : inside;
    return innerLists(statement).some((block) => leaves(block, labels));
  });
}

function mayBeImpossible(statement: Statement): boolean {
  const isGuard = statement.kind === 'when' || statement.kind === 'choose';
  const isNone = statement.kind === 'either' && statement.branches.length === 0;
  return isGuard || isNone || innerLists(statement).some((block) => block.some(mayBeImpossible));
}

/** What an expression assigns on its way are locals of its own. */
function assignmentsIn(statement: Statement): readonly Assignment[] {
  if (statement.kind === 'assign') return [statement];
  return innerLists(statement).flatMap((block) => block.flatMap(assignmentsIn));
}

/** The names of locals that are declared anew in each round. */
function localsOf(statement: Statement): readonly string[] {
  const inner = innerLists(statement).flatMap((block) => block.flatMap(localsOf));
  switch (statement.kind) {
    case 'let':
    case 'choose':
      return [statement.name];
    case 'for':
      return [statement.binder, ...(statement.indexBinder === undefined ? [] : [statement.indexBinder]), ...inner];
    default:
      return inner;
  }
}
