import type { Domain } from './domain.ts';
import { INT_MAX, INT_MIN } from './domain.ts';
import type { Operator } from './expression.ts';
import { NEVER } from './part.ts';

export interface Interval {
  readonly kind: 'int';
  readonly min: number;
  readonly max: number;
}

export function intervalOf(operator: Operator, operands: readonly Interval[]): Domain {
  const [a, b] = operands as [Interval, Interval];
  switch (operator) {
    case 'add':
      return interval(a.min + b.min, a.max + b.max);
    case 'subtract':
      return interval(a.min - b.max, a.max - b.min);
    case 'multiply':
      return hull(corners(a, b).map(([x, y]) => x * y));
    case 'divide':
      return quotient(a, b, Math.floor);
    case 'truncate':
      return quotient(a, b, Math.trunc);
    case 'remainder': {
      const largest = Math.max(Math.abs(b.min), Math.abs(b.max)) - 1;
      return interval(a.min < 0 ? Math.max(a.min, -largest) : 0, a.max > 0 ? Math.min(a.max, largest) : 0);
    }
    case 'minimum':
      return interval(Math.min(...operands.map((one) => one.min)), Math.min(...operands.map((one) => one.max)));
    case 'maximum':
      return interval(Math.max(...operands.map((one) => one.min)), Math.max(...operands.map((one) => one.max)));
    case 'negate':
      return interval(-a.max, -a.min);
    default:
      return interval(
        a.min <= 0 && 0 <= a.max ? 0 : Math.min(Math.abs(a.min), Math.abs(a.max)),
        Math.max(Math.abs(a.min), Math.abs(a.max)),
      );
  }
}

/** The divisor that makes a quotient largest or smallest is an end of its interval or next to zero. */
function quotient(a: Interval, b: Interval, round: (x: number) => number): Domain {
  const divisors = [b.min, b.max, -1, 1].filter((divisor) => divisor !== 0 && b.min <= divisor && divisor <= b.max);
  if (divisors.length === 0) return NEVER;
  return hull(divisors.flatMap((divisor) => [round(a.min / divisor), round(a.max / divisor)]));
}

function corners(a: Interval, b: Interval): [number, number][] {
  return [
    [a.min, b.min],
    [a.min, b.max],
    [a.max, b.min],
    [a.max, b.max],
  ];
}

function hull(values: readonly number[]): Domain {
  return interval(Math.min(...values), Math.max(...values));
}

function interval(min: number, max: number): Domain {
  const clip = (value: number) => Math.min(Math.max(value, INT_MIN), INT_MAX) + 0; // never -0
  return { kind: 'int', min: clip(min), max: clip(max) };
}
