import type { ts as TS } from 'ts-morph';
import { notAssignable, valueTooLarge } from '../diagnostics/catalog.ts';
import type { Diagnostic, Label } from '../diagnostics/diagnostic.ts';
import type { Span } from '../diagnostics/span.ts';
import type { Declaration } from '../language/definition.ts';
import type { ThreadChange } from '../language/run.ts';
import type { Argument, Domain, Expression, Site, Statement, Value } from '../ir/index.ts';
import { looksNumbered, numberedName } from '../ir/authors-names.ts';
import { joinDomains, widen } from '../ir/join.ts';
import { local } from './build.ts';
import { ts } from './typescript.ts';
import type { Alias, Closure, Local, Reference, Shared, Term } from './term.ts';
import { noteFixedPart, type Fixed, type Tables } from './fixed.ts';
import type { Module } from './source.ts';
import type { Change, Tie } from './tie.ts';
import type { Thread } from './enclosure.ts';
import type { LocalByPlace } from './local-by-place.ts';
import { countParts, Growth, MOST_PARTS, TooLarge } from './too-large.ts';

/** What is the same for every body of one model of a spec. */
export interface ModelContext {
  readonly variables: ReadonlyMap<string, Domain>;
  /** Those of them that the author has declared: what `s` has, without what is made for processes. */
  readonly declared: readonly string[];
  /** Parameters and constants, as functions of the author's get them. */
  readonly given: Readonly<Record<string, unknown>>;
  /** The same as values. */
  readonly fixed: ReadonlyMap<string, Fixed>;
  readonly tables: Tables;
  /** The type of a part of something fixed; see `fixed.ts`. */
  readonly typeOfPart: (path: string, value: Value) => Domain;
  /** Everything declared on the spec that has a name. */
  readonly declarations: ReadonlyMap<Declaration, string>;
  /** What evaluating a module left, by name at its top level. */
  readonly valuesOf: (module: Module) => Readonly<Record<string, unknown>>;
  /** A name of a package that a module imports; `*`: the whole package. */
  readonly packageValue: (specifier: string, name: string) => unknown;
  /** The names of the actions that an action or process is made of. */
  readonly stepsOf: (declaration: Declaration) => readonly string[];
  /** The variable that says where a process stands. */
  readonly counterOf: (declaration: Declaration) => string;
  /** A step puts a thread of a process at its beginning or its end: gives the variable that says where it stands. */
  readonly changeThread: (declaration: Declaration, change: ThreadChange) => string;
  /** The places of a process that have a label; there is more than one when several `yield`s have it. */
  readonly placesOf: (declaration: Declaration, label: string) => readonly string[];
  /** The places of a process that are not called like their label, with that label. */
  readonly renamedPlacesOf: (declaration: Declaration) => readonly { readonly place: string; readonly label: string }[];
  /**
   * What the threads of a process remember under a name, place by place; `unknown`: they will, when the process has been
   * lowered again.
   */
  readonly localOf: (declaration: Declaration, name: string) => LocalByPlace | 'not lowered' | 'asked';
  /** The arguments of an action or process, in order. */
  readonly argumentsOf: (declaration: Declaration) => readonly Argument[];
  /** A schema as a domain, whatever it takes for one; undefined when it has been reported. */
  readonly domainOf: (schema: unknown, span: Span) => Domain | undefined;
  readonly report: (diagnostic: Diagnostic) => void;
  /** Reports something if any step of the model changes what is shared in its place. */
  readonly ifChanged: (shared: Shared, diagnostic: Diagnostic) => void;
}

/**
 * One body being lowered: an action, a predicate, a property. Mutable: lowering an expression may have to write
 * statements before it, and remembers what names refer to.
 */
