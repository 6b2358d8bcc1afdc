import { fileURLToPath } from 'node:url';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { withoutConstantLeaves } from '../../../../checker/engine/constant-leaves.ts';
import { lowered } from '../../../../checker/engine/lowered.ts';
import { encodeModule } from '../../../../checker/engine/wasm/encode.ts';
import { ModuleBuilder } from '../../../../checker/engine/wasm/module-builder.ts';
import { atomic, i32, i64, load, store, vector } from '../../../../checker/engine/wasm/opcodes.ts';
import { printModule } from '../../../../checker/engine/wasm/wat.ts';
import { isRefused, planOf } from '../../../../checker/plan/plan.ts';
import { kernelCode, kernelText } from '../../../../checker/search/kernel/kernel-module.ts';
import type { System } from '../../../../dsl/ir/index.ts';
import { arbitrarySystem } from '../../../support/arbitrary-system.ts';
import * as ir from '../../../support/ir.ts';
import { specModels } from '../../../support/specs.ts';
import { assembled, withoutNames } from '../../../support/wasm.ts';

/** The kernel of a system as text, and as bytes. */
function kernelOf(system: System): { readonly text: string; readonly bytes: Uint8Array } | undefined {
  const plan = planOf(system);
  if (isRefused(plan)) throw new Error('refused');
  const model = withoutConstantLeaves(lowered(plan));
  const options = { keepSteps: true, compact: false };
  const [text, code] = [kernelText(model, options), kernelCode(model, options)];
  return typeof text === 'string' && !('unsupported' in code) ? { text, bytes: code.bytes } : undefined;
}

it.each(['classic/peterson', 'classic/dining-philosophers', 'vmm-drv/models/one-ring'])(
  'the text of the kernel of %s is, to another assembler, the module',
  (file) => {
    const { text, bytes } = kernelOf(specModels(new RegExp(`^${file}$`))[0]!.system())!;
    expect(Buffer.from(assembled(text))).toEqual(Buffer.from(withoutNames(bytes)));
  },
);

it('the text of the kernels of random systems is, to another assembler, the module', () => {
  let compared = 0;
  fc.assert(
    fc.property(arbitrarySystem(), (system) => {
      const kernel = kernelOf(system);
      if (kernel === undefined) return;
      expect(Buffer.from(assembled(kernel.text))).toEqual(Buffer.from(withoutNames(kernel.bytes)));
      compared += 1;
    }),
    { numRuns: 25, seed: 5 },
  );
  expect(compared).toBeGreaterThan(15);
});

it('has a name for every instruction there is', () => {
  const module = new ModuleBuilder();
  module.defineMemory({ minimum: 1, maximum: 2, shared: true });
  module.addFunction('all "of" them;\n(;', { parameters: [], results: [] }, (code) => {
    code.unreachable();
    for (const one of Object.values({ ...i32 })) code.op(one);
    for (const one of Object.values({ ...i64 })) code.op(one);
    for (const one of [...Object.values(load), ...Object.values(store)]) code.memory(one, 8, 0);
    for (const one of Object.values(atomic)) code.atomic(one, 16);
    for (const one of Object.values(vector)) {
      if (one === vector.i64x2_replace_lane) code.replaceLane(one, 1);
      else code.vector(one);
    }
    code.loadVector(32);
    code.atomicFence();
    code.memorySize();
    code.memoryGrow();
    code.memoryCopy();
    code.memoryFill();
    code.select();
    code.drop();
    code.i32Const(-2147483648);
    code.i64Const(0, -2147483648);
    code.i64Const(-1, 2147483647);
    code.return();
  });
  const text = printModule(module.code());
  // Operands are of all types, which an assembler does not mind and a validator would.
  expect(Buffer.from(assembled(text))).toEqual(Buffer.from(withoutNames(encodeModule(module.code()))));
});

it('reads as before', async () => {
  const N = ir.intDomain(0, 3);
  const FLAGS = { kind: 'record', key: ir.idsDomain('Thread', 2), value: ir.BOOLEAN } as const;
  const up = ir.action(
    'up',
    { t: FLAGS.key },
    ir.when(ir.operation('less', ir.variable('count', N), ir.literal(3))),
    ir.when(ir.not(ir.index(ir.variable('busy', FLAGS), ir.local('t', FLAGS.key)))),
    ir.assign(ir.variablePlace('count', N), ir.add(ir.variable('count', N), ir.literal(1))),
    ir.assign(ir.part(ir.variablePlace('busy', FLAGS), ir.local('t', FLAGS.key)), ir.literal(true)),
  );
  const low = ir.predicate('low', ir.operation('less', ir.variable('count', N), ir.literal(3)));
  const { text } = kernelOf(ir.system({ count: N, busy: FLAGS }, { actions: [up], invariants: [low] }))!;
  const golden = fileURLToPath(new URL('golden/up.wat', import.meta.url));
  // The search around it is the same for all models.
  const own = text.split(/\n {2}(?=\()/).filter((part) => /^\(func \$(successors|predicate_\d)/.test(part));
  await expect(`${own.join('\n')}\n`).toMatchFileSnapshot(golden);
});
