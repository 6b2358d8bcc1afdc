import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyBinary, applyUnary, constant } from '../../../../checker/engine/flat.ts';
import type { BinaryOperation, Cell, Flat, FlatProgram, FlatStatement } from '../../../../checker/engine/flat.ts';
import { Batch } from '../../../../checker/engine/next-state.ts';
import { emitWasmEngine, runWasmEngine } from '../../../../checker/engine/wasm/engine.ts';
import { prepare } from '../../../../checker/engine/wasm/prepared.ts';
import { isRefused, planOf } from '../../../../checker/plan/plan.ts';
import type { Plan } from '../../../../checker/plan/plan.ts';
import * as ir from '../../../support/ir.ts';
import { validateWasm, wasmText } from '../../../support/wasm.ts';

/* Flat programs as no compiler would write them, on states of many narrow fields: for word masks and their merging. */

const WIDTHS = [1, 3, 2, 5, 1, 8, 4, 20, 3, 3, 3, 3, 31, 7, 6, 1, 1, 12];
const TEMPS = 4;
const DIGITS = 2;

function planFor(widths: readonly number[]): Plan {
  const domains = widths.map((width, at) => [`v${at}`, ir.intDomain(0, 2 ** width - 1)] as const);
  const plan = planOf(ir.system(Object.fromEntries(domains), { actions: [ir.action('a', {})] }));
  if (isRefused(plan)) throw new Error('refused');
  return plan;
}

// ---------------------------------------------------------------------------------------------------------------------
// What a flat program means, in a few plain lines

class Ended extends Error {}
class Left extends Error {
  constructor(readonly label: number) {
    super();
  }
}

/** The successors that a program makes of leaves, `fails` for each way that fails. */
function outcomesOf(program: FlatProgram, leaves: readonly number[]): readonly string[] {
  const outcomes: string[] = [];
  const digits: number[] = [];
  const radices: number[] = [];
  do {
    const state = [...leaves];
    const temps: number[] = [];
    let position = 0;
    const value = (flat: Flat): number => {
      switch (flat.op) {
        case 'const':
          return flat.value;
        case 'temp':
          return temps[flat.temp]!;
        case 'load':
          return state[flat.cell.at + (flat.cell.index === undefined ? 0 : value(flat.cell.index))]!;
        case 'select':
          return value(flat.condition) === 0 ? value(flat.whenFalse) : value(flat.whenTrue);
        case 'not':
        case 'popcount':
        case 'trailingZeros':
          return applyUnary(flat.op, value(flat.operand));
        default:
          return applyBinary(flat.op, value(flat.left), value(flat.right));
      }
    };
    const run = (body: readonly FlatStatement[]): void => {
      for (const statement of body) {
        switch (statement.op) {
          case 'set':
            temps[statement.temp] = value(statement.value);
            break;
          case 'store': {
            const { at, index } = statement.cell;
            state[at + (index === undefined ? 0 : value(index))] = value(statement.value);
            break;
          }
          case 'if':
            run(value(statement.condition) === 0 ? statement.whenFalse : statement.whenTrue);
            break;
          case 'block':
            try {
              run(statement.body);
            } catch (error) {
              if (!(error instanceof Left) || error.label !== statement.label) throw error;
            }
            break;
          case 'leave':
            throw new Left(statement.label);
          case 'loop':
            for (;;) run(statement.body);
          case 'when':
            if (value(statement.condition) === 0) throw new Ended('');
            break;
          case 'check':
            if (value(statement.condition) === 0) throw new Ended('fails');
            break;
          case 'choose':
            digits[position] ??= 0;
            radices[position] = value(statement.count);
            temps[statement.temp] = digits[position]!;
            position += 1;
            break;
          default:
            throw new Error(`no ${statement.op} here`);
        }
      }
    };
    try {
      run(program.body);
      outcomes.push(state.join());
    } catch (error) {
      if (!(error instanceof Ended)) throw error;
      if (error.message !== '') outcomes.push(error.message);
    }
    digits.length = position;
    while (0 < digits.length && radices[digits.length - 1]! <= digits.at(-1)! + 1) digits.pop();
    if (0 < digits.length) digits[digits.length - 1]! += 1;
  } while (0 < digits.length);
  return outcomes;
}