export interface Unit {
  readonly model: ModelContext;
  /** `step`: may change the state. `predicate`: must not. `property`: may also be a formula. */
  readonly purpose: 'step' | 'predicate' | 'property';
  /** Set in a step property, which sees the state after the step. */
  seesNext?: boolean;
  /** Set in what makes the initial states: no thread stands anywhere yet. */
  initial?: boolean;
  /** Where statements go. */
  statements: Statement[];
  /** The lists around that one, outermost first. */
  readonly open: Statement[][];
  /** How many statement lists are open. */
  depth: number;
  readonly names: Set<string>;
  /** For a name that is taken, the number from which on others like it may be free. */
  readonly numbers: Map<string, number>;
  /** Locals whose value never changes once they have one. */
  readonly stable: Set<string>;
  readonly aliases: Alias[];
  readonly locals: Local[];
  /** Which part of what is fixed a local is; see `fixed.ts`. */
  readonly fixedParts: Map<string, string>;
  /** What is being expanded: calls, and rounds of loops whose body is written once for each. */
  readonly calls: { readonly closure?: Closure; readonly span: Span; readonly round?: number }[];
  /** How many calls have been expanded. */
  expanded: number;
  /** The calls that were being expanded when a statement was written, for those that were written in one. */
  readonly callers: WeakMap<Statement, readonly Span[]>;
  readonly frames: Frame[];
  /** Whether some name stands for one of two places. */
  hasChoices: boolean;
  /** Loops around here, with the names that stand for something else in each round. */
  readonly loops: { readonly depth: number; readonly binders: string[] }[];
  /** Places that may hold one object; see `tie.ts`. */
  ties: readonly Tie[];
  /** What has been changed so far. */
  readonly changes: Change[];
  /** Collections of the state that loops around here go through. */
  readonly iterated: Iterated[];
  /** Domains of mutable locals, found by lowering the body until nothing grows. */
  readonly estimates: Map<string, Domain>;
  readonly pass: number;
  grown: boolean;
  /** How often a constant of the model has decided that a part of the body is left out. */
  decided: number;
  /** How many conditions of `when` are being lowered: what is chosen in them is a part of a guard. */
  guarding: number;
  readonly diagnostics: Diagnostic[];
  /** In which orders objects are made with their fields, and where such an order is asked for; see `field-order.ts`. */
  readonly fieldOrders: {
    readonly made: (readonly string[])[];
    readonly asked: { readonly names: readonly string[]; readonly span: Span }[];
  };
  /** Set when the body is a step of a process. */
  readonly thread?: Thread;
}

/** A collection that a loop goes through. */
export interface Iterated {
  readonly reference: Reference;
  readonly binder: string;
  readonly indexBinder: string | undefined;
  /** Whether the loop's name stands for a place in the collection instead of for the value that was there. */
  readonly inPlace: boolean;
  readonly span: Span;
}

/** What `break`, `continue` and `return` can leave. */
export type Frame =
  | {
      readonly kind: 'loop' | 'switch' | 'labeled';
      readonly label: string | undefined;
      readonly breakTo: string;
      readonly continueTo: string | undefined;
      breaks: boolean;
      continues: boolean;
    }
  /** `finish` takes the returned value. Frames outside of it are out of reach. */
  | { readonly kind: 'function'; readonly finish: ((result: Term, span: Span) => void) | undefined };

/** How often a body is lowered before what still grows is given all the room there is. */
const PATIENCE = 4;

/**
 * Lowers a body until the domains of its mutable locals have stopped growing, and reports what the last time found.
 * Cost: one pass for a body without mutable locals, at most a few more with them.
 */
export function lowerUnit<T>(model: ModelContext, purpose: Unit['purpose'], lower: (unit: Unit) => T): T {
  const estimates = new Map<string, Domain>();
  for (let pass = 0; ; pass += 1) {
    const unit = openUnit(model, purpose, { estimates, pass });
    const result = lower(unit);
    if (unit.grown) continue;
    unit.diagnostics.forEach(model.report);
    return result;
  }
}

/** A unit in which nothing has been lowered yet. */
export function openUnit(
  model: ModelContext,
  purpose: Unit['purpose'],
  known: {
    readonly estimates: Map<string, Domain>;
    readonly pass: number;
    readonly names?: Iterable<string>;
    readonly thread?: Thread;
  },
): Unit {
  return {
    model,
    purpose,
    statements: [],
    open: [],
    depth: 0,
    names: new Set(known.names),
    numbers: new Map(),
    stable: new Set(),
    aliases: [],
    locals: [],
    fixedParts: new Map(),
    calls: [],
    expanded: 0,
    callers: new WeakMap(),
    frames: [],
    hasChoices: false,
    loops: [],
    ties: [],
    changes: [],
    iterated: [],
    estimates: known.estimates,
    pass: known.pass,
    grown: false,
    decided: 0,
    guarding: 0,
    fieldOrders: { made: [], asked: [] },
    diagnostics: [],
    ...(known.thread === undefined ? {} : { thread: known.thread }),
  };
}

/** A name that no other local of the unit has, as like `wanted` as possible. */
export function freshName(unit: Unit, wanted: string): string {
  // What looks like a number of ours is the author's own: it gets another, so that it can be told by `authorsName`.
  let name = looksNumbered(wanted) ? numberedName(wanted, 2) : wanted;
  let number = unit.numbers.get(wanted) ?? 2;
  for (; unit.names.has(name) || unit.model.variables.has(name); number += 1) name = numberedName(wanted, number);
  unit.numbers.set(wanted, number);
  unit.names.add(name);
  return name;
}

