import { definitionOf, type Declaration, type SpecDefinition } from '../../dsl/language/definition.ts';
import { formatValue } from '../../dsl/ir/index.ts';
import { executeModel, type Configuration, type JavaScriptModel } from './javascript.ts';

/** What can be said of a model by running its bodies as JavaScript and looking at one state at a time. */
export interface SafetyVerdict {
  /** Invariants that are violated, by name. */
  readonly violated: readonly string[];
  /** What no state satisfies, by name. */
  readonly unreachable: readonly string[];
  readonly deadlocks: boolean;
  readonly failures: readonly string[];
  readonly states: number;
}

/** Gives every declaration that a module exports the name that it is exported by. */
export function named(module: Readonly<Record<string, unknown>>): readonly Declaration[] {
  return Object.entries(module).flatMap(([name, value]) => {
    const definition = definitionOf(value);
    if (definition === undefined || definition.kind === 'spec') return [];
    definition.name = name;
    return [definition];
  });
}

/** A configuration as text: two that differ only in locals of threads look the same. */
export function shown({ state, threads }: Configuration): string {
  return [formatValue(state), ...threads.map((thread) => thread.label)].join(' @ ');
}

/** All configurations that can be reached and look different, breadth first, and the failures on the way. */
export function explore(model: JavaScriptModel): {
  readonly configurations: readonly Configuration[];
  readonly stuck: readonly Configuration[];
  readonly failures: readonly string[];
} {
  const instances = [...model.actions, ...model.threads];
  const seen = new Set<string>();
  const configurations: Configuration[] = [];
  const stuck: Configuration[] = [];
  const failures = new Set<string>();
  let frontier = model.initial();
  while (frontier.length > 0) {
    for (const outcome of frontier) if (outcome.kind === 'failure') failures.add(outcome.message);
    const fresh = frontier
      .flatMap((outcome) => (outcome.kind === 'state' ? [outcome.to] : []))
      .filter((one) => !seen.has(shown(one)) && seen.add(shown(one)));
    configurations.push(...fresh);
    frontier = fresh.flatMap((one) => {
      const next = instances.flatMap((instance) => model.successors(one, instance));
      if (next.length === 0) stuck.push(one);
      return next;
    });
  }
  return { configurations, stuck, failures: [...failures] };
}

/** Judges invariants, `sometimes` and deadlock of a declared model. A thread that has ended is no deadlock. */
export function safetyOf(definition: SpecDefinition, model: Declaration & { readonly kind: 'model' }): SafetyVerdict {
  const running = executeModel(definition, model.parameters);
  const { configurations, stuck, failures } = explore(running);
  const declared = <Kind extends 'invariant' | 'sometimes' | 'terminal'>(kind: Kind) =>
    definition.declarations.filter((one): one is Declaration & { readonly kind: Kind } => one.kind === kind);
  const proper = (one: Configuration) =>
    (one.threads.length > 0 && one.threads.every((thread) => thread.label === 'done')) ||
    declared('terminal').some((terminal) => running.holds(terminal, one));
  return {
    violated: declared('invariant')
      .filter((one) => !configurations.every((configuration) => running.holds(one, configuration)))
      .map((one) => one.name!),
    unreachable: declared('sometimes')
      .filter((one) => !configurations.some((configuration) => running.holds(one, configuration)))
      .map((one) => one.name!),
    deadlocks: stuck.some((one) => !proper(one)),
    failures,
    states: configurations.length,
  };
}
