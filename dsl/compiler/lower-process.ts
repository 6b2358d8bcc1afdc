import type { ts as TS } from 'ts-morph';
import {
  endlessProcess,
  localDomainUnknown,
  localNotKept,
  startChangesState,
  threadName,
} from '../diagnostics/catalog.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Span } from '../diagnostics/span.ts';
import { DONE } from '../language/process.ts';
import type { Action, Argument, Domain, Expression, Named, Process, Statement, Variable } from '../ir/index.ts';
import { cardinality, defaultValue } from '../ir/index.ts';
import { joinDomains, membersOf, widen } from '../ir/typing.ts';
import { placeOf } from './aliasing.ts';
import * as build from './build.ts';
import { remarkOf, type Body } from './declaration.ts';
import { bindParameters } from './inline.ts';
import { mapChain, partsOf, rebind, scopesOf, snapshot, type KeptPart } from './kept.ts';
import { bindArguments, parametersTerm, STATE } from './lower-action.ts';
import { lowerSteps, resumeIn, type Enclosure, type Thread } from './steps.ts';
import { scopeIn, type Alias, type Binding, type Reference, type Scope, type Term } from './term.ts';
import { asBlock, innerLists, nestAfterExits, renameLocals, replaceStatements, usesOfLocals, without } from './tidy.ts';
import { ts } from './typescript.ts';
import { callPath, declareLocal, emit, nested, openUnit, report, type ModelContext, type Unit } from './unit.ts';
import { valueTerm } from './value.ts';

/** A process as the IR has it. */
export interface LoweredProcess {
  readonly process: Process;
  readonly variables: readonly Variable[];
  readonly actions: readonly Action[];
  /** What puts every thread at its first label. */
  readonly init: readonly Statement[];
  /** Where a thread can stand, with the label that is yielded there. */
  readonly places: readonly { readonly place: string; readonly label: string }[];
  readonly ends: boolean;
}

/** A `yield`, in one of the calls that reach it. */
interface Point {
  readonly id: string;
  readonly label: string;
  readonly span: Span;
  readonly node: TS.Node;
  /** Where it stands in the source, calls included: points are ordered by it. */
  readonly order: readonly number[];
  chain: Enclosure | undefined;
}

/** A value that lives from one step to another. */
interface Kept {
  readonly wanted: string;
  readonly variable: string;
  domain: Domain;
  readonly span: Span;
}

/** The beginning of a process, which belongs to the initial states. */
const START = '';

/** How often steps are lowered before what is kept is given all the room there is. */
const PATIENCE = 6;

/**
 * Lowers a process: its `yield`s are found by going on from each that has been found, beginning at the start. What a
 * step needs of the locals of earlier steps is found the same way: a local that turns out to be used, and was not kept,
 * is kept from then on, until nothing more is found. So a local is kept exactly where some way of going on reads it
 * before it is assigned anew; elsewhere its variable has its default and costs no states.
 *
 * @param names - of locals that `init` has already; those of this process are added.
 */
export function lowerProcess(
  model: ModelContext,
  named: Named,
  given: readonly Argument[],
  bodyOf: (unit: Unit) => Body | undefined,
  names: Set<string>,
): LoweredProcess {
  const wrong = given.find(
    ({ domain }) => !membersOf(domain).every(({ kind }) => ['ids', 'enum', 'int'].includes(kind)),
  );
  if (wrong !== undefined) model.report(threadName(named.span, wrong.name));
  const run = new Run(model, named, given, bodyOf, names);
  return run.lower();
}

