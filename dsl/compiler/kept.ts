import type { Domain, Expression } from '../ir/index.ts';
import * as build from './build.ts';
import type { Enclosure } from './enclosure.ts';
import type { Alias, Binding, Local, Reference, Scope, Segment, Shared, Term } from './term.ts';

/**
 * What the names of a process stand for from one step to the next.
 *
 * A name whose meaning is fixed (a function, a constant, an argument of the process) means the same in every step. Any
 * other value has to be kept in the state. Which ones are, is found out by whoever lowers the steps; here is how a name
 * is taken apart into the values it needs, and put together again from those that were kept.
 */
export interface KeptPart {
  readonly key: string;
  /** A name for the variable. */
  readonly wanted: string;
  /** As the author would call it: a field of an object that is no value itself is `box.left`. */
  readonly called: string;
  /** What has to be kept. */
  readonly value: Expression;
  readonly domain: Domain;
  /** What the author, or the loop it counts, says that it can be. */
  readonly declared?: Domain | undefined;
  /** Whether it is still what a step found when it began. */
  readonly untouched: boolean;
  /** Set when it cannot be kept. */
  readonly refused?: 'shared' | 'lost';
  /** Where copies of it were put: it can be kept unless something changes one of them there. */
  readonly moved?: readonly Shared[];
  /** See `Local`. */
  readonly frozen?: number;
}

/** Whether an expression means the same in every step. */
export type IsClosed = (expression: Expression) => boolean;

/** The values that a name needs; `missing`: it stands for something that was not kept before. */
export function partsOf(
  name: string,
  binding: Binding,
  isClosed: IsClosed,
): { parts: KeptPart[]; missing: readonly string[] } {
  const parts: KeptPart[] = [];
  const { key } = binding;
  if (binding.kind === 'missing') return { parts, missing: binding.keys };
  if (key === undefined) return { parts, missing: [] };
  const kept: KeptName = { name, key, isClosed, untouched: false, parts };
  switch (binding.kind) {
    case 'term':
      partsOfTerm({ ...kept, untouched: binding.untouched === true }, binding.term);
      break;
    case 'local': {
      const { local } = binding;
      const value = build.local(local.name, local.domain, local.span);
      const declared = { domain: local.declared ?? local.domain, declared: local.declared };
      keep(kept, { value, ...declared, ...sharingOf(local) });
      break;
    }
    case 'alias': {
      const { alias } = binding;
      partsOfReference(kept, alias.reference, isLost(alias));
      break;
    }
    case 'lazy':
      break;
  }
  return { parts, missing: [] };
}

/** What a local has in common with the state, as far as it matters for keeping it. */
function sharingOf(local: Local): Pick<KeptPart, 'refused' | 'moved' | 'frozen'> {
  const moved = local.shares.filter((one) => one.moved === true);
  return {
    ...(moved.length < local.shares.length && { refused: 'shared' as const }),
    ...(0 < moved.length && { moved }),
    ...(local.frozen !== undefined && { frozen: local.frozen }),
  };
}

/** Whether what an alias stood for has left its place. */
function isLost(alias: Alias | undefined): boolean {
  return alias !== undefined && (alias.detached !== undefined || alias.lost !== undefined);
}

/** Fields are told from the names that they are of by this; no name that an author gives has it. */
const FIELD = '#.';

function clean(name: string): string {
  return name.replaceAll(FIELD, '_').replace('#', '');
}

function calledBy(name: string): string {
  return name.replaceAll(FIELD, '.').replace('#', '');
}

/** A name, or a part of what it stands for, that is looked through for what has to be kept. */
interface KeptName {
  readonly name: string;
  readonly key: string;
  readonly isClosed: IsClosed;
  /** Whether what it stands for is still what the step found when it began. */
  readonly untouched: boolean;
  /** Takes what has to be kept. */
  readonly parts: KeptPart[];
}

function keep({ name, key, parts }: KeptName, part: Pick<KeptPart, 'value'> & Partial<Omit<KeptPart, 'called'>>): void {
  const own = { key, wanted: clean(name), called: calledBy(name), domain: part.value.type, untouched: false };
  parts.push({ ...own, ...part });
}