/** The same by generated code. */
function emittedOutcomes(
  plan: Plan,
  program: FlatProgram,
  states: readonly (readonly number[])[],
): readonly string[][] {
  const nothing: FlatProgram = { body: [], temps: 0, regions: [] };
  const system = prepare(plan, { constants: new Int32Array(), init: nothing, instances: [program], predicates: [] });
  const bytes = emitWasmEngine(system);
  validateWasm(bytes);
  const engine = runWasmEngine(system, bytes);
  const { words, leaves } = plan.layout;
  return states.map((codes) => {
    const state = new Int32Array(words);
    leaves.forEach(({ word, shift }, leaf) => void (state[word]! |= codes[leaf]! << shift));
    const out = new Batch(words);
    engine.successors(state, 0, out);
    const successors = Array.from({ length: out.count }, (_, index) =>
      leaves.map(({ word, shift, mask }) => (out.states[index * words + word]! >>> shift) & mask).join(),
    );
    // The order between successors and failures is not kept in a batch.
    return [...successors, ...out.failures.map(() => 'fails')];
  });
}

// ---------------------------------------------------------------------------------------------------------------------
// Random programs

const cellOf = (at: number): Cell => ({ space: { kind: 'state' }, at, index: undefined });
/** The fields 8 to 11, of three bits each, are a row. */
const ROW = { at: 8, count: 4 };
const rowCell = (index: Flat): Cell => ({
  space: { kind: 'state' },
  at: ROW.at,
  index,
  among: { count: ROW.count, stride: 1 },
});

const leaf = fc.nat(WIDTHS.length - 1);
const inWidth = (width: number): fc.Arbitrary<number> =>
  fc.oneof(fc.constantFrom(0, 1, 2 ** width - 1), fc.nat(2 ** width - 1)).map((code) => code % 2 ** width);

const { value, condition } = fc.letrec<{ value: Flat; condition: Flat }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.integer({ min: -3, max: 40 }).map(constant),
    fc.nat(TEMPS - 1).map((temp): Flat => ({ op: 'temp', temp })),
    leaf.map((at): Flat => ({ op: 'load', cell: cellOf(at) })),
    fc.nat(ROW.count - 1).map((index): Flat => ({ op: 'load', cell: rowCell({ op: 'const', value: index }) })),
    leaf.map((at): Flat => ({
      op: 'load',
      cell: rowCell({ op: 'bitAnd', left: { op: 'load', cell: cellOf(at) }, right: constant(3) }),
    })),
    binaryOf(['add', 'subtract', 'multiply', 'minimum', 'maximum', 'bitAnd', 'bitOr', 'bitXor'], tie('value')),
    tie('condition'),
    fc
      .tuple(tie('condition'), tie('value'), tie('value'))
      .map(([test, whenTrue, whenFalse]): Flat => ({ op: 'select', condition: test, whenTrue, whenFalse })),
    tie('value').map((operand): Flat => ({ op: 'popcount', operand })),
  ),
  condition: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fieldTest(),
    fieldTest(),
    fieldTest(),
    binaryOf(['equal', 'notEqual', 'less', 'lessOrEqual', 'addOverflows', 'multiplyOverflows'], tie('value')),
    binaryOf(['and', 'or'], tie('condition')),
    binaryOf(['and', 'or'], tie('condition')),
    tie('condition').map((operand): Flat => ({ op: 'not', operand })),
    // Many fields against constants at once, as quantifiers over processes come out.
    fc
      .array(fieldTest(), { minLength: 3, maxLength: 8 })
      .chain((tests) =>
        fc
          .constantFrom<BinaryOperation>('and', 'or')
          .map((op) => tests.reduce((all, one): Flat => ({ op, left: all, right: one }))),
      ),
  ),
}));

function binaryOf(operations: readonly BinaryOperation[], operand: fc.Arbitrary<Flat>): fc.Arbitrary<Flat> {
  return fc
    .tuple(fc.constantFrom(...operations), operand, operand)
    .map(([op, left, right]): Flat => ({ op, left, right }));
}