/** The state of the search for points and for what has to be kept; only `lowerProcess` knows it. */
class Run {
  readonly #model: ModelContext;
  readonly #named: Named;
  readonly #given: readonly Argument[];
  readonly #bodyOf: (unit: Unit) => Body | undefined;
  readonly #names: Set<string>;
  readonly #estimates = new Map<string, Domain>();
  #points = new Map<string, Point>();
  /** What is in the state while a thread stands at a point, by the point's id. */
  readonly #needs = new Map<string, Set<string>>([[START, new Set()]]);
  readonly #kept = new Map<string, Kept>();
  readonly #counter: string;
  /** Names that were used in this pass and had not been kept, by the point. */
  readonly #missing = new Map<string, readonly string[]>();
  /** Steps from which a name that was not kept gets to a point as it is: by the point, then by its key. */
  readonly #passing = new Map<string, Map<string, Set<string>>>();
  #changed = false;
  /** Whether the process can come to its end. */
  #ends = false;
  #pass = 0;
  #places = new Map<string, string>();
  #diagnostics: Diagnostic[] = [];
  #startNames: Iterable<string> = [];

  constructor(
    model: ModelContext,
    named: Named,
    given: readonly Argument[],
    bodyOf: (unit: Unit) => Body | undefined,
    names: Set<string>,
  ) {
    this.#model = model;
    this.#named = named;
    this.#given = given;
    this.#bodyOf = bodyOf;
    this.#names = names;
    this.#counter = `${named.name}.pc`;
  }

  lower(): LoweredProcess {
    for (this.#pass = 0; ; this.#pass += 1) {
      this.#changed = false;
      this.#ends = false;
      this.#diagnostics = [];
      this.#missing.clear();
      this.#passing.clear();
      this.#points = new Map();
      const start = this.#lowerStart();
      const steps = new Map<string, LoweredStep>();
      for (const point of this.#points.values()) steps.set(point.id, this.#lowerStep(point)); // grows as it goes
      if (!this.#changed) return this.#finish(start, steps);
    }
  }

  #finish(start: LoweredStep, steps: ReadonlyMap<string, LoweredStep>): LoweredProcess {
    const { name, doc, span, declaration } = this.#named;
    this.#namePlaces();
    this.#checkKept();
    // What is still missing in the last pass cannot be kept; something must have been said about it.
    for (const [id, keys] of this.#diagnostics.length === 0 ? this.#missing : []) {
      const name = keys[0]!.replace(/.*:/, '').replace(/\W.*/, '');
      this.#diagnostics.push(localNotKept(this.#points.get(id)?.span ?? span, name));
    }
    this.#diagnostics.forEach(this.#model.report);
    const points = this.#sortedPoints();
    if (points.length === 0) this.#model.report(endlessProcess(span, name));
    const actions = points.map((point): Action => {
      const place = this.#places.get(point.id)!;
      return {
        name: `${name}.${place}`,
        doc: remarkOf(point.node),
        span: point.span,
        arguments: this.#given,
        body: this.#guarded(point, steps.get(point.id)!),
        process: { name, label: place },
      };
    });
    const labels = [...points.map((point) => this.#places.get(point.id)!), ...(this.#ends ? [DONE] : [])];
    const counter: Variable = {
      name: this.#counter,
      doc: '',
      span,
      domain: this.#perThread({ kind: 'enum', values: labels }),
      process: name,
    };
    const kept = this.#keptInUse().map((one): Variable => ({
      name: one.variable,
      doc: '',
      span: one.span,
      domain: this.#perThread(one.domain),
      process: name,
    }));
    return {
      process: {
        name,
        doc,
        span,
        ...(declaration !== undefined && { declaration }),
        arguments: this.#given,
        labels,
        counter: this.#counter,
      },
      variables: [counter, ...kept],
      actions,
      init: this.#init(start),
      places: points.map((point) => ({ place: this.#places.get(point.id)!, label: point.label })),
      ends: this.#ends,
    };
  }

  #sortedPoints(): Point[] {
    return [...this.#points.values()].sort((left, right) => compareOrders(left.order, right.order));
  }

  /** A place is called like its label; when several have it, the later ones get a number. */
  #namePlaces(): void {
    const used = new Set<string>([DONE]);
    this.#places = new Map();
    for (const point of this.#sortedPoints()) {
      let place = point.label;
      for (let number = 2; used.has(place); number += 1) place = `${point.label}_${number}`;
      used.add(place);
      this.#places.set(point.id, place);
    }
  }

  #keptInUse(): Kept[] {
    const used = new Set([...this.#needs.values()].flatMap((keys) => [...keys]));
    return [...this.#kept].filter(([key]) => used.has(key)).map(([, kept]) => kept);
  }

  #checkKept(): void {
    for (const kept of this.#keptInUse()) {
      if (cardinality(kept.domain) <= LARGEST_LOCAL) continue;
      const help = `say what it can be: \`let ${kept.wanted} = local(z.int().min(0).max(3), 0)\``;
      this.#diagnostics.push(localDomainUnknown(kept.span, `\`${kept.wanted}\``, help));
    }
  }

  #perThread(domain: Domain): Domain {
    return this.#given.reduceRight<Domain>(
      (value, argument) => ({ kind: 'record', key: argument.domain, value }),
      domain,
    );
  }

  /** The entry for a thread of a variable that holds one for each. */
  #entry(variable: string, domain: Domain, argumentsOfThread: readonly Expression[], span: Span): Reference {
    let at = this.#perThread(domain);
    const reference: Reference = {
      root: { kind: 'variable', name: variable },
      rootDomain: at,
      rootSpan: span,
      segments: [],
    };
    const segments = argumentsOfThread.map((index) => {
      at = at.kind === 'record' ? at.value : at;
      return { kind: 'index' as const, index, domain: at, span };
    });
    return { ...reference, segments };
  }

