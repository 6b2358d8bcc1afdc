import { fold } from '../../ir/fold.ts';
import type { Action, Process, Statement, System } from '../../ir/index.ts';
import type { Facts } from './facts.ts';
import { localsOf } from './reach.ts';
import { UNKNOWN } from './possible.ts';
import { isImpossible, simplifiedStatements } from './statement.ts';

/** A system with the values of some parameters put in. */
interface PartlySpecialized {
  readonly system: System;
  /** Steps that nobody can take under these values, by name; those of processes that are left out too. */
  readonly actions: readonly string[];
  /** Processes without a step. */
  readonly processes: readonly string[];
}

/**
 * The same system with the values of some parameters and constants put in, and without the steps that these rule out.
 * What is said of it holds of every system that is declared alike and shares these values, however many ids it has:
 * steps are left out that are impossible as they stand, and those at labels that no step that is left leads to.
 *
 * Properties and the domains of variables are as they were.
 */
export function withParameters(system: System, shared: ReadonlySet<string>): PartlySpecialized {
  const facts: Facts = {
    variables: new Map(system.variables.map(({ name }) => [name, UNKNOWN])),
    domains: new Map(system.variables.map(({ name, domain }) => [name, domain])),
    dropped: new Set(),
    onAssign: () => {},
    shared,
  };
  const possible = system.actions.flatMap((action): readonly Action[] => {
    const made = simplifiedStatements(facts, localsOf(action.arguments), action.body, new Map());
    return isImpossible(made) ? [] : [{ ...action, body: made.statements }];
  });
  const init = simplifiedStatements(facts, new Map(), system.init, new Map()).statements;
  const reached = reachedLabels({ ...system, init, actions: possible });
  const actions = possible.filter((action) => isReached(action, reached));
  const stepping = new Set(actions.map(({ process }) => process?.name));
  const processes = system.processes.filter(({ name }) => stepping.has(name));
  const left = new Set(actions.map(({ name }) => name));
  return {
    system: { ...system, init, actions, processes: processes.map((one) => withLabels(one, reached.get(one.name)!)) },
    actions: system.actions.filter(({ name }) => !left.has(name)).map(({ name }) => name),
    processes: system.processes.filter(({ name }) => !stepping.has(name)).map(({ name }) => name),
  };
}

type Labels = ReadonlyMap<string, ReadonlySet<string>>;

function isReached({ process, timeout }: Action, reached: Labels): boolean {
  const at = process ?? timeout;
  return at === undefined || reached.get(at.name)!.has(at.label);
}

/** By process, the labels that are assigned at the start or by steps that are at such labels themselves. */
function reachedLabels({ processes, init, actions }: System): Labels {
  const reached = new Map<string, Set<string>>(
    processes.map((process) => {
      const starts = labelsAssigned(init, process);
      return [process.name, new Set(starts.length === 0 ? process.labels.slice(0, 1) : starts)];
    }),
  );
  const waiting = new Set(actions);
  for (let hasChanged = true; hasChanged;) {
    hasChanged = false;
    for (const action of waiting) {
      if (!isReached(action, reached)) continue;
      waiting.delete(action);
      hasChanged = true;
      for (const process of processes) {
        for (const label of labelsAssigned(action.body, process)) reached.get(process.name)!.add(label);
      }
    }
  }
  return reached;
}

function labelsAssigned(statements: readonly Statement[], { counter, labels }: Process): readonly string[] {
  return statements.flatMap((statement) =>
    fold<readonly string[]>(statement, (node, inner) => {
      if (node.kind !== 'assign' || node.target.root.name !== counter) return inner.flat();
      return node.value.kind === 'literal' ? [String(node.value.value)] : labels;
    }),
  );
}

function withLabels(process: Process, reached: ReadonlySet<string>): Process {
  const { labels, kept, written } = process;
  const isLeft = (_: unknown, index: number): boolean => reached.has(labels[index]!);
  return {
    ...process,
    labels: labels.filter(isLeft),
    ...(kept !== undefined && { kept: kept.filter(isLeft) }),
    ...(written !== undefined && { written: written.filter(isLeft) }),
  };
}
