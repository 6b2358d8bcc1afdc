import { Worker } from 'node:worker_threads';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CodeBuilder, ValueType } from '../../../../checker/engine/wasm/code-builder.ts';
import { ModuleBuilder } from '../../../../checker/engine/wasm/module-builder.ts';
import { compileModule, instantiateModule, newMemory } from '../../../../checker/engine/wasm/host.ts';
import { atomic, i32, i64, load, store, vector } from '../../../../checker/engine/wasm/opcodes.ts';
import { runWasm, validateWasm } from '../../../support/wasm.ts';

/** A function of a module with a memory of one page, ready to be called. */
function functionOf<F>(parameters: ValueType[], results: ValueType[], build: (code: CodeBuilder) => void): F {
  const module = new ModuleBuilder();
  module.defineMemory({ minimum: 1 });
  module.exportFunction('f', module.addFunction('f', { parameters, results }, build));
  return runWasm(module)['f'] as F;
}

type Numbers = (...args: number[]) => number;

const unaryOnI32: [keyof typeof i32, (x: number) => number][] = [
  ['eqz', (x) => (x === 0 ? 1 : 0)],
  ['clz', (x) => Math.clz32(x)],
  ['ctz', (x) => (x === 0 ? 32 : 31 - Math.clz32(x & -x))],
  ['popcnt', (x) => (x >>> 0).toString(2).replaceAll('0', '').length],
];

const binaryOnI32: [keyof typeof i32, (x: number, y: number) => number][] = [
  ['eq', (x, y) => Number(x === y)],
  ['ne', (x, y) => Number(x !== y)],
  ['lt_s', (x, y) => Number(x < y)],
  ['lt_u', (x, y) => Number(x >>> 0 < y >>> 0)],
  ['gt_s', (x, y) => Number(x > y)],
  ['gt_u', (x, y) => Number(x >>> 0 > y >>> 0)],
  ['le_s', (x, y) => Number(x <= y)],
  ['le_u', (x, y) => Number(x >>> 0 <= y >>> 0)],
  ['ge_s', (x, y) => Number(x >= y)],
  ['ge_u', (x, y) => Number(x >>> 0 >= y >>> 0)],
  ['add', (x, y) => (x + y) | 0],
  ['sub', (x, y) => (x - y) | 0],
  ['mul', (x, y) => Math.imul(x, y)],
  ['and', (x, y) => x & y],
  ['or', (x, y) => x | y],
  ['xor', (x, y) => x ^ y],
  ['shl', (x, y) => x << y],
  ['shr_s', (x, y) => x >> y],
  ['shr_u', (x, y) => (x >>> y) | 0],
  ['rotl', (x, y) => (x << (y & 31)) | ((x >>> 1) >>> (31 - (y & 31)))],
  ['rotr', (x, y) => (x >>> (y & 31)) | ((x << 1) << (31 - (y & 31)))],
];

const signed = (x: bigint): bigint => BigInt.asIntN(64, x);
const unsigned = (x: bigint): bigint => BigInt.asUintN(64, x);

const binaryOnI64: [keyof typeof i64, (x: bigint, y: bigint) => bigint | number][] = [
  ['eq', (x, y) => Number(x === y)],
  ['ne', (x, y) => Number(x !== y)],
  ['lt_s', (x, y) => Number(x < y)],
  ['lt_u', (x, y) => Number(unsigned(x) < unsigned(y))],
  ['gt_s', (x, y) => Number(x > y)],
  ['gt_u', (x, y) => Number(unsigned(x) > unsigned(y))],
  ['le_s', (x, y) => Number(x <= y)],
  ['le_u', (x, y) => Number(unsigned(x) <= unsigned(y))],
  ['ge_s', (x, y) => Number(x >= y)],
  ['ge_u', (x, y) => Number(unsigned(x) >= unsigned(y))],
  ['add', (x, y) => signed(x + y)],
  ['sub', (x, y) => signed(x - y)],
  ['mul', (x, y) => signed(x * y)],
  ['and', (x, y) => x & y],
  ['or', (x, y) => x | y],
  ['xor', (x, y) => x ^ y],
  ['shl', (x, y) => signed(x << (y & 63n))],
  ['shr_s', (x, y) => x >> (y & 63n)],
  ['shr_u', (x, y) => signed(unsigned(x) >> (y & 63n))],
  ['rotl', (x, y) => signed((unsigned(x) << (y & 63n)) | (unsigned(x) >> (64n - (y & 63n))))],
  ['rotr', (x, y) => signed((unsigned(x) >> (y & 63n)) | (unsigned(x) << (64n - (y & 63n))))],
];