function partsOfTerm(kept: KeptName, term: Term): void {
  const { name, key, isClosed, untouched } = kept;
  switch (term.kind) {
    case 'value':
      if (isClosed(term.expression) && term.perStep !== true) return;
      keep(kept, { value: term.expression, untouched });
      return;
    case 'reference':
      partsOfReference(kept, term.reference, isLost(term.alias));
      return;
    case 'object':
      for (const [field, inner] of term.fields) {
        partsOfTerm({ ...kept, name: `${name}${FIELD}${field}`, key: `${key}.${field}` }, inner);
      }
      return;
    case 'list':
      for (const [at, inner] of term.elements.entries()) {
        partsOfTerm({ ...kept, name: `${name}${FIELD}${at}`, key: `${key}.${at}` }, inner);
      }
      return;
    case 'choice': {
      const { condition } = term;
      const wanted = `${clean(name)}_which`;
      if (!isClosed(condition)) keep(kept, { key: `${key}?`, wanted, value: condition, untouched });
      partsOfTerm({ ...kept, key: `${key}+` }, term.yes);
      partsOfTerm({ ...kept, key: `${key}-` }, term.no);
      return;
    }
    default:
      return;
  }
}

function partsOfReference(kept: KeptName, reference: Reference, lost: boolean): void {
  const { name, key, isClosed, parts } = kept;
  const sharing = reference.local === undefined ? {} : sharingOf(reference.local);
  const refused = lost ? { ...sharing, refused: 'lost' as const } : sharing;
  if (reference.root.kind === 'local') {
    const value = build.local(reference.root.name, reference.rootDomain, reference.local?.span ?? reference.rootSpan);
    const rootKey = reference.local?.key ?? `${key}^`;
    const declared = reference.local?.declared;
    const domain = declared ?? reference.rootDomain;
    keep(kept, { key: rootKey, value, domain, declared, ...refused });
  }
  for (const [at, segment] of reference.segments.entries()) {
    if (segment.kind !== 'index' || isClosed(segment.index)) continue;
    keep(kept, { key: `${key}[${at}]`, wanted: `${clean(name)}_index`, value: segment.index, ...refused });
  }
  if (lost && reference.root.kind !== 'local' && !parts.some((part) => part.key.startsWith(`${key}[`))) {
    // The place is known, but what the name stood for is no longer there.
    keep(kept, { key: `${key}!`, value: build.read(reference), refused: 'lost' });
  }
}

/** A step that goes on with names of an earlier one. */
interface NextStep {
  readonly isClosed: IsClosed;
  /** Gives the local in which the step finds what was kept; undefined when it was not kept. */
  readonly restore: (
    part: KeptPart,
  ) => { readonly binding: Extract<Binding, { kind: 'local' }>; readonly value: Expression } | undefined;
  readonly rescope: (scope: Scope) => Scope;
  /** Called for each name of a place. */
  readonly watched: (alias: Alias) => void;
}

/** What a name stands for in the next step. */
export function rebind(name: string, binding: Binding, { isClosed, restore, rescope, watched }: NextStep): Binding {
  const { parts, missing } = partsOf(name, binding, isClosed);
  if (missing.length > 0) return binding;
  const restored = new Map(parts.map((part) => [part.key, restore(part)]));
  const absent = parts.filter((part) => restored.get(part.key) === undefined).map((part) => part.key);
  if (absent.length > 0) return { kind: 'missing', keys: absent };
  const renewal: Renewal = {
    valueOf: (partKey) => restored.get(partKey)?.value,
    localOf: (partKey) => restored.get(partKey)?.binding.local,
    rescope,
    watch(alias) {
      watched(alias);
      return alias;
    },
  };
  switch (binding.kind) {
    case 'term':
      return { ...binding, term: renewTerm(binding.key, binding.term, renewal), untouched: true };
    case 'local': {
      const found = binding.key === undefined ? undefined : restored.get(binding.key)?.binding;
      return found === undefined ? binding : { ...found, constant: binding.constant };
    }
    case 'alias': {
      const { name: called, reference } = binding.alias;
      return { ...binding, alias: renewAlias(called, renewReference(binding.key, reference, renewal), renewal) };
    }
    case 'missing':
    case 'lazy':
      return binding;
  }
}

/** What makes names of an earlier step names of this one. */
interface Renewal {
  readonly valueOf: (key: string) => Expression | undefined;
  readonly localOf: (key: string) => Local | undefined;
  readonly rescope: (scope: Scope) => Scope;
  readonly watch: (alias: Alias) => Alias;
}

function renewAlias(name: string | undefined, reference: Reference, renewal: Renewal): Alias {
  return renewal.watch({ name, reference, depth: 0, uses: 0 });
}

