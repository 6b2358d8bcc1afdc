import { constant, isConstant, ONE, unary, ZERO } from './flat.ts';
import type { Cell, Flat, FlatProgram, FlatStatement } from './flat.ts';

/**
 * Collects the statements of one flat program. What can never be reached is not collected: after `fail`, `impossible`,
 * a `leave` or an endless loop, nothing is until the block that was left is closed.
 */
export class Builder {
  private statements: FlatStatement[] = [];
  private reachable = true;
  private temps = 0;
  private readonly regions: number[] = [];
  private labels = 0;
  private readonly leaves = new Map<number, boolean>();
  private readonly mutableTemps = new Set<number>();
  /** Grows with every statement, so that unrolling can stop in time. */
  size = 0;

  finish(): FlatProgram {
    // Marks only count at the end, so those that every way passes can wait until there: guards shall come first.
    const marks = this.statements.filter(({ op }) => op === 'mark');
    const body =
      marks.length === 0 ? this.statements : [...this.statements.filter(({ op }) => op !== 'mark'), ...marks];
    return { body, temps: this.temps, regions: this.regions };
  }

  /** Whether what comes next can be reached. */
  get live(): boolean {
    return this.reachable;
  }

  emit(statement: FlatStatement): void {
    if (!this.reachable) return;
    this.statements.push(statement);
    this.size += 1;
  }

  newTemp(mutable: boolean): number {
    if (mutable) this.mutableTemps.add(this.temps);
    return this.temps++;
  }

  newRegion(cells: number): number {
    return this.regions.push(cells) - 1;
  }

  newLabel(): number {
    return this.labels++;
  }

  /** A temp with the value as it is now, or the value itself when nothing can change it. */
  fix(value: Flat): Flat {
    if (isConstant(value) || (value.op === 'temp' && !this.mutableTemps.has(value.temp))) return value;
    const temp = this.newTemp(false);
    this.emit({ op: 'set', temp, value });
    return { op: 'temp', temp };
  }

  set(temp: number, value: Flat): void {
    this.emit({ op: 'set', temp, value });
  }

  store(cell: Cell, value: Flat): void {
    this.emit({ op: 'store', cell, value });
  }

  when(condition: Flat): void {
    if (condition.op === 'and') {
      this.when(condition.left);
      this.when(condition.right);
      return;
    }
    if (isConstant(condition) && condition.value !== 0) return;
    this.emit({ op: 'when', condition });
    if (isConstant(condition)) this.reachable = false;
  }

  check(condition: Flat): void {
    if (isConstant(condition) && condition.value !== 0) return;
    this.emit({ op: 'check', condition });
    if (isConstant(condition)) this.reachable = false;
  }

  fail(): void {
    this.check(ZERO);
  }

  leave(label: number): void {
    if (!this.reachable) return;
    this.emit({ op: 'leave', label });
    this.leaves.set(label, true);
    this.reachable = false;
  }

  if(condition: Flat, whenTrue: () => void, whenFalse: () => void = () => {}): void {
    if (!this.reachable) return;
    if (isConstant(condition)) {
      if (condition.value !== 0) whenTrue();
      else whenFalse();
      return;
    }
    const [first, firstEnds] = this.collect(whenTrue);
    const [second, secondEnds] = this.collect(whenFalse);
    if (first.length === 0 && second.length === 0) return;
    if (first.length === 0)
      this.emit({ op: 'if', condition: unary('not', condition), whenTrue: second, whenFalse: [] });
    else this.emit({ op: 'if', condition, whenTrue: first, whenFalse: second });
    this.reachable = firstEnds || secondEnds;
  }

  /** `body` is given the label that leaves the block. */
  block(body: (label: number) => void): void {
    if (!this.reachable) return;
    const label = this.newLabel();
    const [statements, ends] = this.collect(() => body(label));
    const left = this.leaves.has(label);
    if (left) this.emit({ op: 'block', label, body: statements });
    else this.statements.push(...statements);
    this.reachable = ends || left;
  }

  /** Repeats `body` until it leaves a block. */
  loop(body: () => void): void {
    if (!this.reachable) return;
    const [statements] = this.collect(body);
    this.emit({ op: 'loop', body: statements });
    this.reachable = false;
  }

  /** Runs `body` for a counter from 0 to `count - 1`. */
  repeat(count: Flat, body: (counter: Flat) => void): void {
    const counter = this.newTemp(true);
    this.set(counter, ZERO);
    const current: Flat = { op: 'temp', temp: counter };
    this.block((done) => {
      this.loop(() => {
        this.if({ op: 'lessOrEqual', left: count, right: current }, () => this.leave(done));
        body(current);
        this.set(counter, { op: 'add', left: current, right: ONE });
      });
    });
  }

  /** What `body` emits, kept aside; whether its end can be reached; and what it returned. */
  collect<T>(body: () => T): [statements: FlatStatement[], ends: boolean, result: T] {
    const outer = this.statements;
    const wasReachable = this.reachable;
    this.statements = [];
    const result = body();
    const collected = this.statements;
    const ends = this.reachable;
    this.statements = outer;
    this.reachable = wasReachable;
    return [collected, ends, result];
  }

  /** Puts statements that were kept aside in place. */
  append(statements: readonly FlatStatement[], ends: boolean): void {
    if (!this.reachable) return;
    this.statements.push(...statements);
    this.reachable = ends;
  }
}

/** `value + offset`, as leaves hold integers less the minimum of their domain. */
export function offsetBy(value: Flat, offset: number): Flat {
  if (offset === 0) return value;
  if (isConstant(value)) return constant(value.value + offset);
  if (value.op === 'add' && isConstant(value.right)) return offsetBy(value.left, (value.right.value + offset) | 0);
  return { op: 'add', left: value, right: constant(offset) };
}
