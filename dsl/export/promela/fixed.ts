import type { Expression, Named, System, Value } from '../../ir/index.ts';
import type { Identifiers } from '../identifiers.ts';
import type { CValue } from './c-value.ts';
import { comment } from './layout.ts';
import { initializer, type Shapes } from './shape.ts';

/** Variables of C for the parameters and constants that are no scalars; nothing assigns them. */
export class Fixed {
  readonly #variables: ReadonlyMap<string, { readonly variable: string; readonly doc: string }>;
  readonly #written = new Map<string, string>();

  constructor(
    { parameters, constants }: System,
    names: Identifiers,
    private readonly shapes: Shapes,
  ) {
    const isLarge = ({ value }: { readonly value: Value }) => typeof value === 'object' && value !== null;
    const large: readonly Named[] = [...parameters, ...constants].filter(isLarge);
    this.#variables = new Map(large.map(({ name, doc }) => [name, { variable: names.take(`the_${name}`), doc }]));
  }

  read({ name, value, type }: Expression & { kind: 'parameter' }): CValue | undefined {
    const known = this.#variables.get(name);
    if (known === undefined) return undefined;
    const { variable, doc } = known;
    const content = initializer(this.shapes, value, type);
    this.#written.set(name, `${comment(doc)}static ${this.shapes.of(type).type} ${variable} = ${content};`);
    return { text: variable, domain: type, isPlace: true };
  }

  definitions(): string[] {
    return [...this.#written.values()];
  }
}
