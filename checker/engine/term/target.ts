import type { Builder } from '../builder.ts';
import type { Flat } from '../flat.ts';
import { isConstant, ONE, unary, ZERO } from '../flat.ts';

/** What lowering writes to. */
export interface Target {
  readonly builder: Builder;
  readonly constants: ConstantPool;
}

/** Goes on only when the condition holds: a `check`, or leaving a block. */
export type Require = (condition: Flat) => void;

/** Fails the step when the condition does not hold. */
export function failUnless(target: Target): Require {
  return (condition) => target.builder.check(condition);
}

/** Whether `body` gets to its end without a requirement that does not hold, as a 0 or 1 that stays. */
export function attempt(target: Target, body: (require: Require) => void): Flat {
  const { builder } = target;
  const ok = builder.newTemp(true);
  let certain = true;
  const [statements, ends] = builder.collect(() => {
    builder.set(ok, ZERO);
    builder.block((failed) => {
      body((condition) => {
        if (isConstant(condition) && condition.value !== 0) return;
        certain = false;
        builder.if(unary('not', condition), () => builder.leave(failed));
      });
      builder.set(ok, ONE);
    });
  });
  builder.append(statements, ends);
  return certain ? ONE : builder.fix({ op: 'temp', temp: ok });
}

/** Numbers that programs read: tables and constant composites, each once. */
export class ConstantPool {
  private readonly numbers: number[] = [];
  private readonly known = new Map<string, number>();

  /** The index of the first of these numbers. */
  add(numbers: ArrayLike<number>): number {
    const list = Array.from(numbers);
    const key = list.join();
    let at = this.known.get(key);
    if (at === undefined) {
      at = this.numbers.length;
      for (const number of list) this.numbers.push(number);
      this.known.set(key, at);
    }
    return at;
  }

  toArray(): Int32Array {
    return Int32Array.from(this.numbers);
  }
}

/** Something that generated code would need too much room for. */
export class TooLarge extends Error {}
