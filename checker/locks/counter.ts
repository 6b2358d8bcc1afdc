import { codeOf } from '../../dsl/ir/index.ts';
import type { Domain, Value } from '../../dsl/ir/index.ts';
import { codeIn } from '../plan/layout.ts';
import type { LeafField } from '../plan/layout.ts';
import type { Plan } from '../plan/plan.ts';
import { leavesAt } from './projection.ts';

/** Where a thread stands, as it is read from the words of a state. */
export class Counter {
  /** The leaf that says it. */
  readonly leaf: number;
  private readonly field: LeafField;
  private readonly domain: Domain;

  /**
   * @param variable - that says where the threads of a process stand.
   * @param values - the arguments of the thread.
   */
  constructor({ layout, system }: Plan, variable: string, values: readonly Value[]) {
    this.leaf = leavesAt(layout, variable, values.map(String))[0]!;
    this.field = layout.leaves[this.leaf]!;
    let { domain } = system.variables.find(({ name }) => name === variable)!;
    while (domain.kind === 'record') domain = domain.value;
    this.domain = domain;
  }

  /** The code of a label. */
  codeOf(label: string): number {
    return codeOf(this.domain, label);
  }

  /** The code of the label in the state whose words start at `segment[at]`. */
  codeIn(segment: Int32Array, at: number): number {
    return codeIn(this.field, segment, at);
  }
}
