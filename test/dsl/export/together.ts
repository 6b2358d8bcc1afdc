import type { Predicate, System } from '../../../dsl/ir/index.ts';
import * as ir from '../../support/ir.ts';

/**
 * Several systems as one, so that one run of an outside program judges them all: the choice of one of them comes first,
 * and nothing leads from one to another. Its states are theirs, and so are its verdicts, under names that tell whose.
 *
 * Systems with temporal properties are not for this.
 */
export function together(systems: readonly System[]): System {
  const [first] = systems;
  if (first === undefined) throw new Error('no systems');
  const which = ir.enumDomain(...systems.map((_, index) => `system${index}`));
  const isChosen = (index: number) => ir.equal(ir.variable('which', which), ir.literal(`system${index}`));
  const parts = systems.map((system, index) => renamed(system, `m${index}_`));
  const predicates = (
    list: (part: System) => readonly Predicate[],
    combine: (index: number, predicate: Predicate['predicate']) => Predicate['predicate'],
  ): Predicate[] =>
    parts.flatMap((part, index) => list(part).map((one) => ({ ...one, predicate: combine(index, one.predicate) })));
  const implied = (index: number, predicate: Predicate['predicate']) => ir.implies(isChosen(index), predicate);
  const joined = (index: number, predicate: Predicate['predicate']) => ir.and(isChosen(index), predicate);
  return {
    ...first,
    parameters: parts.flatMap(({ parameters }) => parameters),
    constants: parts.flatMap(({ constants }) => constants),
    variables: [
      { name: 'which', doc: '', span: first.span, domain: which },
      ...parts.flatMap(({ variables }) => variables),
    ],
    init: [
      ir.choose('chosen', which, ir.all(which)),
      ir.assign(ir.variablePlace('which', which), ir.local('chosen', which)),
      ...parts.map(({ init }, index) => ir.iff(isChosen(index), [...init])),
    ],
    actions: parts.flatMap(({ actions }, index) =>
      actions.map((action) => ({ ...action, body: [ir.when(isChosen(index)), ...action.body] })),
    ),
    processes: parts.flatMap(({ processes }) => processes),
    invariants: predicates(({ invariants }) => invariants, implied),
    steps: predicates(({ steps }) => steps, implied),
    sometimes: predicates(({ sometimes }) => sometimes, joined),
    terminal: predicates(({ terminal }) => terminal, joined),
  };
}

const NAMES: ReadonlySet<string> = new Set(['binder', 'indexBinder', 'accumulator', 'action', 'counter', 'process']);
const LABELED: ReadonlySet<string | undefined> = new Set(['block', 'exit']);
const NAMED: ReadonlySet<string> = new Set(['variable', 'parameter', 'local', 'let', 'choose']);
const LISTS: ReadonlySet<string> = new Set([
  'parameters',
  'constants',
  'variables',
  'actions',
  'processes',
  'arguments',
  'invariants',
  'steps',
  'sometimes',
  'terminal',
]);

/** The same with every name of a variable, parameter, action, predicate and local prefixed. */
function renamed(system: System, prefix: string): System {
  const go = (node: unknown, key: string): unknown => {
    if (Array.isArray(node)) return node.map((one) => go(one, key));
    if (typeof node !== 'object' || node === null || (key === 'value' && !('type' in node))) return node;
    const { kind, name } = node as { readonly kind?: string; readonly name?: unknown };
    if (kind === 'literal' || ['domain', 'type', 'span', 'model'].includes(key)) return node;
    const entries = Object.entries(node).map(([inner, part]): [string, unknown] => [
      inner,
      typeof part === 'string' && (NAMES.has(inner) || (inner === 'label' && LABELED.has(kind)))
        ? prefix + part
        : go(part, inner),
    ]);
    const isNamed =
      (kind !== undefined && NAMED.has(kind)) || (kind === undefined && LISTS.has(key)) || key === 'process';
    return Object.fromEntries(isNamed && typeof name === 'string' ? [...entries, ['name', prefix + name]] : entries);
  };
  return go(system, 'system') as System;
}