  #lowerStart(): LoweredStep {
    const { span } = this.#named;
    return this.#lowerUnit(START, span, (unit, thread) => {
      const body = this.#bodyOf(unit);
      if (body === undefined) return false;
      const { node } = body.closure;
      const scope = scopeIn(body.closure.scope);
      const argumentsTerm: Term = {
        kind: 'object',
        fixed: true,
        fields: new Map(this.#given.map(({ name }, at) => [name, valueTerm(thread.arguments[at]!)])),
      };
      const parameters = parametersTerm(this.#model, span);
      bindParameters(unit, node, body.takesArguments ? [STATE, argumentsTerm, parameters] : [STATE, parameters], scope);
      return (
        node.body !== undefined && ts.isBlock(node.body) && lowerSteps(unit, node.body.statements, 0, scope, undefined)
      );
    });
  }

  /** What puts every thread at its first place, with names of locals that `init` does not have yet. */
  #init(start: LoweredStep): Statement[] {
    const { span } = this.#named;
    const body = this.#withPlaces(this.#tidy(start, span));
    const all = this.#forEachThread(body, start.thread.binders, span);
    const renamed = new Map<string, string>();
    for (const local of this.#startNames) {
      let name = local;
      for (let number = 2; this.#names.has(name) || renamed.has(name); number += 1) name = `${local}_${number}`;
      renamed.set(local, name);
    }
    for (const name of renamed.values()) this.#names.add(name);
    return renameLocals(all, renamed);
  }

  #forEachThread(body: readonly Statement[], binders: readonly string[], span: Span): Statement[] {
    return this.#given.reduceRight<Statement[]>(
      (inner, { domain }, at) => {
        const over: Expression = { kind: 'domain', domain, type: { kind: 'set', element: domain }, span };
        return [{ kind: 'for', binder: binders[at]!, over, body: inner, span }];
      },
      [...body],
    );
  }

  #lowerStep(point: Point): LoweredStep {
    const { chain } = point;
    return this.#lowerUnit(point.id, point.span, (unit, thread) => {
      const rescope = this.#rescoping(unit, thread, point);
      for (const scope of scopesOf(chain)) rescope(scope);
      return resumeIn(unit, mapChain(chain, rescope), () => true);
    });
  }

  /** A step as an action has it: it begins at its place. */
  #guarded({ id, span }: Point, step: LoweredStep): Statement[] {
    const counter = this.#entry(this.#counter, this.#counterDomain(), step.thread.arguments, span);
    const place = build.literal(this.#places.get(id), span);
    const condition = build.operation('equal', [build.read(counter), place], span)!;
    return [{ kind: 'when', condition, span }, ...this.#withPlaces(this.#tidy(step, span))];
  }

  /** Statements that say where a thread stands by the name of the place, which until now was the point's id. */
  #withPlaces(statements: readonly Statement[]): Statement[] {
    const domain = this.#counterDomain();
    return replaceStatements(statements, (statement) => {
      if (statement.kind !== 'assign' || statement.value.kind !== 'literal') return statement;
      const { target, value, span } = statement;
      if (target.root.kind !== 'variable' || target.root.name !== this.#counter) return statement;
      const place = this.#places.get(value.value as string) ?? DONE;
      return { ...statement, target: { ...target, domain }, value: build.literal(place, span) };
    });
  }

  #counterDomain(): Domain {
    return { kind: 'enum', values: [...this.#places.values(), ...(this.#ends ? [DONE] : [])] };
  }

  /** Gives scopes of earlier steps new ones, in which what was kept is in locals of this step. */
  #rescoping(unit: Unit, thread: StepThread, point: Point): (scope: Scope) => Scope {
    const needs = this.#needs.get(point.id) ?? new Set();
    const restored = new Map<string, { binding: Extract<Binding, { kind: 'local' }>; value: Expression }>();
    const restore = (part: KeptPart) => {
      const kept = this.#kept.get(part.key);
      if (kept === undefined || !needs.has(part.key)) return undefined;
      const known = restored.get(part.key);
      if (known !== undefined) return known;
      const entry = this.#entry(kept.variable, kept.domain, thread.arguments, point.span);
      const local = declareLocal(unit, part.wanted, build.read(entry), point.span, point.node, part.key);
      if (part.declared !== undefined) local.declared = part.declared;
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
        made.names.set(name, rebind(name, binding, thread.isClosed, restore, rescope, watched));
      }
      return made;
    };
    return rescope;
  }

  /** Lowers one step, from the point of that id to the next points; again, as long as domains of its locals grow. */
  #lowerUnit(id: string, span: Span, lower: (unit: Unit, thread: StepThread) => boolean): LoweredStep {
    for (let pass = this.#pass; ; pass += 1) {
      const thread = this.#thread(id);
      const unit = openUnit(this.#model, 'step', {
        estimates: this.#estimates,
        pass,
        names: [thread.exit],
        thread,
      });
      bindArguments(unit, this.#given, span);
      const end = (at: Span) => this.#writeEnd(unit, id, thread, at);
      unit.frames.push({ kind: 'function', finish: (_term, at) => end(at) });
      const { statements } = nested(unit, () => {
        if (lower(unit, thread)) end({ ...span, start: span.end });
      });
      if (unit.grown) {
        this.#changed = true; // steps before this one may have locals of that name too
        continue;
      }
      if (id === START) {
        this.#startNames = unit.names;
        const own = [this.#counter, ...[...this.#kept.values()].map((kept) => kept.variable)];
        const effect = stateChange(statements, own);
        if (effect !== undefined) report(unit, startChangesState(effect.span), effect);
      }
      this.#diagnostics.push(...unit.diagnostics);
      return { statements, thread };
    }
  }

  /** Without what was restored and never changed being kept again, or restored and never used. */
  #tidy({ thread, statements }: LoweredStep, span: Span): Statement[] {
    const constant = new Map<string, string>();
    for (const statement of statements) {
      const variable = statement.kind === 'let' && !statement.mutable ? thread.restored.get(statement.name) : undefined;
      if (statement.kind === 'let' && variable !== undefined) constant.set(statement.name, variable);
    }
    const kept = without(statements, (statement) => {
      if (statement.kind !== 'assign' || statement.value.kind !== 'local') return false;
      const { root } = statement.target;
      return root.kind === 'variable' && constant.get(statement.value.name) === root.name;
    });
    const uses = usesOfLocals(kept);
    const used = without(
      kept,
      (statement) => statement.kind === 'let' && constant.has(statement.name) && !uses.has(statement.name),
    );
    return asBlock(thread.exit, nestAfterExits(used), span);
  }

  #thread(id: string): StepThread {
    const binders = this.#given.map(({ name }) => name);
    const argumentsOfThread = this.#given.map(({ domain }, at) => build.local(binders[at]!, domain, this.#named.span));
    const isClosed = (expression: Expression): boolean => closedOver(expression, new Set(binders));
    const thread: StepThread = {
      exit: 'step',
      restored: new Map(),
      binders,
      arguments: argumentsOfThread,
      isClosed,
      miss: (keys) => {
        this.#missing.set(id, keys);
        for (const key of keys) this.#need(id, key);
      },
      stop: (unit, node, label, chain, span) => {
        if (this.#isDead(unit, chain, isClosed)) return emit(unit, { kind: 'exit', label: thread.exit, span });
        const target = this.#reach(unit, node, label, chain, span);
        this.#writeStop(unit, id, target, chain, thread, span);
      },
    };
    return thread;
  }

  /** Whether no way leads here, since a name would stand for an element of what is always empty. */
  #isDead(unit: Unit, chain: Enclosure | undefined, isClosed: (expression: Expression) => boolean): boolean {
    if (0 < unit.diagnostics.length + this.#diagnostics.length) return false; // what is wrong has no type either
    return scopesOf(chain).some((scope) =>
      [...scope.names].some(([name, binding]) =>
        partsOf(name, binding, isClosed).parts.some(({ domain }) => cardinality(domain) === 0),
      ),
    );
  }

  #need(id: string, key: string): void {
    const keys = this.#needs.get(id) ?? new Set();
    this.#needs.set(id, keys);
    if (keys.has(key)) return;
    keys.add(key);
    this.#changed = true;
    for (const from of this.#passing.get(id)?.get(key) ?? []) this.#need(from, key);
  }

  /** A step comes to a point with a name as it found it; when the point needs what was kept of it, so does the step. */
  #passOn(from: string, to: string, key: string): void {
    const byKey = this.#passing.get(to) ?? new Map<string, Set<string>>();
    this.#passing.set(to, byKey);
    byKey.set(key, (byKey.get(key) ?? new Set()).add(from));
    if (this.#needs.get(to)?.has(key) === true) this.#need(from, key);
  }

  /** The point of a `yield` that a step has come to; new ones are lowered later. */
  #reach(unit: Unit, node: TS.YieldExpression, label: string, chain: Enclosure | undefined, span: Span): Point {
    const id = `${callPath(unit)}/${node.getSourceFile().fileName}:${node.pos}`;
    const known = this.#points.get(id);
    if (known !== undefined) return known;
    const order = [...unit.calls.flatMap((call) => [call.span.start, call.round ?? 0]), node.getStart()];
    const point: Point = { id, label, span, node, order, chain: mapChain(chain, snapshot()) };
    this.#points.set(id, point);
    return point;
  }

  /** At a `yield`: keeps what the next step needs, lets go of the rest, and says where the thread stands. */
  #writeStop(
    unit: Unit,
    from: string,
    target: Point,
    chain: Enclosure | undefined,
    thread: StepThread,
    span: Span,
  ): void {
    const needed = this.#needs.get(target.id) ?? new Set();
    const mine = this.#needs.get(from) ?? new Set();
    const written = new Set<string>();
    for (const scope of scopesOf(chain)) {
      for (const [name, binding] of scope.names) {
        const { parts, missing } = partsOf(name, binding, thread.isClosed);
        for (const key of missing) this.#passOn(from, target.id, key);
        for (const part of parts) {
          if (written.has(part.key)) continue;
          written.add(part.key);
          this.#keep(unit, part, needed.has(part.key), thread.arguments, span);
        }
      }
    }
    for (const key of mine) if (!needed.has(key)) this.#reset(unit, key, thread.arguments, span);
    this.#stand(unit, target.id, thread, span);
  }

  #keep(unit: Unit, part: KeptPart, needed: boolean, argumentsOfThread: readonly Expression[], span: Span): void {
    const known = this.#kept.get(part.key);
    const domain = part.domain;
    if (known === undefined) {
      this.#kept.set(part.key, {
        wanted: part.wanted,
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
    if (part.untouched) return;
    const kept = this.#kept.get(part.key)!;
    const place = placeOf(this.#entry(kept.variable, kept.domain, argumentsOfThread, span), span);
    emit(unit, { kind: 'assign', target: place, value: build.adapt(part.value, kept.domain), span });
  }

  #variableName(wanted: string): string {
    const taken = new Set([...this.#kept.values()].map((kept) => kept.variable));
    let name = `${this.#named.name}.${wanted}`;
    for (let number = 2; taken.has(name) || name === this.#counter; number += 1)
      name = `${this.#named.name}.${wanted}_${number}`;
    return name;
  }

  #reset(unit: Unit, key: string, argumentsOfThread: readonly Expression[], span: Span): void {
    const kept = this.#kept.get(key);
    if (kept === undefined) return;
    const place = placeOf(this.#entry(kept.variable, kept.domain, argumentsOfThread, span), span);
    const value = build.literal(defaultValue(kept.domain), span, kept.domain);
    emit(unit, { kind: 'assign', target: place, value, span });
  }

  /** What the place at a point is called, and what others there are, is known only when all have been found. */
  #stand(unit: Unit, id: string, thread: StepThread, span: Span): void {
    const target = placeOf(this.#entry(this.#counter, UNKNOWN_PLACES, thread.arguments, span), span);
    emit(unit, { kind: 'assign', target, value: build.literal(id, span), span });
    emit(unit, { kind: 'exit', label: thread.exit, span });
  }

  #writeEnd(unit: Unit, from: string, thread: StepThread, span: Span): void {
    this.#ends = true;
    for (const key of this.#needs.get(from) ?? []) this.#reset(unit, key, thread.arguments, span);
    this.#stand(unit, DONE, thread, span);
  }
}

const UNKNOWN_PLACES: Domain = { kind: 'never' };

/** Past this many values a local is taken for one without a bound. */
const LARGEST_LOCAL = 2 ** 16;

interface StepThread extends Thread {
  readonly binders: readonly string[];
  /** Variables by the names of the locals that hold what was kept in them. */
  readonly restored: Map<string, string>;
  readonly arguments: readonly Expression[];
  readonly isClosed: (expression: Expression) => boolean;
}

interface LoweredStep {
  /** As they were written, before anything that needs not be there is taken out. */
  readonly statements: readonly Statement[];
  readonly thread: StepThread;
}

/** Orders by position, of the call that leads there before that of the \`yield\` itself. */
function compareOrders(left: readonly number[], right: readonly number[]): number {
  for (const [at, position] of left.entries()) {
    const other = right[at];
    if (other === undefined) return 1;
    if (position !== other) return position - other;
  }
  return left.length - right.length;
}

/** Whether an expression is made of constants, parameters and the given locals alone. */
function closedOver(expression: Expression, locals: ReadonlySet<string>): boolean {
  switch (expression.kind) {
    case 'literal':
    case 'parameter':
    case 'domain':
      return true;
    case 'local':
      return locals.has(expression.name);
    case 'array':
    case 'set':
      return expression.elements.every((element) => closedOver(element, locals));
    case 'object':
      return expression.fields.every((field) => closedOver(field.value, locals));
    case 'operation':
      return expression.operands.every((operand) => closedOver(operand, locals));
    case 'not':
      return closedOver(expression.operand, locals);
    case 'and':
    case 'or':
    case 'implies':
      return closedOver(expression.left, locals) && closedOver(expression.right, locals);
    default:
      return false;
  }
}

/** The first statement that changes a variable other than the given ones. */
function stateChange(statements: readonly Statement[], own: readonly string[]): Statement | undefined {
  for (const statement of statements) {
    if (statement.kind === 'assign') {
      const { root } = statement.target;
      if (root.kind === 'variable' && !own.includes(root.name)) return statement;
    }
    for (const inner of innerLists(statement)) {
      const found = stateChange(inner, own);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}
