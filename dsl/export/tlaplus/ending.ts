import type { Change, Node } from './node.ts';
import { chosenValue, inline, junction } from './node.ts';
import type { VariableGroup } from './variable-group.ts';
import { inGroups } from './variable-group.ts';

/**
 * A step whose ways have in common how they end says that once, after them: `UNCHANGED` for what none of them changes,
 * and what all of them change alike.
 */
export function withCommonEnding(step: Node): Node {
  return withOneAssignment(commonTakenOut(withOneAssignment(step)));
}

/** The variables of each `UNCHANGED` of a step. */
export function unchangedLists(step: Node): readonly (readonly string[])[] {
  return endingsOf(step).map(({ unchanged }) => unchanged);
}

/**
 * @param variables - all of them, which `vars` is short for.
 * @param groups - what some of them are called together.
 */
export function withGroups(step: Node, variables: readonly string[], groups: readonly VariableGroup[]): Node {
  const isAll = ({ unchanged }: Ending): boolean => unchanged.length === variables.length && 1 < variables.length;
  return mapped(step, (ending) => ({
    ...ending,
    unchanged: isAll(ending) ? ['vars'] : inGroups(ending.unchanged, groups),
  }));
}

/** `IF c THEN x' = a ELSE x' = b` is `x' = IF c THEN a ELSE b`. */
function withOneAssignment(node: Node): Node {
  switch (node.kind) {
    case 'text':
    case 'implies':
    case 'ending':
      return node;
    case 'junction':
      return { ...node, items: node.items.map(withOneAssignment) };
    case 'quantifier':
      return { ...node, body: withOneAssignment(node.body) };
    case 'if': {
      const [yes, no] = [withOneAssignment(node.yes), withOneAssignment(node.no)];
      return oneAssignment(node.condition, yes, no) ?? { ...node, yes, no };
    }
    case 'let':
      return {
        ...node,
        definitions: node.definitions.map(({ head, body }) => ({ head, body: withOneAssignment(body) })),
        body: withOneAssignment(node.body),
      };
  }
}

function oneAssignment(condition: Node, yes: Node, no: Node): Ending | undefined {
  if (yes.kind !== 'ending' || no.kind !== 'ending') return undefined;
  const [[one, ...others], [other, ...more]] = [yes.changes, no.changes];
  if (one === undefined || one.variable !== other?.variable || 0 < others.length + more.length) return undefined;
  if (yes.unchanged.join() !== no.unchanged.join()) return undefined;
  const value = chosenValue(condition, one.value, other.value);
  return { ...yes, changes: [{ variable: one.variable, value }] };
}

function commonTakenOut(step: Node): Node {
  const endings = endingsOf(step);
  const [first, ...others] = endings;
  if (first === undefined || others.length === 0) return step;
  const bound = boundIn(step);
  const isCommon = ({ variable, value }: Change): boolean => {
    const content = inline(value);
    return (
      !bound.some((name) => new RegExp(`\\b${name}\\b`).test(content)) &&
      others.every(({ changes }) => changes.some((one) => one.variable === variable && inline(one.value) === content))
    );
  };
  const unchanged = first.unchanged.filter((name) => others.every((one) => one.unchanged.includes(name)));
  const changes = first.changes.filter(isCommon);
  const rest = (ending: Ending): Ending => ({
    kind: 'ending',
    changes: ending.changes.filter(({ variable }) => !changes.some((one) => one.variable === variable)),
    unchanged: ending.unchanged.filter((name) => !unchanged.includes(name)),
  });
  const isEmpty = (ending: Ending): boolean => ending.changes.length + ending.unchanged.length === 0;
  if (changes.length + unchanged.length === 0 || isEmpty(rest(first))) return step;
  return junction('/\\', [mapped(step, rest), { kind: 'ending', changes, unchanged }]);
}

type Ending = Node & { readonly kind: 'ending' };

function endingsOf(node: Node): readonly Ending[] {
  switch (node.kind) {
    case 'text':
    case 'implies':
      return [];
    case 'ending':
      return [node];
    case 'junction':
      return node.items.flatMap(endingsOf);
    case 'quantifier':
      return endingsOf(node.body);
    case 'if':
      return [...endingsOf(node.yes), ...endingsOf(node.no)];
    case 'let':
      return [...node.definitions.flatMap(({ body }) => endingsOf(body)), ...endingsOf(node.body)];
  }
}

function mapped(node: Node, change: (ending: Ending) => Ending): Node {
  const go = (part: Node): Node => mapped(part, change);
  switch (node.kind) {
    case 'text':
    case 'implies':
      return node;
    case 'ending':
      return change(node);
    case 'junction':
      return { ...node, items: node.items.map(go) };
    case 'quantifier':
      return { ...node, body: go(node.body) };
    case 'if':
      return { ...node, yes: go(node.yes), no: go(node.no) };
    case 'let':
      return {
        ...node,
        definitions: node.definitions.map(({ head, body }) => ({ head, body: go(body) })),
        body: go(node.body),
      };
  }
}

/** Names that are bound around some ending: of quantifiers, definitions and their parameters. */
function boundIn(node: Node): readonly string[] {
  switch (node.kind) {
    case 'text':
    case 'implies':
    case 'ending':
      return [];
    case 'junction':
      return node.items.flatMap(boundIn);
    case 'quantifier':
      return [node.binder, ...boundIn(node.body)];
    case 'if':
      return [...boundIn(node.yes), ...boundIn(node.no)];
    case 'let':
      return [
        ...node.definitions.flatMap(({ head, body }) => [...(head.match(/\w+/g) ?? []), ...boundIn(body)]),
        ...boundIn(node.body),
      ];
  }
}
