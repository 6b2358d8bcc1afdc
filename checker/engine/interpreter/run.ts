import { entryIn, fieldIn } from '../../../dsl/ir/index.ts';
import type { Domain, Expression, ObjectValue, StatePlace, Statement, Value } from '../../../dsl/ir/index.ts';
import type { Plan } from '../../plan/plan.ts';

/** One run of a step or predicate. `state` is replaced by assignments, never mutated. */
export interface Run {
  readonly plan: Plan;
  /** The state that the step starts in; of a predicate, the state. */
  readonly start: ObjectValue;
  state: ObjectValue;
  readonly next: ObjectValue | undefined;
  readonly locals: Map<string, Value>;
  /** Of the locals that `let` has declared. */
  readonly domains: Map<string, Domain>;
  readonly odometer: Chooser;
  /** The branches gone through so far. */
  readonly branches: Set<number>;
  /** What it writes, if somebody wants to know. */
  writes?: Write[] | undefined;
  /** Whether to go on past a `when` although its condition is false: what a step would do if it were true. */
  passes?: ((condition: Expression) => boolean) | undefined;
  /** Told of each statement before it is run. */
  watch?: ((statement: Statement) => void) | undefined;
  /** Told of the condition of each `if` and `when` that the step comes to, and may answer it otherwise. */
  asked?: ((statement: ConditionalStatement, truth: boolean) => boolean) | undefined;
}

export type ConditionalStatement = Extract<Statement, { readonly kind: 'if' | 'when' }>;

/** Chooses where a step has several ways. */
export interface Chooser {
  /** A number below `radix`, which is at least 1. */
  choose(radix: number): number;
}

/** What a step did to one place, or would have done: an `if` without `else` whose condition was false does nothing. */
export interface Write {
  readonly kind: 'written' | 'skipped';
  readonly statement: Statement;
  /** Of an `if`, the place whose size its condition asks for. */
  readonly place: StatePlace | undefined;
  readonly isChange: boolean;
}

/** The place that an expression stands for; undefined when it is none of the state. */
export function placeOf(expression: Expression, valueOf: (index: Expression) => Value): StatePlace | undefined {
  switch (expression.kind) {
    case 'variable':
      return { variable: expression.name, segments: [] };
    case 'field': {
      const object = placeOf(expression.object, valueOf);
      return object && fieldIn(object, expression.name);
    }
    case 'index': {
      const object = placeOf(expression.object, valueOf);
      return object && entryIn(object, valueOf(expression.index));
    }
    default:
      return undefined;
  }
}

export function newRun(
  plan: Plan,
  state: ObjectValue,
  locals: Map<string, Value>,
  next?: ObjectValue,
  odometer: Chooser = new Odometer(),
): Run {
  return { plan, start: state, state, next, locals, domains: new Map(), odometer, branches: new Set() };
}

export function bind(run: Run, binders: { binder: string; indexBinder?: string }, index: number, element: Value): void {
  run.locals.set(binders.binder, element);
  if (binders.indexBinder !== undefined) run.locals.set(binders.indexBinder, index);
}

/** The choices of a run, and from them the choices of the next one: the last that can advance does. */
export class Odometer implements Chooser {
  private readonly digits: number[] = [];
  private readonly radices: number[] = [];
  private position = 0;

  /** The next digit, of a choice among `radix` alternatives, at least 1. */
  choose(radix: number): number {
    const position = this.position++;
    if (position === this.digits.length) this.digits.push(0);
    this.radices[position] = radix;
    return this.digits[position]!;
  }

  /** Makes the choices of this run once more; where another way has other choices, the last or the first of them. */
  again(): Chooser {
    const digits = this.digits.slice(0, this.position);
    let position = 0;
    return { choose: (radix) => Math.min(digits[position++] ?? 0, radix - 1) };
  }

  /** Moves on to the next combination; false when there is none. */
  advance(): boolean {
    this.digits.length = this.position;
    this.position = 0;
    while (0 < this.digits.length) {
      const last = this.digits.length - 1;
      if (this.digits[last]! + 1 < this.radices[last]!) {
        this.digits[last]! += 1;
        return true;
      }
      this.digits.pop();
    }
    return false;
  }
}