export function emit(unit: Unit, statement: Statement): void {
  const written = 0 < unit.guarding && statement.kind === 'if' ? asPartOfCondition(statement) : statement;
  if (0 < unit.calls.length) unit.callers.set(written, callersOf(unit));
  unit.statements.push(written);
}

/**
 * An `if` that works out a condition, such as one in a function that answers a guard, is no branch of the step: its
 * place is that of what it asks, by which `branchesOf` knows it.
 */
export function asPartOfCondition(statement: Extract<Statement, { kind: 'if' }>): Statement {
  return { ...statement, span: statement.condition.span };
}

function covers({ file, start, end }: Span, inner: Span): boolean {
  return file === inner.file && start <= inner.start && inner.end <= end;
}

/** The calls that are being expanded, innermost first. The outermost is the body itself, except in a process. */
function callersOf(unit: Unit): Span[] {
  const written = unit.thread === undefined ? unit.calls.slice(1) : unit.calls;
  const calls = written.filter((call) => call.closure !== undefined);
  return calls.map((call) => call.span).reverse();
}

/**
 * Reports what is wrong, and by which calls of the author's it has come to that.
 *
 * @param cause - the statement that is to blame, when it was written earlier.
 */
export function report(unit: Unit, diagnostic: Diagnostic, cause?: Statement): void {
  const callers = cause === undefined ? callersOf(unit) : (unit.callers.get(cause) ?? []);
  const related: Label[] = [];
  let inside = diagnostic.primary.span;
  for (const caller of callers) {
    // A callback is called by what it is written in: that is in sight already.
    if (!covers(caller, inside)) related.push({ span: caller, text: 'called from here' });
    inside = caller;
  }
  unit.diagnostics.push(
    related.length === 0 ? diagnostic : { ...diagnostic, related: [...diagnostic.related, ...related] },
  );
}

/** Reports that a body is too large to go on with it, and gives the model up. */
export function giveUp(unit: Unit, diagnostic: Diagnostic): never {
  report(unit, diagnostic);
  throw new TooLarge(unit.diagnostics.at(-1)!);
}

/** Lowers into a statement list of its own: a branch, the body of a loop. */
export function nested<T>(unit: Unit, lower: () => T): { readonly statements: Statement[]; readonly result: T } {
  const outer = unit.statements;
  const statements: Statement[] = [];
  unit.statements = statements;
  unit.open.push(outer);
  unit.depth += 1;
  const result = lower();
  unit.depth -= 1;
  unit.open.pop();
  unit.statements = outer;
  for (const alias of unit.aliases) {
    // After the branches have met again, nobody knows which of two objects an outer name refers to.
    if (alias.detached !== undefined && alias.depth <= unit.depth && unit.depth < alias.detached.depth) {
      alias.lost ??= { span: alias.detached.span };
    }
  }
  // Names of the list itself are out of scope: nothing is kept for them any more.
  const known = unit.aliases.filter((alias) => alias.depth <= unit.depth);
  unit.aliases.splice(0, unit.aliases.length, ...known);
  return { statements, result };
}

/** Keeps the value that an expression has now, under a name. */
export function freeze(unit: Unit, value: Expression, wanted: string): Expression {
  const name = freshName(unit, wanted);
  unit.stable.add(name);
  noteFixedPart(unit, name, value, 'itself');
  emit(unit, { kind: 'let', name, domain: value.type, mutable: false, value, span: value.span });
  return local(name, value.type, value.span);
}

/** Whether an expression has the same value wherever in the unit it stands. */
export function isStable(unit: Unit, expression: Expression): boolean {
  switch (expression.kind) {
    case 'literal':
    case 'parameter':
    case 'domain':
      return true;
    case 'variable':
      return expression.next;
    case 'local':
      return unit.stable.has(expression.name);
    case 'field':
      return isStable(unit, expression.object);
    case 'index':
      return isStable(unit, expression.object) && isStable(unit, expression.index);
    case 'not':
      return isStable(unit, expression.operand);
    case 'and':
    case 'or':
    case 'implies':
      return isStable(unit, expression.left) && isStable(unit, expression.right);
    case 'operation':
      return expression.operands.every((operand) => isStable(unit, operand));
    case 'array':
    case 'set':
      return expression.elements.every((element) => isStable(unit, element));
    case 'object':
      return expression.fields.every((field) => isStable(unit, field.value));
    case 'conditional':
      return [expression.condition, expression.whenTrue, expression.whenFalse].every((part) => isStable(unit, part));
    case 'comprehension':
    case 'fold':
    case 'evaluate':
    case 'enabled':
      return false;
  }
}