const int32 = fc.oneof(fc.constantFrom(0, 1, -1, 31, 32, 2 ** 31 - 1, -(2 ** 31)), fc.integer());
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });

describe('instructions', () => {
  it.each(unaryOnI32)('i32.%s', (name, expected) => {
    const run = functionOf<Numbers>(['i32'], ['i32'], (code) => {
      code.localGet(0);
      code.op(i32[name]);
    });
    fc.assert(
      fc.property(int32, (x) => {
        expect(run(x)).toBe(expected(x));
      }),
    );
  });

  it.each(binaryOnI32)('i32.%s', (name, expected) => {
    const run = functionOf<Numbers>(['i32', 'i32'], ['i32'], (code) => {
      code.localGet(0);
      code.localGet(1);
      code.op(i32[name]);
    });
    fc.assert(
      fc.property(int32, int32, (x, y) => {
        expect(run(x, y)).toBe(expected(x, y));
      }),
    );
  });

  it.each(binaryOnI64)('i64.%s', (name, expected) => {
    const comparison = /^(eq|ne|lt|gt|le|ge)/.test(name);
    const run = functionOf<(x: bigint, y: bigint) => bigint | number>(
      ['i64', 'i64'],
      [comparison ? 'i32' : 'i64'],
      (code) => {
        code.localGet(0);
        code.localGet(1);
        code.op(i64[name]);
      },
    );
    fc.assert(
      fc.property(int64, int64, (x, y) => {
        expect(run(x, y)).toBe(expected(x, y));
      }),
    );
  });

  it.each<[keyof typeof i32 & keyof typeof i64, number, number]>([
    ['div_s', -7, -3],
    ['rem_s', -7, -1],
  ])('%s goes toward zero', (name, dividend, expected) => {
    const run = functionOf<Numbers>(['i32', 'i32'], ['i32'], (code) => {
      code.localGet(0);
      code.localGet(1);
      code.op(i32[name]);
    });
    expect(run(dividend, 2)).toBe(expected);
    const wide = functionOf<(x: bigint, y: bigint) => bigint>(['i64', 'i64'], ['i64'], (code) => {
      code.localGet(0);
      code.localGet(1);
      code.op(i64[name]);
    });
    expect(wide(BigInt(dividend), 2n)).toBe(BigInt(expected));
  });

  it('i64.clz, ctz and popcnt count over 64 bits', () => {
    const run = (name: 'clz' | 'ctz' | 'popcnt') =>
      functionOf<(x: bigint) => bigint>(['i64'], ['i64'], (code) => {
        code.localGet(0);
        code.op(i64[name]);
      });
    expect(run('clz')(1n << 40n)).toBe(23n);
    expect(run('ctz')(1n << 40n)).toBe(40n);
    expect(run('popcnt')(-1n)).toBe(64n);
  });

  it('conversions between the two widths extend or cut', () => {
    const wide = (name: 'extend_i32_s' | 'extend_i32_u') =>
      functionOf<(x: number) => bigint>(['i32'], ['i64'], (code) => {
        code.localGet(0);
        code.op(i64[name]);
      });
    expect(wide('extend_i32_s')(-2)).toBe(-2n);
    expect(wide('extend_i32_u')(-2)).toBe(2n ** 32n - 2n);
    const narrow = functionOf<(x: bigint) => number>(['i64'], ['i32'], (code) => {
      code.localGet(0);
      code.op(i32.wrap_i64);
    });
    expect(narrow(2n ** 32n + 5n)).toBe(5);
  });
});

