import type { Statement } from '../../dsl/ir/index.ts';
import { isOfOwnThread } from '../../dsl/ir/own-entry.ts';
import { chosenBy } from '../plan/branch.ts';
import { bindingsOf } from '../plan/plan.ts';
import type { Instance } from '../plan/instance.ts';
import type { Plan } from '../plan/plan.ts';
import { knownValue, usesIn } from './use.ts';
import type { Use } from './use.ts';

/** Somebody's hold of a lock, by number of the lock, role and value. */
export type Slot = string;

/** What somebody may hold and what they hold for sure, as far as their own steps say. */
export interface Holds {
  readonly may: ReadonlySet<Slot>;
  readonly must: ReadonlySet<Slot>;
}

/** What somebody may hold after a step, by the label at which they stand then; `''` where they stand as before. */
type Outcome = ReadonlyMap<string, Holds>;

/**
 * What a step may do to what somebody holds: an abstract run over all of its ways, but those that the parameters rule
 * out, that follows locks and the label the thread goes to, and nothing else.
 *
 * @param counter - the variable that says where a thread stands; absent outside of processes.
 * @param notice - gets every use of a lock, with what is held for sure there.
 */
export function runFlow(
  plan: Plan,
  instance: Instance,
  counter: string | undefined,
  start: Holds,
  notice: (use: Use, holds: Holds) => void,
): Outcome {
  return new FlowRun(plan, instance, counter, notice).run(start);
}

export function slotOf(lock: number, role: string, value: unknown): Slot {
  return `${lock} ${role} ${JSON.stringify(value)}`;
}

/** What holds after either of two ways. */
export function joined(left: Holds | undefined, right: Holds): Holds {
  if (left === undefined) return right;
  return {
    may: new Set([...left.may, ...right.may]),
    must: new Set([...left.must].filter((slot) => right.must.has(slot))),
  };
}

type Flow = Map<string, Holds>;

class FlowRun {
  /** Of the locals that are the same whatever the state is. */
  private readonly known: Map<string, unknown>;
  /** By label of a block: what was left it with. */
  private readonly exits = new Map<string, Flow>();

  constructor(
    private readonly plan: Plan,
    private readonly instance: Instance,
    private readonly counter: string | undefined,
    private readonly notice: (use: Use, holds: Holds) => void,
  ) {
    this.known = new Map(bindingsOf(instance));
  }

  run(start: Holds): Outcome {
    return this.list(this.instance.action.body, new Map([['', start]]));
  }

  private list(body: readonly Statement[], before: Flow): Flow {
    return body.reduce((flow, statement) => (flow.size === 0 ? flow : this.one(statement, flow)), before);
  }

  private one(statement: Statement, flow: Flow): Flow {
    switch (statement.kind) {
      case 'assign':
        return this.assign(statement, flow);
      case 'let': {
        const value = statement.mutable ? undefined : knownValue(this.plan, statement.value, this.known as never);
        if (value === undefined) this.known.delete(statement.name);
        else this.known.set(statement.name, value.value);
        return flow;
      }
      case 'if': {
        const chosen = chosenBy(statement.condition);
        const whenTrue = chosen === false ? new Map() : this.list(statement.whenTrue, flow);
        return chosen === true ? whenTrue : merged(whenTrue, this.list(statement.whenFalse, flow));
      }
      case 'either':
        return statement.branches.map((branch) => this.list(branch, flow)).reduce(merged, new Map());
      case 'for':
        return this.repeat(statement.body, flow, true);
      case 'loop':
        return this.repeat(statement.body, flow, false);
      case 'block': {
        const end = this.list(statement.body, flow);
        const left = this.exits.get(statement.label);
        this.exits.delete(statement.label);
        return left === undefined ? end : merged(end, left);
      }
      case 'exit':
        this.exits.set(statement.label, merged(this.exits.get(statement.label) ?? new Map(), flow));
        return new Map();
      case 'when':
        return chosenBy(statement.condition) === false ? new Map() : flow;
      case 'verify':
      case 'choose':
        return flow;
    }
  }

  /** Until nothing is added any more: what may be held only grows, what must be only shrinks. */
  private repeat(body: readonly Statement[], before: Flow, ends: boolean): Flow {
    let flow = before;
    for (;;) {
      const next = merged(flow, this.list(body, flow));
      if (isSame(flow, next)) return ends ? flow : new Map();
      flow = next;
    }
  }

  private assign(statement: Statement & { kind: 'assign' }, flow: Flow): Flow {
    const { target, value } = statement;
    if (target.root.name === this.counter && isOfOwnThread(this.instance.action, statement)) {
      const label = knownValue(this.plan, value, this.known as never);
      const all = [...flow.values()].reduce<Holds | undefined>(joined, undefined)!;
      return new Map([[label === undefined ? '' : String(label.value), all]]);
    }
    const uses = usesIn(this.plan, statement, this.known as never);
    if (uses.length === 0) return flow;
    return new Map(Array.from(flow, ([label, holds]) => [label, uses.reduce((now, use) => this.use(use, now), holds)]));
  }

  private use(use: Use, holds: Holds): Holds {
    this.notice(use, holds);
    const { kind, lock, role, values, isExact } = use;
    const [may, must] = [new Set(holds.may), new Set(holds.must)];
    if (kind === 'claim') {
      for (const value of values ?? []) {
        may.add(slotOf(lock.id, role, value));
        if (isExact) must.add(slotOf(lock.id, role, value));
      }
      return { may, must };
    }
    const isGone = (slot: Slot): boolean =>
      values === undefined
        ? slot.startsWith(`${lock.id} ${role} `)
        : values.some((value) => slot === slotOf(lock.id, role, value));
    for (const slot of holds.must) if (isGone(slot)) must.delete(slot);
    if (isExact) for (const slot of holds.may) if (isGone(slot)) may.delete(slot);
    return { may, must };
  }
}

function merged(left: Flow, right: Flow): Flow {
  const all = new Map(left);
  for (const [label, holds] of right) all.set(label, joined(all.get(label), holds));
  return all;
}

function isSame(left: Flow, right: Flow): boolean {
  return (
    left.size === right.size &&
    [...left].every(([label, { may, must }]) => {
      const other = right.get(label);
      return other !== undefined && other.may.size === may.size && other.must.size === must.size;
    })
  );
}
