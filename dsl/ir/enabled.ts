import type { Span } from '../diagnostics/span.ts';
import { partsOf } from './fold.ts';
import type { Node } from './fold.ts';
import type { Action, System } from './system.ts';

/** That an action asks whether another one is enabled. */
interface EnabledQuestion {
  readonly action: string;
  readonly span: Span;
}

/** What some code asks, outer parts first. */
export function enabledQuestions(nodes: readonly Node[]): readonly EnabledQuestion[] {
  const found: EnabledQuestion[] = [];
  const visit = (node: Node): void => {
    if (node.kind === 'enabled') found.push({ action: node.action, span: node.span });
    partsOf(node).forEach(visit);
  };
  nodes.forEach(visit);
  return found;
}

/** Actions each of which asks for the next one, and the last one for the first. */
interface EnabledCircle {
  /** Each once, and the first one again at the end. */
  readonly names: readonly string[];
  /** Where the first of them asks. */
  readonly span: Span;
}

/** For each action that asks for itself, directly or by way of others, a shortest circle; of the same circle the first. */
export function circlesOfEnabled(system: Pick<System, 'actions'>): readonly EnabledCircle[] {
  const questions = new Map(system.actions.map(({ name, body }) => [name, enabledQuestions(body)]));
  const told = new Set<string>();
  return system.actions.flatMap(({ name }): readonly EnabledCircle[] => {
    if (told.has(name)) return [];
    const path = shortestCircle(name, questions);
    if (path === undefined) return [];
    for (const one of path) told.add(one);
    const { span } = questions.get(name)!.find(({ action }) => action === (path[1] ?? name))!;
    return [{ names: [...path, name], span }];
  });
}

/** Actions, those that others ask for before them, else in their order. Where there is no circle. */
export function askedFirst<Asking extends Pick<Action, 'name' | 'body'>>(
  actions: readonly Asking[],
): readonly Asking[] {
  const sorted = new Set<Asking>();
  const add = (action: Asking): void => {
    if (sorted.has(action)) return;
    for (const { action: name } of enabledQuestions(action.body)) {
      const asked = actions.find((one) => one.name === name);
      if (asked !== undefined) add(asked);
    }
    sorted.add(action);
  };
  actions.forEach(add);
  return [...sorted];
}

function shortestCircle(
  start: string,
  questions: ReadonlyMap<string, readonly EnabledQuestion[]>,
): readonly string[] | undefined {
  const paths = new Map<string, readonly string[]>([[start, [start]]]);
  for (const [name, path] of paths) {
    for (const { action } of questions.get(name) ?? []) {
      if (action === start) return path;
      if (!paths.has(action)) paths.set(action, [...path, action]);
    }
  }
  return undefined;
}