describe('constants', () => {
  it('of 32 bits come back', () => {
    fc.assert(
      fc.property(int32, (x) => {
        expect(functionOf<Numbers>([], ['i32'], (code) => code.i32Const(x))()).toBe(x);
      }),
    );
  });

  it('of 64 bits come back from their halves', () => {
    const halves = fc.oneof(int32, fc.constantFrom(63, 64, -64, -65));
    fc.assert(
      fc.property(halves, fc.oneof(halves, fc.constantFrom(0, -1)), (low, high) => {
        const run = functionOf<() => bigint>([], ['i64'], (code) => code.i64Const(low, high));
        expect(run()).toBe((BigInt(high) << 32n) | BigInt(low >>> 0));
      }),
    );
  });
});

describe('control flow', () => {
  it('sums in a loop that is left through a block', () => {
    const sum = functionOf<Numbers>(['i32'], ['i32'], (code) => {
      const total = code.newLocal('i32');
      code.block((done) => {
        code.loop((again) => {
          code.localGet(0);
          code.op(i32.eqz);
          code.brIf(done);
          code.localGet(total);
          code.localGet(0);
          code.op(i32.add);
          code.localSet(total);
          code.localGet(0);
          code.i32Const(1);
          code.op(i32.sub);
          code.localSet(0);
          code.br(again);
        });
      });
      code.localGet(total);
    });
    expect(sum(10)).toBe(55);
  });

  it('chooses a side of an if for its value', () => {
    const pick = functionOf<Numbers>(['i32'], ['i32'], (code) => {
      code.localGet(0);
      code.if(
        () => code.i32Const(10),
        () => code.i32Const(20),
        'i32',
      );
    });
    expect([pick(1), pick(0)]).toEqual([10, 20]);
  });

  it('jumps by a table, to nothing outside of it', () => {
    const run = functionOf<Numbers>(['i32'], ['i32'], (code) => {
      const result = code.newLocal('i32');
      const set = (value: number) => () => {
        code.i32Const(value);
        code.localSet(result);
      };
      code.switch(() => code.localGet(0), [1, undefined, 0, 2, 0], [set(100), set(101), set(102)]);
      code.localGet(result);
    });
    expect([0, 1, 2, 3, 4, 5, -1].map((n) => run(n))).toEqual([101, 0, 100, 102, 100, 0, 0]);
  });
});

describe('memory', () => {
  it('keeps what is stored, in every width', () => {
    const run = functionOf<(x: bigint) => bigint>(['i64'], ['i64'], (code) => {
      for (const one of [store.i64, store.i64_32, store.i64_16, store.i64_8]) {
        code.i32Const(16 * (3 - one.size));
        code.localGet(0);
        code.memory(one, 64);
      }
      // The low byte of each, one above the other.
      code.i32Const(0);
      code.memory(load.i64, 64);
      for (const [place, one] of [load.i64_32u, load.i64_16u, load.i64_8u].entries()) {
        code.i32Const(16 * (place + 1));
        code.memory(one, 64);
        code.op(i64.xor);
      }
    });
    const x = 0x1122334455667788n;
    expect(run(x)).toBe(x ^ 0x55667788n ^ 0x7788n ^ 0x88n);
  });

  it('is copied and filled in bulk', () => {
    const run = functionOf<Numbers>([], ['i32'], (code) => {
      code.i32Const(100);
      code.i32Const(0x5a);
      code.i32Const(8);
      code.memoryFill();
      code.i32Const(202);
      code.i32Const(104);
      code.i32Const(8);
      code.memoryCopy();
      code.i32Const(202);
      code.memory(load.i32, 2);
    });
    // Four bytes of 0x5a were copied, then four zeros; read from the third on.
    expect(run()).toBe(0x5a5a);
  });

  it('grows', () => {
    const run = functionOf<Numbers>([], ['i32'], (code) => {
      code.i32Const(2);
      code.memoryGrow();
      code.i32Const(10);
      code.op(i32.mul);
      code.memorySize();
      code.op(i32.add);
    });
    expect(run()).toBe(13);
  });

  it('starts with data', () => {
    const module = new ModuleBuilder();
    module.defineMemory({ minimum: 1 });
    module.addData(8, Uint8Array.of(1, 2, 3, 4));
    const at = module.addFunction('read', { parameters: ['i32'], results: ['i32'] }, (code) => {
      code.localGet(0);
      code.memory(load.i32_8u);
    });
    module.exportFunction('read', at);
    const read = runWasm(module)['read'] as Numbers;
    expect([7, 8, 11, 12].map((address) => read(address))).toEqual([0, 1, 4, 0]);
  });
});

