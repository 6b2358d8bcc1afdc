import { bodyWithAuthorsNames } from '../ir/authors-names.ts';
import { fold } from '../ir/fold.ts';
import type { Action, Expression, Statement, System } from '../ir/index.ts';
import { isOfOwnThread } from '../ir/own-entry.ts';
import { negated } from './negation.ts';
import { Notation } from './notation.ts';
import { isFresh } from '../ir/part.ts';

/** What a step is, for readers: when it is possible, and what it then does. */
export interface StepText {
  /** Conditions that all have to hold, beside that a process stands there. */
  readonly guard: readonly string[];
  /** Lines of pseudocode; the last ones of a step of a process say where it goes on: `goto sleep`. */
  readonly effect: readonly string[];
}

/**
 * An action as conditions and pseudocode. A condition that is tested before anything changes is part of the guard,
 * wherever it stands; one that is tested later, or only on one way through, stays where it is, as `when (…)`.
 */
export function stepText(system: System, { body, ...rest }: Action): StepText {
  const action = { ...rest, body: bodyWithAuthorsNames(body) };
  const notation = new Notation(system, action.body);
  const guard: Expression[] = [];
  const effects = withoutGuard(action, action.body, guard);
  return {
    guard: guard.map((condition) => notation.expression(condition)),
    effect: new Writer(notation, action).lines(effects),
  };
}

/** The conditions of {@link stepText} as expressions, with what writes them as it does. */
export function guardOf(
  system: System,
  { body, ...rest }: Action,
): { readonly guard: readonly Expression[]; readonly notation: Notation } {
  const action = { ...rest, body: bodyWithAuthorsNames(body) };
  const guard: Expression[] = [];
  withoutGuard(action, action.body, guard);
  return { guard, notation: new Notation(system, action.body) };
}

/** What `init` sets, without where processes start. */
export function initText(system: System): readonly string[] {
  const places = new Set(system.variables.filter(({ process }) => process !== undefined).map(({ name }) => name));
  const isStart = (statement: Statement): boolean =>
    fold<boolean>(
      statement,
      (node, inner) => inner.includes(true) || (node.kind === 'assign' && places.has(node.target.root.name)),
    );
  const own = bodyWithAuthorsNames(system.init.filter((statement) => !isStart(statement)));
  return new Writer(new Notation(system, own)).lines(own);
}

function withoutGuard(action: Action, statements: readonly Statement[], guard: Expression[]): readonly Statement[] {
  for (const [index, statement] of statements.entries()) {
    if (statement.kind === 'when') {
      const isOwnPlace = (action.process ?? action.timeout) !== undefined && statement === action.body[0];
      if (!isOwnPlace) guard.push(statement.condition);
    } else if (statement.kind === 'block' && statement.label === STEP && index === statements.length - 1) {
      return withoutGuard(action, statement.body, guard);
    } else return statements.slice(index);
  }
  return [];
}

/** What is left at the end of a function that is told apart from its calls: no label of the language has a space. */
export const RETURN = 'to the caller';

/** The block around a step of a process; it ends with the step. */
const STEP = 'step';

class Writer {
  constructor(
    private readonly notation: Notation,
    private readonly action?: Action,
  ) {}

