import type { Span } from '../../diagnostics/span.ts';
import type { Domain } from '../domain.ts';
import type { Argument } from '../system.ts';
import type { Check } from './check.ts';
import { checkDomain } from './domain.ts';

/** The locals in sight. A nested scope sees the outer ones; `declared` is shared, for names are never reused. */
export class Scope {
  readonly #locals: Map<string, { mutable: boolean; domain: Domain | undefined }>;
  readonly #declared: Set<string>;
  readonly labels: readonly string[];
  /** Locals declared outside of the `evaluate` that this scope is in: they may be read there, not assigned. */
  readonly #frozen: ReadonlySet<string>;

  constructor(outer?: Scope, labels: readonly string[] = outer?.labels ?? [], frozen?: ReadonlySet<string>) {
    this.#locals = new Map(outer === undefined ? [] : outer.#locals);
    this.#declared = outer === undefined ? new Set() : outer.#declared;
    this.labels = labels;
    this.#frozen = frozen ?? (outer === undefined ? new Set() : outer.#frozen);
  }

  declare(check: Check, name: string, mutable: boolean, domain: Domain | undefined, span: Span | undefined): void {
    if (this.#declared.has(name)) check.problem(`local \`${name}\` is declared twice`, span);
    this.#declared.add(name);
    this.#locals.set(name, { mutable, domain });
  }

  local(name: string): { mutable: boolean; domain: Domain | undefined } | undefined {
    return this.#locals.get(name);
  }

  mayAssign(name: string): boolean {
    return this.#locals.get(name)?.mutable === true && !this.#frozen.has(name);
  }

  /** The scope within an `evaluate`: its own labels, and nothing from outside can be assigned. */
  evaluation(): Scope {
    return new Scope(this, [], new Set(this.#locals.keys()));
  }
}

export function declareArguments(check: Check, scope: Scope, arguments_: readonly Argument[]): void {
  for (const { name, domain } of arguments_) {
    checkDomain(check, domain);
    scope.declare(check, name, false, domain, undefined);
  }
}

/** What an expression or statement may contain, by where it stands. */
export interface Context {
  /** Assignments to variables, `when`, `verify`, choices. */
  readonly effects: boolean;
  readonly next: boolean;
  /** Whether it may ask what is enabled: there is a state. */
  readonly enabled: boolean;
}

export const INIT: Context = { effects: true, next: false, enabled: false };

export const STEP: Context = { effects: true, next: false, enabled: true };

export const PREDICATE: Context = { effects: false, next: false, enabled: true };