describe('modules', () => {
  it('call functions that are imported, declared later, and count in globals', () => {
    const module = new ModuleBuilder();
    const seen: number[] = [];
    const tell = module.importFunction('host', 'tell', { parameters: ['i32'], results: [] });
    const step = module.importGlobal('host', 'step', 'i32', false);
    const count = module.addGlobal('i32', -3);
    const later = module.declareFunction('later', { parameters: [], results: [] });
    const main = module.addFunction('main', { parameters: [], results: [] }, (code) => {
      code.call(later);
      code.call(later);
    });
    module.defineFunction(later, 0, (code) => {
      code.globalGet(count);
      code.globalGet(step);
      code.op(i32.add);
      code.globalSet(count);
      code.globalGet(count);
      code.call(tell);
    });
    module.exportFunction('main', main);
    module.exportGlobal('count', count);
    const exports = runWasm(module, { host: { tell: (n: number) => seen.push(n), step: 5 } });
    exports['main']!();
    expect(seen).toEqual([2, 7]);
    expect((exports['count'] as unknown as { value: number }).value).toBe(7);
  });

  it('with a function that has no code are not finished', () => {
    const module = new ModuleBuilder();
    module.declareFunction('empty', { parameters: [], results: [] });
    expect(() => module.finish()).toThrow('empty has no code');
  });

  it('are judged by wabt: operands of the wrong type are found', () => {
    const module = new ModuleBuilder();
    module.addFunction('wrong', { parameters: ['i32'], results: ['i64'] }, (code) => code.localGet(0));
    expect(() => validateWasm(module.finish())).toThrow(/type mismatch/);
  });
});

describe('vectors', () => {
  /** Pushes the vector of `x` twice, or of `x` and `y`. */
  const pushVector = (code: CodeBuilder, hasTwo: boolean): void => {
    code.localGet(0);
    code.vector(vector.i64x2_splat);
    if (!hasTwo) return;
    code.localGet(1);
    code.replaceLane(vector.i64x2_replace_lane, 1);
  };
  const stored: [bigint, bigint] = [7n, 2n ** 40n];
  const compared = (hasTwo: boolean, test: 'any_true' | 'i64x2_all_true') =>
    functionOf<(x: bigint, y: bigint) => number>(['i64', 'i64'], ['i32'], (code) => {
      stored.forEach((value, lane) => {
        code.i32Const(16);
        code.i64Const(Number(BigInt.asIntN(32, value)), Number(value >> 32n));
        code.memory(store.i64, 8 * lane);
      });
      const local = code.newLocal('v128');
      pushVector(code, hasTwo);
      code.localSet(local);
      code.i32Const(8);
      code.loadVector(8);
      code.localGet(local);
      code.vector(vector.i64x2_eq);
      code.vector(vector[test]);
    });

  it('are equal in some lane, or in all', () => {
    const isAny = compared(false, 'any_true');
    expect([isAny(7n, 0n), isAny(2n ** 40n, 0n), isAny(8n, 0n)]).toEqual([1, 1, 0]);
    const areAll = compared(true, 'i64x2_all_true');
    expect([areAll(7n, 2n ** 40n), areAll(7n, 7n), areAll(2n ** 40n, 2n ** 40n)]).toEqual([1, 0, 0]);
  });

  it('are joined by or', () => {
    const either = functionOf<(x: bigint, y: bigint) => number>(['i64', 'i64'], ['i32'], (code) => {
      pushVector(code, false);
      pushVector(code, true);
      code.vector(vector.or);
      code.vector(vector.any_true);
    });
    expect([either(0n, 0n), either(0n, 4n), either(4n, 0n)]).toEqual([0, 1, 1]);
  });
});

