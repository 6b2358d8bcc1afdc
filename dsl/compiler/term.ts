import type { ts as TS } from 'ts-morph';
import type { Span } from '../diagnostics/span.ts';
import type { Domain, Expression, Formula, PathSegment } from '../ir/index.ts';
import type { Module } from './source.ts';

/**
 * What an expression of the spec stands for while it is being lowered. Only some of it can be written in the IR; the rest
 * (functions, schemas, objects that hold functions) is used up by calls before anything is written.
 */
export type Term =
  /** A value of a step or predicate. `shares`: objects of the state that it is made of, as JavaScript would share them. */
  | {
      readonly kind: 'value';
      readonly expression: Expression;
      readonly shares?: readonly Shared[];
      readonly declared?: Domain;
      /** Set where a constant is another one in other steps that lead to the same label. */
      readonly perStep?: true;
    }
  /** An object, array, set or record that lives in the state or in a local: a reference, as in JavaScript. */
  | {
      readonly kind: 'reference';
      readonly reference: Reference;
      /** Set in an object or list that has a name: what the reference was when that name was given; see `aliasing.ts`. */
      readonly alias?: Alias;
    }
  /** The state itself: `s`, or `next` of a step property. */
  | { readonly kind: 'state'; readonly next: boolean }
  | ObjectTerm
  | ListTerm
  | ChoiceTerm
  /** Something that evaluating the module left: a constant, a schema, an action, a namespace. */
  | { readonly kind: 'host'; readonly value: unknown; readonly description: string }
  | Closure
  /** A method of something, not called yet. */
  | { readonly kind: 'method'; readonly receiver: Term; readonly name: string; readonly node: TS.Node }
  /** A word of the language, by its name in `fairlead`. */
  | { readonly kind: 'word'; readonly name: string }
  /** A name of JavaScript itself: `Math`, `Object`, `Set`. */
  | { readonly kind: 'global'; readonly name: string }
  | { readonly kind: 'namespace'; readonly module: Module }
  | { readonly kind: 'formula'; readonly formula: Formula }
  /** What declares something: `lease.action(…)`, `weak(…)`, with what it is given. */
  | { readonly kind: 'declaring'; readonly method: string; readonly given: readonly Term[] }
  /** Nothing: the result of a function without `return`. */
  | { readonly kind: 'nothing' }
  /** Already reported. */
  | { readonly kind: 'error' };

/** A way from a variable or local to an object, array, set, record or scalar in it. */
export interface Reference {
  readonly root: { readonly kind: 'variable' | 'local'; readonly name: string };
  readonly rootDomain: Domain;
  readonly rootSpan: Span;
  readonly segments: readonly Segment[];
  /** The local that `root` names, when it is one. */
  readonly local?: Local;
}

/**
 * One more step into an object, with what is there and the source text up to here. `maybe`: a negative index stands for
 * nothing, which reads as undefined.
 */
export type Segment = PathSegment & { readonly domain: Domain; readonly span: Span; readonly maybe?: true };

/** An object literal whose fields are not all values: `{ r }` of a call, a pair of functions. */
export interface ObjectTerm {
  readonly kind: 'object';
  /** Set for the arguments and parameters of a body, which nothing can change. */
  readonly fixed?: boolean;
  /** Set when it has a name, or is in something that has one: another name for it is one for the same object. */
  readonly named?: boolean;
  /** Which object it is, for those that have a name; see `identity.ts`. */
  readonly identity?: Reference;
  readonly fields: ReadonlyMap<string, Term>;
  /** Names of fields that may be absent, which is known to be no more than undefined: they come from elsewhere. */
  readonly optional?: ReadonlySet<string>;
}

/**
 * One of two places, under a name: `const first = t === "up" ? s.a : s.b`. What is written of the name is lowered for each;
 * see `either-name.ts`.
 */
export interface ChoiceTerm {
  readonly kind: 'choice';
  /** Has the value that it had when the name was given. */
  readonly condition: Expression;
  readonly yes: Term;
  readonly no: Term;
}

