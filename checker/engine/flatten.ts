import type { Span } from '../../dsl/diagnostics/span.ts';
import { NO_SPAN } from '../../dsl/diagnostics/span.ts';
import type { Expression, Statement, Value } from '../../dsl/ir/index.ts';
import type { Instance } from '../plan/instance.ts';
import type { BoundPredicate, Plan } from '../plan/plan.ts';
import { bindingsOf } from '../plan/plan.ts';
import { leavesWithoutBits } from '../plan/layout.ts';
import { Unshapable } from '../plan/shape.ts';
import { Builder } from './builder.ts';
import type { FlatProgram } from './flat.ts';
import { lower } from './lower/expression.ts';
import { lowerBody } from './lower/statement.ts';
import type { Lowering } from './lower/lowering.ts';
import { specializeSystem, withoutStores } from './specialize.ts';
import { asBoolean } from './term/scalar.ts';
import { ConstantPool, TooLarge } from './term/target.ts';
import type { FlatSystem, Unsupported } from './flat-system.ts';

/**
 * Lowers every step and predicate of a plan to flat programs: arguments and parameters put in, constants folded, loops
 * over small constant collections unrolled, what cannot be reached removed.
 */
export function flatten(plan: Plan): FlatSystem | Unsupported {
  return specializedFor(plan, flattenWhole(plan));
}

/** What the layout has no bits for cannot be read from the state. */
function specializedFor(plan: Plan, flat: FlatSystem | Unsupported): FlatSystem | Unsupported {
  const always = leavesWithoutBits(plan.layout);
  if ('unsupported' in flat || always.size === 0) return flat;
  const specialized = specializeSystem(flat, always);
  return { ...specialized, init: withoutStores(specialized.init, always) };
}

function flattenWhole(plan: Plan): FlatSystem | Unsupported {
  const constants = new ConstantPool();
  let at: Span = NO_SPAN;
  try {
    at = plan.system.span;
    const init = flattenBody(plan, constants, plan.system.init, new Map());
    const instances = plan.instances.map((instance) => {
      at = instance.action.span;
      return flattenInstance(plan, constants, instance);
    });
    const predicates = plan.predicates.map((predicate) => {
      at = predicate.expression.span;
      return flattenPredicate(plan, constants, predicate);
    });
    return { constants: constants.toArray(), init, instances, predicates };
  } catch (error) {
    if (error instanceof Unshapable) return { unsupported: `a value in it ${error.message}`, span: at };
    if (error instanceof TooLarge) return { unsupported: `it needs ${error.message}`, span: at };
    throw error;
  }
}

function flattenInstance(plan: Plan, constants: ConstantPool, instance: Instance): FlatProgram {
  return flattenBody(plan, constants, instance.action.body, bindingsOf(instance));
}

function flattenBody(
  plan: Plan,
  constants: ConstantPool,
  body: readonly Statement[],
  bindings: ReadonlyMap<string, Value>,
): FlatProgram {
  const lowering = newLowering(plan, constants, bindings, body);
  lowerBody(lowering, body);
  return lowering.builder.finish();
}

function flattenPredicate(plan: Plan, constants: ConstantPool, predicate: BoundPredicate): FlatProgram {
  const lowering = newLowering(plan, constants, predicate.bindings, predicate.expression);
  const value = asBoolean(lowering, lower(lowering, predicate.expression));
  lowering.builder.emit({ op: 'answer', value });
  return lowering.builder.finish();
}

function newLowering(
  plan: Plan,
  constants: ConstantPool,
  bindings: ReadonlyMap<string, Value>,
  code: Expression | readonly Statement[],
): Lowering {
  return {
    plan,
    constants,
    builder: new Builder(),
    assigned: assignedIn(code),
    locals: new Map([...bindings].map(([name, value]) => [name, { term: { kind: 'constant', value } }])),
    labels: new Map(),
    mutableRegions: new Set(),
  };
}

/** Bodies are shared by the instances of an action, so what is found in them is kept. */
const assignedBy = new WeakMap<object, ReadonlySet<string>>();

/** The names of the state variables that some statement assigns to, in whole or in part. */
function assignedIn(code: Expression | readonly Statement[]): ReadonlySet<string> {
  let found = assignedBy.get(code);
  if (found === undefined) {
    const names = new Set<string>();
    collectAssigned(code, names);
    assignedBy.set(code, (found = names));
  }
  return found;
}

function collectAssigned(node: unknown, found: Set<string>): void {
  if (Array.isArray(node)) {
    for (const item of node) collectAssigned(item, found);
    return;
  }
  if (typeof node !== 'object' || node === null) return;
  const statement = node as Partial<Statement>;
  if (statement.kind === 'assign' && statement.target?.root.kind === 'variable') found.add(statement.target.root.name);
  for (const [key, child] of Object.entries(node)) {
    if (key !== 'type' && key !== 'domain' && key !== 'span') collectAssigned(child, found);
  }
}