it('functions of another instance are called by the table', () => {
  const module = new ModuleBuilder();
  const signature = { parameters: ['i32', 'i64'], results: ['i32'] } as const;
  module.defineTable(2);
  module.exportTable('table');
  const add = module.addFunction('add', signature, (code) => {
    code.localGet(0);
    code.localGet(1);
    code.op(i32.wrap_i64);
    code.op(i32.add);
  });
  const ask = module.addFunction('ask', { parameters: ['i32'], results: ['i32'] }, (code) => {
    code.localGet(0);
    code.i64Const(40);
    code.i32Const(1);
    code.callIndirect(module.typeOf(signature));
  });
  module.exportFunction('add', add);
  module.exportFunction('ask', ask);
  const bytes = module.finish();
  validateWasm(bytes);
  const [older, newer] = [1, 2].map(() => instantiateModule(compileModule(bytes)).exports);
  const ask2 = newer!['ask'] as (x: number) => number;
  expect(() => ask2(2)).toThrow(/null/);
  (newer!['table'] as { set(place: number, value: unknown): void }).set(1, older!['add']);
  expect(ask2(2)).toBe(42);
});

it('threads that share a memory wait for each other and lose no update', async () => {
  const module = new ModuleBuilder();
  module.importMemory('host', 'memory', { minimum: 1, maximum: 1, shared: true });
  // Adds 1 to the word at 8 many times, then adds 1 to the word at 0 and wakes who waits for it.
  const work = module.addFunction('work', { parameters: ['i32'], results: [] }, (code) => {
    code.loop((again) => {
      code.i32Const(0);
      code.i64Const(1);
      code.atomic(atomic.i64_add, 8);
      code.drop();
      code.localGet(0);
      code.i32Const(1);
      code.op(i32.sub);
      code.localTee(0);
      code.brIf(again);
    });
    code.atomicFence();
    code.i32Const(0);
    code.i32Const(1);
    code.atomic(atomic.i32_add);
    code.drop();
    code.i32Const(0);
    code.i32Const(1);
    code.atomic(atomic.notify);
    code.drop();
  });
  module.exportFunction('work', work);
  const wait = module.addFunction('wait', { parameters: ['i32'], results: ['i32'] }, (code) => {
    code.i32Const(0);
    code.localGet(0);
    code.i64Const(-1);
    code.atomic(atomic.wait32);
  });
  module.exportFunction('wait', wait);
  const bytes = module.finish();
  validateWasm(bytes);

  const memory = newMemory(1, 1, true);
  const source = `
    const { module, memory, job } = require('node:worker_threads').workerData;
    const { exports } = new WebAssembly.Instance(module, { host: { memory } });
    const words = new Int32Array(memory.buffer);
    if (job === 'work') exports.work(100_000);
    else for (let n; (n = Atomics.load(words, 0)) < 2; ) exports.wait(n);
  `;
  const compiled = compileModule(bytes);
  const ended = ['wait', 'work', 'work'].map((job) => {
    const worker = new Worker(source, { eval: true, workerData: { module: compiled, memory, job } });
    return new Promise((resolve, reject) => worker.once('error', reject).once('exit', resolve));
  });
  expect(await Promise.all(ended)).toEqual([0, 0, 0]);
  expect(new BigInt64Array(memory.buffer)[1]).toBe(200_000n);
});
