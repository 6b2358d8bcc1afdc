import type { Expression, Named, System, Value } from '../../ir/index.ts';
import { pascalCase, type Identifiers } from '../identifiers.ts';
import { comment } from './comment.ts';
import type { Node } from './node.ts';
import { text } from './node.ts';
import type { Values } from './value.ts';

/**
 * Definitions of the parameters and constants that are larger than a number or a word: the module reads them by name.
 * They are called as TLA+ calls constants, with a capital letter, which also keeps them apart from variables.
 */
export class Fixed {
  readonly #operators: ReadonlyMap<string, { readonly operator: string; readonly doc: string }>;
  readonly #written = new Map<string, { readonly operator: string; readonly doc: string; readonly body: Node }>();

  constructor(
    system: System,
    private readonly names: Identifiers,
    private readonly values: Values,
  ) {
    const named = ({ name, doc }: Named) => [name, { operator: names.take(pascalCase(name)), doc }] as const;
    const isLarge = ({ value }: { readonly value: Value }) => typeof value === 'object' && value !== null;
    this.#operators = new Map([...system.parameters, ...system.constants].filter(isLarge).map(named));
  }

  /** The name of what is defined; undefined for a number or a word, which is written out. */
  read({ name, value, type }: Expression & { kind: 'parameter' }): Node | undefined {
    const known = this.#operators.get(name);
    if (known === undefined) return undefined;
    const { operator, doc } = known;
    if (!this.#written.has(name)) {
      this.#written.set(name, { operator, doc, body: this.values.literal(value, type, this.names.inner()) });
    }
    return text(operator);
  }

  /** Of all that has been read. */
  definitions(written: (operator: string, body: Node) => string): string[] {
    return [...this.#written.values()].map(({ operator, doc, body }) => comment(doc) + written(operator, body));
  }
}