/** A comparison of a field with a constant that it may hold, or with one just outside. */
function fieldTest(): fc.Arbitrary<Flat> {
  return leaf.chain((at) =>
    fc
      .tuple(
        fc.constantFrom<BinaryOperation>('equal', 'notEqual', 'less', 'lessOrEqual'),
        fc.oneof(inWidth(WIDTHS[at]!), fc.constantFrom(-1, 2 ** WIDTHS[at]!)),
        fc.boolean(),
      )
      .map(([op, code, turned]): Flat => {
        const field: Flat = { op: 'load', cell: cellOf(at) };
        return turned ? { op, left: constant(code), right: field } : { op, left: field, right: constant(code) };
      }),
  );
}

/** A value cut to what a field holds. */
function fitting(at: number): fc.Arbitrary<Flat> {
  const mask = constant(2 ** WIDTHS[at]! - 1);
  return fc.oneof(
    inWidth(WIDTHS[at]!).map(constant),
    inWidth(WIDTHS[at]!).map(constant),
    value.map((one): Flat => ({ op: 'bitAnd', left: one, right: mask })),
    fc
      .tuple(fc.constantFrom<BinaryOperation>('bitOr', 'bitAnd', 'bitXor'), inWidth(WIDTHS[at]!))
      .map(([op, code]): Flat => ({ op, left: { op: 'load', cell: cellOf(at) }, right: constant(code) })),
  );
}

function statements(depth: number, labels: readonly number[]): fc.Arbitrary<readonly FlatStatement[]> {
  const simple: fc.Arbitrary<FlatStatement>[] = [
    fc.tuple(fc.nat(TEMPS - 1), value).map(([temp, one]): FlatStatement => ({ op: 'set', temp, value: one })),
    ...Array.from({ length: 5 }, () =>
      leaf.chain((at) => fitting(at).map((one): FlatStatement => ({ op: 'store', cell: cellOf(at), value: one }))),
    ),
    fc.tuple(value, fitting(ROW.at)).map(([index, one]): FlatStatement => {
      const position: Flat = { op: 'bitAnd', left: index, right: constant(3) };
      return { op: 'store', cell: rowCell(position), value: { op: 'bitAnd', left: one, right: constant(7) } };
    }),
    condition.map((one): FlatStatement => ({ op: 'when', condition: { op: 'or', left: one, right: constant(1) } })),
    condition.map((one): FlatStatement => ({ op: 'when', condition: one })),
    condition.map((one): FlatStatement => ({ op: 'check', condition: one })),
    fc
      .tuple(fc.nat(TEMPS - 1), fc.integer({ min: 1, max: DIGITS }))
      .map(([temp, count]): FlatStatement => ({ op: 'choose', temp, count: constant(count) })),
  ];
  const structured: fc.Arbitrary<FlatStatement>[] =
    depth === 0
      ? []
      : [
          fc
            .tuple(condition, statements(depth - 1, labels), statements(depth - 1, labels))
            .map(([test, whenTrue, whenFalse]): FlatStatement => ({ op: 'if', condition: test, whenTrue, whenFalse })),
          statements(depth - 1, [...labels, depth * 100 + labels.length]).map((body): FlatStatement => ({
            op: 'block',
            label: depth * 100 + labels.length,
            body,
          })),
        ];
  const list = fc.array(fc.oneof(...simple, ...structured, ...structured), { maxLength: 6 });
  if (labels.length === 0) return list;
  const leave = fc.constantFrom(...labels).map((label): FlatStatement => ({ op: 'leave', label }));
  return fc
    .tuple(list, fc.option(leave, { nil: undefined }))
    .map(([body, end]) => (end === undefined ? body : [...body, end]));
}

const program = statements(3, []).map((body): FlatProgram => {
  // Temps are set before they are read, as `flatten` has it.
  const first = Array.from({ length: TEMPS }, (_, temp): FlatStatement => ({ op: 'set', temp, value: constant(temp) }));
  return { body: [...first, ...body], temps: TEMPS, regions: [] };
});

const state = fc.tuple(...WIDTHS.map(inWidth));