/** A name that is the author's own; undefined for those of the compiler, which nobody would recognize. */
export function writtenName(from: TS.Node | string, name: string): string | undefined {
  return typeof from !== 'string' && ts.isIdentifier(from) && from.text === name ? name : undefined;
}

/** A local of an earlier step of a process that is there again. */
interface Restored {
  /** Where the process goes on. */
  readonly node: TS.Node;
  /** Its key. */
  readonly restores: string;
}

function isRestored(from: TS.Node | string | Restored): from is Restored {
  return typeof from !== 'string' && 'restores' in from;
}

/**
 * Declares a local that may be assigned later. Its domain is found by lowering the body again until it holds all that is
 * ever assigned to it.
 *
 * @param from - where it is declared, or another text that says which local it is whenever the body is lowered.
 */
export function declareLocal(
  unit: Unit,
  wanted: string,
  value: Expression | ((domain: Domain) => Expression),
  span: Span,
  from: TS.Node | string | Restored,
): Local {
  const name = freshName(unit, wanted);
  const restores = isRestored(from) ? from.restores : undefined;
  const origin = isRestored(from) ? from.node : from;
  const key = restores ?? (typeof origin === 'string' ? origin : keyOf(unit, origin, wanted));
  const estimate = restores === undefined ? key : `${key}, restored`;
  const known = unit.estimates.get(estimate);
  const initial: Domain = typeof value === 'function' ? { kind: 'never' } : value.type;
  if (MOST_PARTS < countParts(initial)) giveUp(unit, valueTooLarge(span, `what \`${wanted}\` holds`, MOST_PARTS));
  const domain = known === undefined ? initial : (joinDomains(known, initial) ?? known);
  if (typeof value !== 'function') noteFixedPart(unit, name, value, 'itself');
  const statement = {
    kind: 'let' as const,
    name,
    domain,
    mutable: false,
    value: typeof value === 'function' ? value(domain) : value,
    span,
  };
  emit(unit, statement);
  const declared: Local = {
    name,
    called: writtenName(origin, wanted),
    span,
    key,
    domain,
    shares: [],
    markMutable: () => (statement.mutable = true),
    grow: (wider) => {
      if (MOST_PARTS < countParts(wider)) giveUp(unit, holdsItself(wanted, span));
      if (JSON.stringify(wider) === JSON.stringify(domain)) return;
      const joined = joinDomains(unit.estimates.get(estimate) ?? domain, wider);
      if (joined === undefined) return;
      const settled = PATIENCE <= unit.pass ? widen(joined) : joined;
      if (JSON.stringify(settled) === JSON.stringify(domain)) return;
      if (growthOf(unit, estimate).holdsItself(domain, settled)) {
        report(unit, holdsItself(wanted, span));
        return;
      }
      unit.estimates.set(estimate, settled);
      unit.grown = true;
    },
    uses: 0,
    depth: unit.depth,
    born: unit.changes.length,
    usedAt: unit.changes.length,
  };
  unit.locals.push(declared);
  return declared;
}

function holdsItself(name: string, span: Span): Diagnostic {
  const help = 'a value is a tree: let it name the other by an id, or by its index in an array of the state';
  return notAssignable(span, `\`${name}\` would hold itself: it`, help);
}

function growthOf({ estimates }: Unit, estimate: string): Growth {
  const known = growths.get(estimates) ?? new Map<string, Growth>();
  growths.set(estimates, known);
  const growth = known.get(estimate) ?? new Growth();
  known.set(estimate, growth);
  return growth;
}

/** How the domain of each local has grown while a body was lowered again and again. */
const growths = new WeakMap<Unit['estimates'], Map<string, Growth>>();

/** A reference to all of a local. */
export function referenceTo(declared: Local, span: Span): Reference {
  return {
    root: { kind: 'local', name: declared.name },
    rootDomain: declared.domain,
    rootSpan: span,
    segments: [],
    local: declared,
  };
}

/** Which name this is, whichever step of a process it is met in, and however often the body is lowered. */
export function keyOf(unit: Unit, node: TS.Node, name: string): string {
  return `${callPath(unit)}/${node.getSourceFile().fileName}:${node.pos}:${name}`;
}

/** The calls that are being expanded and the rounds of loops, outermost first, as the IR has them. */
export function sitesOf(calls: Unit['calls']): readonly Site[] {
  return calls.map(({ span, round }) => (round === undefined ? { span } : { span, round }));
}

/** Where in the tree of inlined calls the unit is. */
export function callPath(unit: Unit): string {
  return unit.calls
    .map(({ span, round }) => `${span.file}:${span.start}${round === undefined ? '' : `#${round}`}`)
    .join('/');
}
