import type { Layout } from './layout.ts';
import type { Part, Shape } from './shape.ts';

/** What a leaf of the state holds, as text for who reads generated code: `lease[r0]`, `queue[2].to`, `queue.length`. */
export function leafName({ variables }: Layout, leaf: number): string {
  for (const [name, { shape, leaf: first }] of variables) {
    if (first <= leaf && leaf < first + shape.leaves) return nameWithin(shape, leaf - first, name);
  }
  throw new RangeError(`there is no leaf ${leaf}`);
}

function nameWithin(shape: Shape, at: number, path: string): string {
  switch (shape.kind) {
    case 'scalar':
      return path;
    case 'product':
      return nameInPart(shape.parts, at, (name) => partName(shape, path, name));
    case 'variant': {
      if (at === 0) return `${path}.case`;
      const cases = shape.cases.filter(({ parts }) => partAt(parts, at) !== undefined);
      return cases.map(({ tag, parts }) => nameInPart(parts, at, (name) => `${path}(${tag}).${name}`)).join(' or ');
    }
    case 'union': {
      if (at === 0) return `${path}.case`;
      const members = shape.members.filter(({ leaves }) => at - 1 < leaves);
      return [...new Set(members.map((member) => nameWithin(member, at - 1, path)))].join(' or ');
    }
    case 'array': {
      if (at < shape.lengthLeaves) return `${path}.length`;
      const { element } = shape;
      const index = Math.floor((at - shape.lengthLeaves) / element.leaves);
      return nameWithin(element, (at - shape.lengthLeaves) % element.leaves, `${path}[${index}]`);
    }
    case 'set':
      return shape.count <= 32 ? path : `${path}, elements ${32 * at} to ${Math.min(32 * at + 31, shape.count - 1)}`;
  }
}

function nameInPart(parts: readonly Part[], at: number, nameOf: (part: string) => string): string {
  const { name, offset, shape } = partAt(parts, at)!;
  return nameWithin(shape, at - offset, nameOf(name));
}

function partAt(parts: readonly Part[], at: number): Part | undefined {
  return parts.find(({ offset, shape }) => offset <= at && at < offset + shape.leaves);
}

function partName({ domain }: Shape, path: string, name: string): string {
  return domain.kind === 'object' ? `${path}.${name}` : `${path}[${name}]`;
}
