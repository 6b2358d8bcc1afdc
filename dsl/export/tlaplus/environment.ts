import type { Domain, Place } from '../../ir/index.ts';
import { membersOf } from '../../ir/part.ts';
import type { Node } from './node.ts';
import type { Held } from './place.ts';
import { held } from './place.ts';
import type { Scope } from './scope.ts';

/** What variables and locals hold at a point of a step. */
export interface Environment {
  readonly variables: ReadonlyMap<string, Held>;
  readonly locals: ReadonlyMap<string, Held>;
  /** What locals that were declared by a statement may hold. */
  readonly types: ReadonlyMap<string, Domain>;
  /** An object that the declaration just before took a part of, so that it has been worked out; see `let` in step.ts. */
  readonly read?: string | undefined;
}

/** What a key such as `variable x` is about; names may have spaces. */
export function rootOf(key: string): { readonly kind: 'variable' | 'local'; readonly name: string } {
  const at = key.indexOf(' ');
  return { kind: key.slice(0, at) as 'variable' | 'local', name: key.slice(at + 1) };
}

export function heldAt(environment: Environment, key: string): Held | undefined {
  const { kind, name } = rootOf(key);
  return (kind === 'variable' ? environment.variables : environment.locals).get(name);
}

export function withHeld(environment: Environment, key: string, value: Held): Environment {
  const { kind, name } = rootOf(key);
  return kind === 'variable'
    ? { ...environment, variables: new Map([...environment.variables, [name, value]]) }
    : { ...environment, locals: new Map([...environment.locals, [name, value]]) };
}

export function withLocal(environment: Environment, name: string, value: Node, type?: Domain): Environment {
  const inside = withHeld(environment, `local ${name}`, held(value));
  return type === undefined ? inside : { ...inside, types: new Map([...environment.types, [name, type]]) };
}

/** The domain of the root of a place, as far as it is known: of a local, what the place itself tells. */
export function rootType(scope: Scope, environment: Environment, target: Place): Domain {
  if (target.root.kind === 'variable') {
    return scope.module.system.variables.find(({ name }) => name === target.root.name)!.domain;
  }
  return environment.types.get(target.root.name) ?? target.domain;
}

/** The type of a part: of the field of that name, or of an entry. */
export function partType(type: Domain, field: string | undefined): Domain {
  const found = membersOf(type).flatMap((member): Domain[] => {
    switch (member.kind) {
      case 'object':
        return member.fields.filter(({ name }) => name === field).map(({ domain }) => domain);
      case 'variant':
        return member.cases.flatMap((one) =>
          one.fields.filter(({ name }) => name === field).map(({ domain }) => domain),
        );
      case 'record':
        return [member.value];
      case 'array':
        return [member.element];
      case 'tuple':
        return [...member.items];
      default:
        return [];
    }
  });
  const members = found.flatMap(membersOf);
  return members.length === 1 ? members[0]! : members.length === 0 ? { kind: 'never' } : { kind: 'union', members };
}

export function shownRoot(scope: Scope, key: string): string {
  const { kind, name } = rootOf(key);
  return kind === 'variable' ? scope.module.variables.get(name)! : name;
}