function renewTerm(key: string | undefined, term: Term, renewal: Renewal): Term {
  switch (term.kind) {
    case 'value': {
      const kept = key === undefined ? undefined : renewal.valueOf(key);
      return kept === undefined ? term : { ...term, expression: kept };
    }
    case 'reference': {
      const reference = renewReference(key, term.reference, renewal);
      if (term.alias === undefined) return { kind: 'reference', reference };
      return { kind: 'reference', reference, alias: renewAlias(term.alias.name, reference, renewal) };
    }
    case 'object':
      return {
        ...term,
        fields: new Map(
          [...term.fields].map(([name, field]) => [name, renewTerm(key && `${key}.${name}`, field, renewal)]),
        ),
      };
    case 'list':
      return {
        ...term,
        elements: term.elements.map((element, at) => renewTerm(key && `${key}.${at}`, element, renewal)),
      };
    case 'choice': {
      const condition = (key === undefined ? undefined : renewal.valueOf(`${key}?`)) ?? term.condition;
      const arm = (of: Term, sign: string): Term => renewTerm(key && `${key}${sign}`, of, renewal);
      return { kind: 'choice', condition, yes: arm(term.yes, '+'), no: arm(term.no, '-') };
    }
    case 'closure':
      return { ...term, scope: renewal.rescope(term.scope) };
    default:
      return term;
  }
}

function renewReference(key: string | undefined, reference: Reference, renewal: Renewal): Reference {
  const segments = reference.segments.map((segment, at): Segment => {
    const kept = segment.kind === 'index' ? renewal.valueOf(`${key ?? ''}[${at}]`) : undefined;
    return kept === undefined || segment.kind !== 'index' ? segment : { ...segment, index: kept };
  });
  if (reference.root.kind !== 'local') return { ...reference, segments };
  const local = renewal.localOf(reference.local?.key ?? `${key ?? ''}^`);
  if (local === undefined) return { ...reference, segments };
  return {
    root: { kind: 'local', name: local.name },
    rootDomain: local.domain,
    rootSpan: reference.rootSpan,
    segments,
    local,
  };
}

/** Copies a chain of enclosures, and the scopes in it as they are now. */
export function mapChain(chain: Enclosure | undefined, scopeFor: (scope: Scope) => Scope): Enclosure | undefined {
  if (chain === undefined) return undefined;
  const parent = mapChain(chain.parent, scopeFor);
  return 'scope' in chain ? { ...chain, scope: scopeFor(chain.scope), parent } : { ...chain, parent };
}

/** All scopes of a chain, each once, outermost first. */
export function scopesOf(chain: Enclosure | undefined): Scope[] {
  const found = new Set<Scope>();
  const add = (scope: Scope | undefined): void => {
    if (scope === undefined || found.has(scope)) return;
    add(scope.parent);
    found.add(scope);
  };
  const visit = (at: Enclosure | undefined): void => {
    if (at === undefined) return;
    visit(at.parent);
    if ('scope' in at) add(at.scope);
  };
  visit(chain);
  return [...found];
}

/** For each scope of a chain how many calls and rounds it is in. */
export function depthsOf(chain: Enclosure | undefined): ReadonlyMap<Scope, number> {
  const depths = new Map<Scope, number>();
  const visit = (at: Enclosure | undefined): number => {
    if (at === undefined) return 0;
    const depth = visit(at.parent);
    let scope: Scope | undefined = 'scope' in at ? at.scope : undefined;
    for (; scope !== undefined && !depths.has(scope); scope = scope.parent) depths.set(scope, depth);
    return depth + (at.kind === 'call' || at.kind === 'round' ? 1 : 0);
  };
  visit(chain);
  return depths;
}

/** Copies scopes with what their names mean now: names that are declared later, and later changes, do not get in. */
export function snapshot(): (scope: Scope) => Scope {
  const copies = new Map<Scope, Scope>();
  const copy = (scope: Scope): Scope => {
    const known = copies.get(scope);
    if (known !== undefined) return known;
    const made: Scope = {
      module: scope.module,
      names: new Map([...scope.names].map(([name, binding]) => [name, bindingNow(binding)])),
      parent: scope.parent && copy(scope.parent),
    };
    copies.set(scope, made);
    return made;
  };
  return copy;
}

/** What a name means now: what it refers to is watched, and may be changed by what is lowered later. */
function bindingNow(binding: Binding): Binding {
  if (binding.kind === 'alias') return { ...binding, alias: { ...binding.alias } };
  return binding.kind === 'term' ? { ...binding, term: termNow(binding.term) } : binding;
}

function termNow(term: Term): Term {
  switch (term.kind) {
    case 'reference':
      return term.alias === undefined ? term : { ...term, alias: { ...term.alias } };
    case 'object':
      return { ...term, fields: new Map([...term.fields].map(([name, field]) => [name, termNow(field)])) };
    case 'list':
      return { ...term, elements: term.elements.map(termNow) };
    case 'choice':
      return { ...term, yes: termNow(term.yes), no: termNow(term.no) };
    default:
      return term;
  }
}
