import { positionAt, textOf } from '../diagnostics/span.ts';
import type { Span } from '../diagnostics/span.ts';
import type { Named, System } from '../ir/index.ts';
import { code, link, text } from './document.ts';
import type { Inline } from './document.ts';

/** Something declared on a spec, with a system that has it: its spans point into the files of that system. */
export interface Part<T extends Named = Named> {
  readonly system: System;
  readonly item: T;
  /** The file that declares it, where something else of that name is declared in another. */
  readonly declaredIn?: string;
}

type Lists = {
  readonly [
    Key in
      | 'parameters'
      | 'constants'
      | 'variables'
      | 'actions'
      | 'processes'
      | 'invariants'
      | 'steps'
      | 'sometimes'
      | 'properties'
      | 'fairness'
      | 'terminal'
      | 'within'
  ]: readonly Part<System[Key][number]>[];
};

/** Everything that is declared on a spec, over all of its models: those in one file may know parts that others do not. */
export type SpecParts = Lists & { readonly first: System };

/**
 * Joins the systems of a spec's models: each declaration once, as the first system has it. Two of one name, in files that
 * know nothing of each other, are two.
 */
export function partsOfSpec(systems: readonly [System, ...System[]]): SpecParts {
  const gather = <Key extends keyof Lists>(key: Key): Lists[Key] => {
    const found = new Map<string, Part<System[Key][number]>>();
    const times = new Map<string, number>();
    for (const system of systems) {
      for (const item of system[key]) {
        const declaration = declarationKey(system, item);
        if (found.has(declaration)) continue;
        found.set(declaration, { system, item });
        times.set(item.name, (times.get(item.name) ?? 0) + 1);
      }
    }
    const parts = Array.from(found.values(), ({ system, item }) => {
      const declaredIn = system.files[item.span.file]?.path.split('/').at(-1);
      return times.get(item.name)! < 2 || declaredIn === undefined ? { system, item } : { system, item, declaredIn };
    });
    return parts as unknown as Lists[Key];
  };
  return {
    first: systems[0],
    parameters: gather('parameters'),
    constants: gather('constants'),
    variables: gather('variables'),
    actions: gather('actions'),
    processes: gather('processes'),
    invariants: gather('invariants'),
    steps: gather('steps'),
    sometimes: gather('sometimes'),
    properties: gather('properties'),
    fairness: gather('fairness'),
    terminal: gather('terminal'),
    within: gather('within'),
  };
}

/** What is equal for the same declaration in the systems of several models, and for nothing else. */
export function declarationKey({ files }: System, { name, span }: Pick<Named, 'name' | 'span'>): string {
  return `${name} ${files[span.file]?.path ?? ''} ${span.start}`;
}

/** A name, and the file that declares it where the name alone does not say which. */
export function titleOf({ item, declaredIn }: Part): readonly Inline[] {
  return declaredIn === undefined ? [code(item.name)] : [code(item.name), text(` (${declaredIn})`)];
}

/** Finds a page's way to the sources. */
export interface SourceLinks {
  /** The address of a source file seen from the page, or undefined for one that readers of the page do not have. */
  readonly hrefOf: (path: string) => string | undefined;
}

/** `lease.ts:12`, linked to that line. */
export function sourceLink({ hrefOf }: SourceLinks, system: System, span: Span): Inline | undefined {
  const file = system.files[span.file];
  if (file === undefined) return undefined;
  const { line } = positionAt(file.text, span.start);
  const href = hrefOf(file.path);
  const name = code(`${file.path.split('/').at(-1)!}:${line}`);
  return href === undefined ? name : link(`${href}#L${line}`, name);
}

/** What an author wrote, without the indentation that all its lines share. */
export function sourceText(system: System, span: Span): string {
  const file = system.files[span.file];
  if (file === undefined) return '';
  const [first = '', ...rest] = textOf(system.files, span).split('\n');
  const indents = rest.filter((line) => line.trim() !== '').map((line) => /^ */.exec(line)![0].length);
  const shared = Math.min(...indents);
  return [first, ...rest.map((line) => line.slice(shared))].join('\n');
}
