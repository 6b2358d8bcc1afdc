import type { Node } from './node.ts';
import { except, inline, operand, PRECEDENCE, text } from './node.ts';
import { fieldName, record } from './value.ts';

/**
 * What a variable or local holds at some point of a step: what it held at first or was last assigned as a whole, and what
 * was assigned to parts of it since.
 */
export interface Held {
  readonly base: Node;
  readonly updates: readonly Update[];
}

interface Update {
  readonly path: readonly Segment[];
  readonly value: Node;
  /** As it is spelled within the EXCEPT, where `@` stands for what was there. */
  readonly shown: Node;
}

export type Segment =
  | { readonly kind: 'field'; readonly name: string }
  /** `node` is what stands in the brackets; `isConstant`: two of them with other texts are other places. */
  | { readonly kind: 'index'; readonly node: Node; readonly isConstant: boolean };

export function held(base: Node): Held {
  return { base, updates: [] };
}

/** After an assignment to a part, or to the whole when the path is empty. */
export function assigned(before: Held, path: readonly Segment[], value: Node, shown: Node = value): Held {
  if (path.length === 0) return held(value);
  // What was assigned there before is gone.
  const updates = before.updates.filter((update) => compare(path, update.path) !== 'around');
  return { base: before.base, updates: [...updates, { path, value, shown }] };
}

/** The whole, as one expression. */
export function whole({ base, updates }: Held): Node {
  const [first, ...others] = updates;
  if (first === undefined) return base;
  const written = replacedField(base, first);
  if (written !== undefined) return whole({ base: written, updates: others });
  return except(
    base,
    updates.map(({ path, shown }) => ({ path: path.map(segmentText).join(''), value: shown })),
  );
}

/** A record that is written out, with the field that an update is about replaced. */
function replacedField(base: Node, { path, value }: Update): Node | undefined {
  const [segment, ...deeper] = path;
  const fields = base.kind === 'text' ? base.fields : undefined;
  if (fields === undefined || segment?.kind !== 'field' || deeper.length > 0) return undefined;
  return record(fields.map((field) => (field[0] === segment.name ? [field[0], value] : field)));
}

/**
 * A part of what is held.
 *
 * @param onWhole - called when the part can only be read out of the whole with all its updates.
 */
export function part(value: Held, path: readonly Segment[], onWhole: () => void): Node {
  for (const update of value.updates.toReversed()) {
    const relation = compare(update.path, path);
    if (relation === 'apart') continue;
    if (relation === 'around') return selected(update.value, path.slice(update.path.length));
    onWhole();
    return selected(whole(value), path);
  }
  return selected(value.base, path);
}

/** `node.field[index]`. */
export function selected(node: Node, path: readonly Segment[]): Node {
  const [first, ...others] = path;
  if (first === undefined) return node;
  const field =
    node.kind === 'text' && first.kind === 'field' ? node.fields?.find(([name]) => name === first.name) : undefined;
  if (field !== undefined) return selected(field[1], others);
  return text(operand(node, PRECEDENCE.atom - 1) + path.map(segmentText).join(''));
}

function segmentText(segment: Segment): string {
  return segment.kind === 'field' ? `.${fieldName(segment.name)}` : `[${inline(segment.node)}]`;
}

/** Where the place of an update lies, seen from a place that is read: around it (or the same), apart, or who knows. */
function compare(update: readonly Segment[], read: readonly Segment[]): 'around' | 'apart' | 'unknown' {
  for (const [index, segment] of update.entries()) {
    const other = read[index];
    if (other === undefined) return 'unknown';
    if (segment.kind === 'field' || other.kind === 'field') {
      if (segment.kind !== 'field' || other.kind !== 'field') return 'unknown';
      if (segment.name !== other.name) return 'apart';
      continue;
    }
    if (inline(segment.node) === inline(other.node)) continue;
    return segment.isConstant && other.isConstant ? 'apart' : 'unknown';
  }
  return 'around';
}