  lines(statements: readonly Statement[]): readonly string[] {
    return statements.flatMap((statement) => this.#linesOf(statement));
  }

  #linesOf(statement: Statement): readonly string[] {
    const { notation } = this;
    switch (statement.kind) {
      case 'assign':
        return [this.#assignment(statement)];
      case 'let':
        return [`${statement.name} := ${notation.expression(statement.value)}`];
      case 'if':
        return this.#branches(statement);
      case 'for': {
        const { binder, indexBinder, over, body } = statement;
        const names = indexBinder === undefined ? binder : `[${indexBinder}, ${binder}]`;
        return this.#nested(`for (${names} of ${notation.expression(over)})`, body);
      }
      case 'loop':
        return this.#nested('repeat', statement.body);
      case 'block':
        return statement.label === STEP
          ? this.lines(statement.body)
          : this.#nested(`${statement.label}:`, statement.body);
      case 'exit':
        if (statement.label === RETURN) return ['return'];
        return statement.label === STEP ? [] : [`leave ${statement.label}`];
      case 'when':
        return [`when (${notation.expression(statement.condition)})`];
      case 'verify':
        return [`verify (${notation.expression(statement.condition)})  // ${statement.message}`];
      case 'choose':
        return isFresh(statement)
          ? [`${statement.name} := a value of ${statement.domain.name} above all there are`]
          : [`${statement.name} := any of ${notation.expression(statement.from)}`];
      case 'either':
        return statement.branches.flatMap((branch, index) => this.#nested(index === 0 ? 'either' : 'or', branch));
    }
  }

  #branches({ condition, whenTrue, whenFalse }: Statement & { readonly kind: 'if' }): readonly string[] {
    const [yes, no] = [this.lines(whenTrue), this.lines(whenFalse)];
    if (yes.length === 0 && no.length === 0) return [];
    if (yes.length === 0) return this.#head(`if (${this.notation.expression(negated(condition))})`, no);
    const first = this.#head(`if (${this.notation.expression(condition)})`, yes);
    if (no.length === 0) return first;
    // `else if` on one line.
    const [only] = whenFalse;
    if (whenFalse.length === 1 && only?.kind === 'if') return [...first, `else ${no[0]!}`, ...no.slice(1)];
    return [...first, ...this.#head('else', no)];
  }

  #nested(head: string, body: readonly Statement[]): readonly string[] {
    return this.#head(head, this.lines(body));
  }

  #head(head: string, lines: readonly string[]): readonly string[] {
    const [only] = lines;
    if (only === undefined) return [`${head} nothing`];
    const isShort = lines.length === 1 && !only.startsWith('if ') && head.length + only.length < SHORT;
    return isShort ? [`${head} ${only}`] : [head, ...lines.map((line) => `  ${line}`)];
  }

  #assignment(statement: Statement & { readonly kind: 'assign' }): string {
    const { target, value } = statement;
    const place = this.notation.place(target);
    const process = target.root.kind === 'variable' ? this.notation.processOf(target.root.name) : undefined;
    if (process !== undefined && value.kind === 'literal') {
      const label = String(value.value);
      const isOwn =
        this.action !== undefined &&
        (this.action.process ?? this.action.timeout)?.name === process &&
        isOfOwnThread(this.action, statement);
      if (isOwn) return `goto ${label}`;
      const keys = target.path.flatMap((one) => (one.kind === 'index' ? [this.notation.expression(one.index)] : []));
      return `${process}${keys.length === 0 ? '' : `(${keys.join(', ')})`} goes to ${label}`;
    }
    return this.#asMethod(place, value) ?? `${place} = ${this.notation.expression(value)}`;
  }

  /** `readers.add(r)` for what the compiler made a union with what was there, and the like. */
  #asMethod(place: string, value: Expression): string | undefined {
    if (value.kind === 'set' && value.elements.length === 0) return `${place}.clear()`;
    if (value.kind !== 'operation') return undefined;
    const [left, right] = value.operands;
    if (left === undefined || right === undefined || this.notation.expression(left) !== place) return undefined;
    switch (value.operator) {
      case 'add':
      case 'subtract':
        return `${place} ${value.operator === 'add' ? '+' : '-'}= ${this.notation.expression(right)}`;
      case 'union':
      case 'difference':
      case 'concat': {
        if (right.kind !== 'set' && right.kind !== 'array') return undefined;
        const elements = right.elements.map((element) => this.notation.expression(element)).join(', ');
        return `${place}.${METHOD[value.operator]}(${elements})`;
      }
      default:
        return undefined;
    }
  }
}

const METHOD = { union: 'add', difference: 'delete', concat: 'push' } as const;

/** A branch this short stands on the line of its condition. */
const SHORT = 72;
