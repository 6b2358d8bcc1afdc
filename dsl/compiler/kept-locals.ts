import { localNotKept } from '../diagnostics/catalog.ts';
import type { Span } from '../diagnostics/span.ts';
import type { Domain, Expression, Site, Written } from '../ir/index.ts';
import { defaultValue } from '../ir/index.ts';
import { joinDomains, widen } from '../ir/join.ts';
import { placeOf } from './aliasing.ts';
import * as build from './build.ts';
import type { Enclosure } from './enclosure.ts';
import type { KeptPart } from './kept.ts';
import { depthsOf, partsOf, rebind, scopesOf } from './kept.ts';
import type { Point } from './point.ts';
import { START } from './point.ts';
import type { StepThread } from './step-thread.ts';
import { entryOf } from './step-thread.ts';
import type { Alias, Binding, Scope } from './term.ts';
import type { Unit } from './unit.ts';
import { declareLocal, emit, report, sitesOf } from './unit.ts';

/** A value that lives from one step to another. */
interface Kept {
  readonly wanted: string;
  /** What the author calls it, and by which calls it is declared. */
  readonly called: string;
  readonly way: readonly Site[];
  readonly variable: string;
  domain: Domain;
  /** See `Local`. */
  frozen?: number;
  readonly span: Span;
}

/** How often steps are lowered before what is kept is given all the room there is. */
const PATIENCE = 6;

/** A `yield`, as it is left: from a point to another. */
interface Passage {
  readonly from: string;
  readonly to: string;
  /** What is around it. */
  readonly chain: Enclosure | undefined;
  readonly span: Span;
}

/**
 * Which locals of a process are in the state while a thread stands at a point. Steps are lowered pass by pass: a local
 * that turns out to be used, and was not kept, is kept from the next pass on, until a pass changes nothing.
 */
export class KeptLocals {
  readonly #process: string;
  readonly #counter: string;
  readonly #declared: ReadonlyMap<string, Domain>;
  /** What is in the state while a thread stands at a point, by the point's id. */
  readonly #needs = new Map<string, Set<string>>([[START, new Set()]]);
  readonly #kept = new Map<string, Kept>();
  /** Names that were used in this pass and had not been kept, by the point. */
  readonly #missing = new Map<string, readonly string[]>();
  /** Steps from which a name that was not kept gets to a point as it is: by the point, then by its key. */
  readonly #passing = new Map<string, Map<string, Set<string>>>();
  #changed = false;
  #pass = 0;

  /**
   * @param counter - the variable that says where threads stand: no local is kept under its name.
   * @param declared - what the author says that locals can be, by name.
   */
  constructor(process: string, counter: string, declared: ReadonlyMap<string, Domain>) {
    this.#process = process;
    this.#counter = counter;
    this.#declared = declared;
  }

  startPass(pass: number): void {
    this.#pass = pass;
    this.#changed = false;
    this.#missing.clear();
    this.#passing.clear();
  }

  /** Whether this pass has found something more to keep, or more that it can be. */
  get changed(): boolean {
    return this.#changed;
  }

  /** Names that were used in this pass and had not been kept, by the point. */
  get missing(): ReadonlyMap<string, readonly string[]> {
    return this.#missing;
  }

