import { partsOf } from '../ir/fold.ts';
import type { Node } from '../ir/fold.ts';
import type { Action, Domain, ObjectDomain, Variable } from '../ir/index.ts';

/** The variables, or parts of variables, that a step may read and write. */
interface Access {
  readonly reads: ReadonlySet<string>;
  readonly writes: ReadonlySet<string>;
}

/** What the body of an action mentions: an assignment to a part of a variable writes it, and so reads what it keeps of it only if it says so. */
export function accessOf(action: Action): Access {
  return accessBy(action, (variable) => [variable]);
}

/**
 * The same, of the parts of variables: `ring[·].lock`, whatever the key.
 *
 * @param isWhole - whether an object is no more told apart by its fields, as a lock is not.
 */
export function partAccessOf(
  action: Action,
  variables: readonly Variable[],
  isWhole: (domain: ObjectDomain) => boolean,
): Access {
  const domains = new Map(variables.map(({ name, domain }) => [name, domain]));
  return accessBy(action, (variable, path) => {
    const domain = domains.get(variable);
    return domain === undefined ? [variable] : partsAt(variable, domain, path, isWhole);
  });
}

/** The parts of a variable. */
export function partsOfVariable(
  { name, domain }: Variable,
  isWhole: (domain: ObjectDomain) => boolean,
): readonly string[] {
  return partsAt(name, domain, [], isWhole);
}

/** A field, or any entry. */
type Segment = { readonly field: string } | 'entry';

/** The parts that are at a place or in what is there: the fields of a variable, or of what it has entries of. */
function partsAt(
  name: string,
  domain: Domain,
  [first, ...rest]: readonly Segment[],
  isWhole: (domain: ObjectDomain) => boolean,
): readonly string[] {
  switch (domain.kind) {
    case 'object': {
      if (isWhole(domain)) return [name];
      const asked = typeof first === 'object' ? first.field : undefined;
      const fields = domain.fields.filter((field) => asked === undefined || field.name === asked);
      return fields.map((field) => `${name}.${field.name}`);
    }
    case 'record':
    case 'array': {
      const element = domain.kind === 'record' ? domain.value : domain.element;
      const parts = partsAt(`${name}[·]`, element, rest, isWhole);
      // Only what is told apart by fields is told as entries.
      return parts.some((part) => part.includes('.')) ? parts : [name];
    }
    default:
      return [name];
  }
}

function accessBy(action: Action, namesOf: (variable: string, path: readonly Segment[]) => readonly string[]): Access {
  const reads = new Set<string>();
  const writes = new Set<string>();
  const add = (set: Set<string>, variable: string, path: readonly Segment[]): void => {
    for (const name of namesOf(variable, path)) set.add(name);
  };
  const visit = (node: Node): void => {
    if (node.kind === 'assign' && node.target.root.kind === 'variable') {
      const path = node.target.path.map((one): Segment => (one.kind === 'field' ? { field: one.name } : 'entry'));
      add(writes, node.target.root.name, path);
    }
    const place = placeOf(node);
    if (place === undefined) return partsOf(node).forEach(visit);
    add(reads, place.variable, place.path);
    place.keys.forEach(visit);
  };
  action.body.forEach(visit);
  return { reads, writes };
}

interface PlaceRead {
  readonly variable: string;
  readonly path: readonly Segment[];
  readonly keys: readonly Node[];
}

/** What an expression reads when it is a variable or a part of one. */
function placeOf(node: Node): PlaceRead | undefined {
  switch (node.kind) {
    case 'variable':
      return { variable: node.name, path: [], keys: [] };
    case 'field': {
      const object = placeOf(node.object);
      return object && { ...object, path: [...object.path, { field: node.name }] };
    }
    case 'index': {
      const object = placeOf(node.object);
      return object && { ...object, path: [...object.path, 'entry'], keys: [...object.keys, node.index] };
    }
    default:
      return undefined;
  }
}
