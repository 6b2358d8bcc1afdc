import type { ts as TS } from 'ts-morph';
import {
  ambiguousLocal,
  endlessProcess,
  localDomainUnknown,
  localNotKept,
  noSuchLocal,
  startChangesState,
  threadName,
  tooManyPlaces,
} from '../diagnostics/catalog.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Span } from '../diagnostics/span.ts';
import { DONE } from '../language/process.ts';
import type { Action, Argument, Domain, Expression, Named, Process, Statement, Variable } from '../ir/index.ts';
import { cardinality } from '../ir/index.ts';
import { membersOf } from '../ir/part.ts';
import { placeOf } from './aliasing.ts';
import * as build from './build.ts';
import { remarkOf, type Body } from './declaration.ts';
import type { Enclosure } from './enclosure.ts';
import { bindParameters } from './inline.ts';
import { mapChain, partsOf, scopesOf, snapshot } from './kept.ts';
import { KeptLocals } from './kept-locals.ts';
import { keepAsked, localByPlace, type LocalByPlace, type Standing } from './local-by-place.ts';
import { bindArguments, parametersTerm, STATE } from './lower-action.ts';
import { inOrder, namesOfPlaces, START, writtenLabels, type Point } from './point.ts';
import { innerLists } from '../ir/fold.ts';
import { closedOver, entryOf, perThread, type StepThread } from './step-thread.ts';
import { lowerSteps, resumeIn } from './steps.ts';
import { scopeIn, type Term } from './term.ts';
import { pendingChange } from './thread-change.ts';
import {
  asBlock,
  freshNames,
  nestAfterExits,
  renameLocals,
  replaceStatements,
  usesOfLocals,
  without,
  withoutChoices,
} from './tidy.ts';
import { ts } from './typescript.ts';
import { MOST_PLACES } from './too-large.ts';
import { callPath, emit, giveUp, nested, openUnit, report, sitesOf, type ModelContext, type Unit } from './unit.ts';
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
  /** What a thread does before its first label; `binders` are locals with the values of its arguments. */
  readonly start: { readonly statements: readonly Statement[]; readonly binders: readonly string[] };
  /** What threads remember under the names that were asked for. */
  readonly locals: ReadonlyMap<string, LocalByPlace>;
}

/** A process as it is declared. */
interface ProcessSource {
  readonly named: Named;
  readonly given: readonly Argument[];
  readonly bodyOf: (unit: Unit) => Body | undefined;
  /** Names of locals that predicates ask about: kept wherever they are in scope. */
  readonly asked: ReadonlySet<string>;
  /** What the author says that locals can be, by name. */
  readonly declared: ReadonlyMap<string, Domain>;
  /** Whether some step stops a thread of it. */
  readonly isStopped: boolean;
}

/**
 * Lowers a process: its `yield`s are found by going on from each that has been found, beginning at the start. What a
 * step needs of the locals of earlier steps is found the same way: a local that turns out to be used, and was not kept,
 * is kept from then on, until nothing more is found. So a local is kept exactly where some way of going on reads it
 * before it is assigned anew; elsewhere its variable has its default and costs no states.
 *
 * @param names - of locals that `init` has already; those of this process are added.
 */
export function lowerProcess(model: ModelContext, source: ProcessSource, names: Set<string>): LoweredProcess {
  const { named, given } = source;
  const wrong = given.find(
    ({ domain }) => !membersOf(domain).every(({ kind }) => ['ids', 'enum', 'int'].includes(kind)),
  );
  if (wrong !== undefined) model.report(threadName(named.span, wrong.name));
  const run = new Run(model, source, names);
  return run.lower();
}

/** The state of the search for points and for what has to be kept; only `lowerProcess` knows it. */
class Run {
  readonly #model: ModelContext;
  readonly #named: Named;
  readonly #given: readonly Argument[];
  readonly #bodyOf: (unit: Unit) => Body | undefined;
  readonly #names: Set<string>;
  readonly #asked: ReadonlySet<string>;
  readonly #isStopped: boolean;
  readonly #declared: ReadonlyMap<string, Domain>;
  readonly #estimates = new Map<string, Domain>();
  #points = new Map<string, Point>();
  readonly #counter: string;
  readonly #locals: KeptLocals;
  /** Whether domains of locals have grown in this pass. */
  #grown = false;
  /** Whether the process can come to its end. */
  #ends = false;
  #pass = 0;
  #places = new Map<string, string>();
  #diagnostics: Diagnostic[] = [];
  #startNames: Iterable<string> = [];