  /** What was ever taken for a value to keep. */
  variables(): string[] {
    return [...this.#kept.values()].map((kept) => kept.variable);
  }

  /** @param points - the points that there are: earlier passes may have come to others. */
  inUse(points: ReadonlySet<string>): (Kept & { readonly written?: Written })[] {
    const used = new Set([...this.#needs].flatMap(([id, keys]) => (points.has(id) ? [...keys] : [])));
    const all = [...this.#kept].filter(([key]) => used.has(key)).map(([, kept]) => kept);
    return all.map((kept) => {
      const { called, way, variable } = kept;
      const isItsName = variable === `${this.#process}.${called}`;
      if (isItsName && all.every((other) => other === kept || other.called !== called)) return kept;
      return { ...kept, written: { name: called, way } };
    });
  }

  /** The variables that are in use while a thread stands at a point. */
  variablesAt(id: string): string[] {
    return [...(this.#needs.get(id) ?? [])].flatMap((key) => this.#kept.get(key)?.variable ?? []);
  }

  /** In the step from a point, names were used that had not been kept. */
  miss(id: string, keys: readonly string[]): void {
    this.#missing.set(id, keys);
    for (const key of keys) this.need(id, key);
  }

  /** From now on, something is kept while a thread stands at a point, and at those from which it comes there as it is. */
  need(id: string, key: string): void {
    const keys = this.#needs.get(id) ?? new Set();
    this.#needs.set(id, keys);
    if (keys.has(key)) return;
    keys.add(key);
    this.#changed = true;
    for (const from of this.#passing.get(id)?.get(key) ?? []) this.need(from, key);
  }

  /** At a `yield`, from one point to another: keeps what the next step needs, and lets go of the rest. */
  passTo(unit: Unit, thread: StepThread, { from, to, chain, span }: Passage): void {
    const needed = this.#needs.get(to) ?? new Set();
    const mine = this.#needs.get(from) ?? new Set();
    const written = new Set<string>();
    const sites = sitesOf(unit.calls);
    const depths = depthsOf(chain);
    for (const scope of scopesOf(chain)) {
      for (const [name, binding] of scope.names) {
        const { parts, missing } = partsOf(name, binding, thread.isClosed);
        for (const key of missing) this.#passOn(from, to, key);
        for (const part of parts) {
          if (written.has(part.key)) continue;
          written.add(part.key);
          const calls = sites.slice(0, depths.get(scope) ?? 0);
          this.#keep(unit, thread, part, { needed: needed.has(part.key), calls, span });
        }
      }
    }
    for (const key of mine) if (!needed.has(key)) this.#reset(unit, thread, key, span);
  }

  /** Where the process ends: lets go of all that the step began with. */
  letGo(unit: Unit, thread: StepThread, from: string, span: Span): void {
    for (const key of this.#needs.get(from) ?? []) this.#reset(unit, thread, key, span);
  }

  /** Gives scopes of earlier steps new ones, in which what was kept is in locals of this step. */
  rescoping(unit: Unit, thread: StepThread, point: Point): (scope: Scope) => Scope {
    const needs = this.#needs.get(point.id) ?? new Set();
    const restored = new Map<string, { binding: Extract<Binding, { kind: 'local' }>; value: Expression }>();
    const restore = (part: KeptPart) => {
      const kept = this.#kept.get(part.key);
      if (kept === undefined || !needs.has(part.key)) return undefined;
      const known = restored.get(part.key);
      if (known !== undefined) return known;
      const entry = entryOf(thread, kept.variable, kept.domain, point.span);
      const local = declareLocal(unit, part.wanted, build.read(entry), point.span, {
        node: point.node,
        restores: part.key,
      });
      if (part.declared !== undefined) local.declared = part.declared;
      if (kept.frozen !== undefined) local.frozen = kept.frozen;
      thread.restored.set(local.name, kept.variable);
      const value = build.local(local.name, local.domain, point.span);
      const made = { binding: { kind: 'local' as const, local, constant: false, key: part.key }, value };
      restored.set(part.key, made);
      return made;
    };
    const scopes = new Map<Scope, Scope>();
    const rescope = (scope: Scope): Scope => {
      const known = scopes.get(scope);
      if (known !== undefined) return known;
      const made: Scope = { module: scope.module, names: new Map(), parent: scope.parent && rescope(scope.parent) };
      scopes.set(scope, made);
      for (const [name, binding] of scope.names) {
        const watched = (alias: Alias) => void unit.aliases.push(alias);
        const bound = rebind(name, binding, { isClosed: thread.isClosed, restore, rescope, watched });
        if (bound.kind === 'term' && bound.term.kind === 'choice') unit.hasChoices = true;
        made.names.set(name, bound);
      }
      return made;
    };
    return rescope;
  }

  /** A step comes to a point with a name as it found it; when the point needs what was kept of it, so does the step. */
  #passOn(from: string, to: string, key: string): void {
    const byKey = this.#passing.get(to) ?? new Map<string, Set<string>>();
    this.#passing.set(to, byKey);
    byKey.set(key, (byKey.get(key) ?? new Set()).add(from));
    if (this.#needs.get(to)?.has(key) === true) this.need(from, key);
  }

  #keep(
    unit: Unit,
    thread: StepThread,
    part: KeptPart,
    { needed, calls, span }: { readonly needed: boolean; readonly calls: readonly Site[]; readonly span: Span },
  ): void {
    const known = this.#kept.get(part.key);
    const domain = this.#declared.get(part.wanted) ?? part.domain;
    if (known === undefined) {
      this.#kept.set(part.key, {
        wanted: part.wanted,
        called: part.called,
        way: [...calls, { span: part.value.span.file < 0 ? span : part.value.span }],
        variable: this.#variableName(part.wanted),
        domain,
        span: part.value.span.file < 0 ? span : part.value.span,
      });
    } else if (needed) {
      const joined = joinDomains(known.domain, domain) ?? known.domain;
      const settled = PATIENCE <= this.#pass ? widen(joined) : joined;
      if (JSON.stringify(joined) !== JSON.stringify(known.domain)) {
        known.domain = settled;
        this.#changed = true;
      }
    }
    if (!needed) return;
    if (part.refused !== undefined) report(unit, localNotKept(span, part.wanted));
    for (const copy of part.moved ?? []) unit.model.ifChanged(copy, localNotKept(span, part.wanted));
    const kept = this.#kept.get(part.key)!;
    if (part.frozen !== undefined && (kept.frozen === undefined || part.frozen < kept.frozen)) {
      kept.frozen = part.frozen;
      this.#changed = true;
    }
    if (part.untouched) return;
    const place = placeOf(entryOf(thread, kept.variable, kept.domain, span), span);
    emit(unit, { kind: 'assign', target: place, value: build.adapt(part.value, kept.domain), span });
  }

  #variableName(wanted: string): string {
    const taken = new Set([...this.#kept.values()].map((kept) => kept.variable));
    let name = `${this.#process}.${wanted}`;
    for (let number = 2; taken.has(name) || name === this.#counter; number += 1)
      name = `${this.#process}.${wanted}_${number}`;
    return name;
  }

  #reset(unit: Unit, thread: StepThread, key: string, span: Span): void {
    const kept = this.#kept.get(key);
    if (kept === undefined) return;
    const place = placeOf(entryOf(thread, kept.variable, kept.domain, span), span);
    const value = build.literal(defaultValue(kept.domain), span, kept.domain);
    emit(unit, { kind: 'assign', target: place, value, span });
  }
}