export interface ListTerm {
  readonly kind: 'list';
  /** See `ObjectTerm`. */
  readonly named?: boolean;
  readonly identity?: Reference;
  readonly elements: readonly Term[];
}

/** A function of the author's with what its free names stand for. */
export interface Closure {
  readonly kind: 'closure';
  readonly node: FunctionNode;
  readonly scope: Scope;
  readonly name: string;
}

export type FunctionNode = TS.ArrowFunction | TS.FunctionExpression | TS.FunctionDeclaration | TS.MethodDeclaration;

/** An object that a value has in common with a place: a change of one is, in JavaScript, a change of the other. */
export interface Shared {
  readonly reference: Reference;
  /** How far below the place what is shared begins. A copy of an array shares its elements: 1. */
  readonly depth: number;
  /** How far below the value what is shared begins. A copy of an array shares its elements: 1. */
  readonly through: number;
  /** Set when the object began as the local's own and was put into the state, which got a copy. */
  readonly moved?: true;
  /** Set when the value may have it more than once. */
  readonly many?: true;
}

/** A name that refers to a place, for as long as the place holds the same object. */
export interface Alias {
  readonly name: string | undefined;
  readonly reference: Reference;
  /** How many statement lists were open when it was declared. */
  readonly depth: number;
  /** What it refers to since its object was replaced by another: a copy made just before. */
  detached?: { readonly reference: Reference; readonly depth: number; readonly span: Span };
  /** Set when it is no longer known what it refers to. */
  lost?: { readonly span: Span };
  uses: number;
}

/** What names mean, innermost first. */
export interface Scope {
  readonly module: Module;
  readonly names: Map<string, Binding>;
  readonly parent: Scope | undefined;
}

/** `key`: which name this is, from one step of a process to the next; see `kept.ts`. */
export type Binding = { readonly key?: string | undefined } & (
  | { readonly kind: 'term'; readonly term: Term; readonly untouched?: boolean }
  | { readonly kind: 'alias'; readonly alias: Alias }
  /** A local that is kept in the IR under `name`. */
  | { readonly kind: 'local'; readonly local: Local; readonly constant: boolean }
  /** A `const` of a property: the predicate that it stands for, lowered anew at each use. */
  | { readonly kind: 'lazy'; readonly node: TS.Expression; readonly scope: Scope }
  /** A name of an earlier step whose value was not kept: it turns out to be needed when it is used. */
  | { readonly kind: 'missing'; readonly keys: readonly string[] }
);

export interface Local {
  /** In the IR. */
  readonly name: string;
  /** In the source. */
  readonly called: string | undefined;
  /** Of its declaration. */
  readonly span: Span;
  readonly key: string;
  /** What it may hold between the steps of a process, when the author has said so or it is known. */
  declared?: Domain;
  readonly domain: Domain;
  /** See `Term`'s `value`; grows with every assignment. */
  readonly shares: Shared[];
  /** Objects this many steps down and more were put into the state: in JavaScript changing one would change both. */
  frozen?: number;
  /** Called when the local turns out to be assigned: sets `mutable` of its `let`. */
  readonly markMutable: () => void;
  /** Called with the type of what is assigned: the `let` must have room for it. */
  readonly grow: (domain: Domain) => void;
  /** Set when it holds an object that has left the state, which some name stands for. */
  wasInState?: true;
  lost?: { readonly span: Span };
  uses: number;
  readonly depth: number;
  /** How much had been changed when it was declared, and when it was last used: see `Unit`'s `changes`. */
  readonly born: number;
  usedAt: number;
}

/** The name `name` as seen from a scope; undefined when it is not a local name. */
export function lookUp(scope: Scope, name: string): Binding | undefined {
  for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) {
    const binding = at.names.get(name);
    if (binding !== undefined) return binding;
  }
  return undefined;
}

export function scopeIn(parent: Scope): Scope {
  return { module: parent.module, names: new Map(), parent };
}
