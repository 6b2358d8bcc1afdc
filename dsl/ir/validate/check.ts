import type { Span } from '../../diagnostics/span.ts';
import { positionAt } from '../../diagnostics/span.ts';
import type { Domain } from '../domain.ts';
import type { System } from '../system.ts';

/** Collects problems, each with the part of the system and the place in the source where it was seen. */
export class Check {
  readonly problems: string[] = [];
  readonly variables: ReadonlyMap<string, Domain>;
  #where = '';

  constructor(readonly system: System) {
    this.variables = new Map(system.variables.map(({ name, domain }) => [name, domain]));
  }

  inside(where: string, run: () => void): void {
    const outer = this.#where;
    this.#where = where;
    run();
    this.#where = outer;
  }

  problem(message: string, span?: Span): void {
    const file = span && this.system.files[span.file];
    const at = span && file ? positionAt(file.text, span.start) : undefined;
    const place = at && file ? ` (${file.path}:${at.line}:${at.column})` : '';
    this.problems.push(`${this.#where === '' ? '' : `${this.#where}: `}${message}${place}`);
  }

  span(span: Span): void {
    if (span.file === -1) return;
    const file = this.system.files[span.file];
    if (file === undefined) this.problem(`a span points into file ${span.file}, which there is not`);
    else if (!(0 <= span.start && span.start <= span.end && span.end <= file.text.length)) {
      this.problem(`the span ${span.start}–${span.end} is not within ${file.path}`);
    }
  }
}

export function namesOf(things: readonly { readonly name: string }[]): string[] {
  return things.map(({ name }) => name);
}

export function checkOnce(check: Check, what: string, names: readonly string[]): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) check.problem(`there are two of the name: ${what} \`${name}\``);
    seen.add(name);
  }
}