describe('WebAssembly of a flat program', () => {
  it('does what the program says', () => {
    const plan = planFor(WIDTHS);
    const seen = { several: 0, changed: 0, failing: 0 };
    fc.assert(
      fc.property(program, fc.array(state, { minLength: 4, maxLength: 4 }), (one, states) => {
        const emitted = emittedOutcomes(plan, one, states);
        states.forEach((codes, index) => {
          const expected = outcomesOf(one, codes);
          const successors = expected.filter((outcome) => outcome !== 'fails');
          const failures = expected.filter((outcome) => outcome === 'fails');
          expect(emitted[index]).toEqual([...successors, ...failures]);
          if (1 < expected.length) seen.several += 1;
          if (0 < failures.length) seen.failing += 1;
          if (successors.some((successor) => successor !== codes.join())) seen.changed += 1;
        });
      }),
      { numRuns: Number(process.env['RANDOM_PROGRAMS'] ?? 400), seed: Number(process.env['RANDOM_SEED'] ?? 3) },
    );
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(50);
  });

  it('keeps scratch cells in memory when there are more than a function could have locals', () => {
    const cell = (at: number): Cell => ({ space: { kind: 'scratch', region: at % 2 }, at, index: undefined });
    const cells = Array.from({ length: 60_000 }, (_, at) => at);
    const last: Flat = { op: 'bitAnd', left: { op: 'load', cell: cell(59_999) }, right: constant(7) };
    const body: FlatStatement[] = [
      ...cells.map((at): FlatStatement => ({ op: 'store', cell: cell(at), value: constant(at) })),
      ...cells.map((at): FlatStatement => ({
        op: 'check',
        condition: { op: 'less', left: constant(-1), right: { op: 'load', cell: cell(at) } },
      })),
      { op: 'store', cell: cellOf(1), value: last },
    ];
    const emitted = emittedOutcomes(planFor([3, 3]), { body, temps: 0, regions: [60_000, 60_000] }, [[5, 0]]);
    expect(emitted).toEqual([['5,7']]);
  });

  const textOf = (...body: FlatStatement[]): string => {
    const plan = planFor([3, 3, 3, 3, 3, 3, 3, 3]);
    const nothing: FlatProgram = { body: [], temps: 0, regions: [] };
    const flat = { constants: new Int32Array(), init: nothing, instances: [{ ...nothing, body }], predicates: [] };
    const text = wasmText(emitWasmEngine(prepare(plan, flat)));
    return text.slice(text.indexOf('(func $successors'));
  };
  const field = (at: number): Flat => ({ op: 'load', cell: cellOf(at) });
  const is = (at: number, code: number): Flat => ({ op: 'equal', left: field(at), right: constant(code) });
  const put = (at: number, code: number): FlatStatement => ({ op: 'store', cell: cellOf(at), value: constant(code) });

  it('asks all guards on one word by one comparison, and changes known fields by one exclusive or', () => {
    const text = textOf({ op: 'when', condition: is(0, 1) }, { op: 'when', condition: is(2, 5) }, put(0, 2), put(2, 0));
    // 1 and 5 << 6 are asked for; 1 → 2 and 5 → 0 turn over 3 and 5 << 6.
    expect(text).toMatch(
      /i32\.ne\s+\(i32\.and\s+\(i32\.wrap_i64\s+\(local\.get \d+\)\)\s+\(i32\.const 455\)\)\s+\(i32\.const 321\)/,
    );
    expect(text.match(/i64\.(xor|and|or)/g)).toEqual(['i64.xor']);
    expect(text).toContain('(i64.const 323)');
  });

  it('asks whether any of many fields has a value by one subtraction', () => {
    const some = [0, 1, 2, 3, 4, 5, 6, 7]
      .map((at) => is(at, 4))
      .reduce((left, right): Flat => ({ op: 'or', left, right }));
    const text = textOf({ op: 'when', condition: { op: 'not', operand: some } }, put(0, 1));
    expect(text.match(/i64\.sub/g)).toHaveLength(1);
    expect(text.match(/br_if/g)).toHaveLength(1);
  });
});