  constructor(model: ModelContext, source: ProcessSource, names: Set<string>) {
    const { named, given, bodyOf, asked, declared, isStopped } = source;
    this.#model = model;
    this.#named = named;
    this.#given = given;
    this.#bodyOf = bodyOf;
    this.#names = names;
    this.#asked = asked;
    this.#isStopped = isStopped;
    this.#declared = declared;
    this.#counter = `${named.name}.pc`;
    this.#locals = new KeptLocals(named.name, this.#counter, declared);
  }

  lower(): LoweredProcess {
    for (this.#pass = 0; ; this.#pass += 1) {
      this.#locals.startPass(this.#pass);
      this.#grown = false;
      this.#ends = this.#isStopped;
      this.#diagnostics = [];
      this.#points = new Map();
      const start = this.#lowerStart();
      const steps = new Map<string, LoweredPoint>();
      for (const point of this.#points.values()) steps.set(point.id, this.#lowerPoint(point)); // grows as it goes
      if (!this.#locals.changed && !this.#grown) return this.#finish(start, steps);
    }
  }

  #finish(start: LoweredStep, steps: ReadonlyMap<string, LoweredPoint>): LoweredProcess {
    const { name, doc, span, declaration } = this.#named;
    const points = inOrder(this.#points.values());
    this.#places = namesOfPlaces(points);
    this.#checkKept();
    // What is still missing in the last pass cannot be kept; something must have been said about it.
    for (const [id, keys] of this.#diagnostics.length === 0 ? this.#locals.missing : []) {
      const name = keys[0]!.replace(/.*:/, '').replace(/\W.*/, '');
      this.#diagnostics.push(localNotKept(this.#points.get(id)?.span ?? span, name));
    }
    this.#diagnostics.forEach(this.#model.report);
    if (points.length === 0 && !hidesSteps(this.#diagnostics)) this.#model.report(endlessProcess(span, name));
    const taken = new Set(this.#places.values());
    const actions = points.flatMap((point): readonly Action[] => {
      const label = this.#places.get(point.id)!;
      const { step, timeout } = steps.get(point.id)!;
      const common = { doc: remarkOf(point.node), span: point.span, arguments: this.#given };
      const own = { ...common, name: `${name}.${label}`, body: this.#guarded(point, step), process: { name, label } };
      if (timeout === undefined) return [own];
      const [called] = freshNames([`${label}.timeout`], taken).values();
      const body = this.#guarded(point, timeout);
      return [own, { ...common, name: `${name}.${called}`, body, timeout: { name, label } }];
    });
    const labels = [...points.map((point) => this.#places.get(point.id)!), ...(this.#ends ? [DONE] : [])];
    const counter: Variable = {
      name: this.#counter,
      doc: '',
      span,
      domain: perThread(this.#given, { kind: 'enum', values: labels }),
      process: name,
    };
    const kept = this.#locals.inUse(new Set([START, ...this.#points.keys()])).map((one): Variable => ({
      name: one.variable,
      doc: '',
      span: one.span,
      domain: perThread(this.#given, one.domain),
      process: name,
      ...(one.written !== undefined && { written: one.written }),
    }));
    const written = writtenLabels(points);
    return {
      process: {
        name,
        doc,
        span,
        ...(declaration !== undefined && { declaration }),
        arguments: this.#given,
        labels,
        counter: this.#counter,
        ...(kept.length > 0 && {
          kept: [...points.map(({ id }) => this.#locals.variablesAt(id)), ...(this.#ends ? [[]] : [])],
        }),
        ...(written !== undefined && { written: [...written, ...(this.#ends ? [null] : [])] }),
      },
      variables: [counter, ...kept],
      actions,
      init: this.#init(start),
      start: { statements: this.#startOf(start), binders: start.thread.binders },
      places: points.map((point) => ({ place: this.#places.get(point.id)!, label: point.label })),
      ends: this.#ends,
      locals: this.#localsByPlace(points),
    };
  }

  /** What threads remember under the names that somebody asks about; a declared name has to be one of a local. */
  #localsByPlace(points: readonly Point[]): ReadonlyMap<string, LocalByPlace> {
    const { span } = this.#named;
    const binders = this.#given.map((argument) => ({ name: argument.name, argument }));
    const found = [...new Set([...this.#asked, ...this.#declared.keys()])].map((name) => {
      const standings = points.map((point): Standing => {
        const thread = this.#thread(point.id);
        const unit = openUnit(this.#model, 'step', { estimates: new Map(), pass: 0, names: [thread.exit], thread });
        bindArguments(unit, this.#given, span);
        return { point, place: this.#places.get(point.id)!, unit, thread };
      });
      return [name, localByPlace(this.#locals, standings, binders, name)] as const;
    });
    for (const [name, local] of found) {
      if (!this.#declared.has(name)) continue;
      if (local.kind === 'unknown') this.#model.report(noSuchLocal(span, name, this.#named.name, local.known));
      if (local.kind === 'ambiguous') this.#model.report(ambiguousLocal(span, name, this.#named.name));
    }
    return new Map(found);
  }

  #checkKept(): void {
    for (const kept of this.#locals.inUse(new Set([START, ...this.#points.keys()]))) {
      if (cardinality(kept.domain) <= LARGEST_LOCAL) continue;
      const help = `say what it can be: \`let ${kept.wanted} = local(z.int().min(0).max(3), 0)\``;
      this.#diagnostics.push(localDomainUnknown(kept.span, `\`${kept.wanted}\``, help));
    }
  }

  #lowerStart(): LoweredStep {
    const { span } = this.#named;
    return this.#lowerUnit(START, span, NEVER, (unit, thread) => {
      unit.initial = true;
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
    const all = this.#forEachThread(this.#startOf(start), start.thread.binders, span);
    return renameLocals(all, freshNames(this.#startNames, this.#names));
  }

  #startOf(start: LoweredStep): Statement[] {
    return this.#withPlaces(this.#tidy(start, this.#named.span));
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

  /** The step from a point, and its time-out if the label has one. */
  #lowerPoint(point: Point): LoweredPoint {
    let isAsked = false;
    const lower = (isTimeout: boolean) =>
      this.#lowerStep(point, () => {
        isAsked = true;
        return isTimeout;
      });
    const step = lower(false);
    if (!isAsked) return { step };
    const chosen = (one: LoweredStep): LoweredStep => ({ ...one, statements: withoutChoices(one.statements) });
    return { step: chosen(step), timeout: chosen(lower(true)) };
  }

  #lowerStep(point: Point, isTimeout: () => boolean): LoweredStep {
    const { chain } = point;
    return this.#lowerUnit(point.id, point.span, isTimeout, (unit, thread) => {
      const rescope = this.#locals.rescoping(unit, thread, point);
      for (const scope of scopesOf(chain)) rescope(scope);
      return resumeIn(unit, mapChain(chain, rescope), () => true);
    });
  }

  /** A step as an action has it: it begins at its place. */
  #guarded({ id, span }: Point, step: LoweredStep): Statement[] {
    const counter = entryOf(step.thread, this.#counter, this.#counterDomain(), span);
    const place = build.literal(this.#places.get(id), span);
    const condition = build.operation('equal', [build.read(counter), place], span)!;
    return [{ kind: 'when', condition, span }, ...this.#withPlaces(this.#tidy(step, span))];
  }

  /** Statements that say where a thread stands by the name of the place, which until now was the point's id. */
  #withPlaces(statements: readonly Statement[]): Statement[] {
    const domain = this.#counterDomain();
    return replaceStatements(statements, (statement) => {
      if (statement.kind !== 'assign' || statement.value.kind !== 'literal') return statement;
      if (pendingChange(statement) !== undefined) return statement;
      const { target, value, span } = statement;
      if (target.root.kind !== 'variable' || target.root.name !== this.#counter) return statement;
      const place = this.#places.get(value.value as string) ?? DONE;
      return { ...statement, target: { ...target, domain }, value: build.literal(place, span) };
    });
  }

  #counterDomain(): Domain {
    return { kind: 'enum', values: [...this.#places.values(), ...(this.#ends ? [DONE] : [])] };
  }

  /** Lowers one step, from the point of that id to the next points; again, as long as domains of its locals grow. */
  #lowerUnit(
    id: string,
    span: Span,
    isTimeout: () => boolean,
    lower: (unit: Unit, thread: StepThread) => boolean,
  ): LoweredStep {
    for (let pass = this.#pass; ; pass += 1) {
      const thread = { ...this.#thread(id), isTimeout };
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
        this.#grown = true; // steps before this one may have locals of that name too
        continue;
      }
      if (id === START) {
        this.#startNames = unit.names;
        const own = [this.#counter, ...this.#locals.variables()];
        const effect = stateChange(statements, own);
        if (effect !== undefined && !hidesSteps(unit.diagnostics)) report(unit, startChangesState(effect.span), effect);
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
      counter: this.#counter,
      restored: new Map(),
      given: this.#given,
      binders,
      arguments: argumentsOfThread,
      isClosed,
      asked: this.#asked,
      isTimeout: NEVER,
      miss: (keys) => this.#locals.miss(id, keys),
      stop: (unit, node, label, chain, span) => {
        if (this.#isDead(unit, chain, isClosed)) return emit(unit, { kind: 'exit', label: thread.exit, span });
        const target = this.#reach(unit, node, label, chain, span);
        this.#locals.passTo(unit, thread, { from: id, to: target.id, chain, span });
        this.#stand(unit, target.id, thread, span);
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

  /** The point of a `yield` that a step has come to; new ones are lowered later. */
  #reach(unit: Unit, node: TS.YieldExpression, label: string, chain: Enclosure | undefined, span: Span): Point {
    const id = `${callPath(unit)}/${node.getSourceFile().fileName}:${node.pos}`;
    const known = this.#points.get(id);
    if (known !== undefined) return known;
    if (MOST_PLACES <= this.#points.size) giveUp(unit, tooManyPlaces(span, MOST_PLACES));
    const order = [...unit.calls.flatMap((call) => [call.span.start, call.round ?? 0]), node.getStart()];
    const way = [...sitesOf(unit.calls), { span }];
    const point: Point = { id, label, span, node, order, way, chain: mapChain(chain, snapshot()) };
    this.#points.set(id, point);
    keepAsked(this.#locals, this.#thread(id), point, this.#asked);
    return point;
  }

  /** What the place at a point is called, and what others there are, is known only when all have been found. */
  #stand(unit: Unit, id: string, thread: StepThread, span: Span): void {
    const target = placeOf(entryOf(thread, this.#counter, UNKNOWN_PLACES, span), span);
    emit(unit, { kind: 'assign', target, value: build.literal(id, span), span });
    emit(unit, { kind: 'exit', label: thread.exit, span });
  }

  #writeEnd(unit: Unit, from: string, thread: StepThread, span: Span): void {
    this.#ends = true;
    this.#locals.letGo(unit, thread, from, span);
    this.#stand(unit, DONE, thread, span);
  }
}

const UNKNOWN_PLACES: Domain = { kind: 'never' };

/** Past this many values a local is taken for one without a bound. */
const LARGEST_LOCAL = 2 ** 16;

const NEVER = (): boolean => false;

interface LoweredPoint {
  readonly step: LoweredStep;
  readonly timeout?: LoweredStep;
}

interface LoweredStep {
  /** As they were written, before anything that needs not be there is taken out. */
  readonly statements: readonly Statement[];
  readonly thread: StepThread;
}

/** Whether something was refused that may have a `yield` in it: where the first step begins is not known then. */
function hidesSteps(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some(({ code }) => code === 'FL030' || code === 'FL060' || code === 'FL067');
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
