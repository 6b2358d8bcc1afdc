import type { Syntax } from './syntax.ts';

/** What the standard modules that an exported module may extend define. */
const STANDARD: Readonly<Record<string, readonly string[]>> = {
  Integers: ['Nat', 'Int'],
  Sequences: ['Seq', 'Len', 'Append', 'Head', 'Tail', 'SubSeq', 'SelectSeq'],
  FiniteSets: ['IsFiniteSet', 'Cardinality'],
  TLC: [
    'Print',
    'PrintT',
    'Assert',
    'JavaTime',
    'TLCGet',
    'TLCSet',
    'Permutations',
    'SortSeq',
    'RandomElement',
    'Any',
    'ToString',
    'TLCEval',
  ],
};

/**
 * What SANY, TLA+'s analyzer, would say about the names of a module: nothing may be declared again while it is in sight,
 * and nothing used that is not.
 */
export function scopeProblems(root: Syntax): readonly string[] {
  const problems: string[] = [];
  const declare = (scope: ReadonlySet<string>, names: readonly string[]): ReadonlySet<string> => {
    const inner = new Set(scope);
    for (const name of names) {
      if (inner.has(name)) problems.push(`${name} is declared where it is in sight already`);
      inner.add(name);
    }
    return inner;
  };
  const introduced = (bounds: readonly Syntax[]): string[] =>
    bounds.flatMap((bound) => bound.roles['intro']!.map(({ text }) => text));
  const all = (scope: ReadonlySet<string>, parts: readonly Syntax[]): void =>
    parts.forEach((part) => visit(scope, part));

  const visit = (scope: ReadonlySet<string>, syntax: Syntax): void => {
    const { kind, parts, roles } = syntax;
    const sets = (bounds: readonly Syntax[]): void => bounds.forEach((bound) => all(scope, bound.roles['set']!));
    switch (kind) {
      case 'identifier_ref':
        if (!scope.has(syntax.text)) problems.push(`${syntax.text} is not declared`);
        return;
      case 'record_value':
        return visit(scope, parts[0]!);
      case 'except_update_record_field':
      case 'identifier':
        return;
      case 'bounded_quantification':
        sets(roles['bound']!);
        return all(declare(scope, introduced(roles['bound']!)), roles['expression']!);
      case 'choose':
        all(scope, roles['set']!);
        return all(declare(scope, [roles['intro']![0]!.text]), roles['expression']!);
      case 'set_filter':
        sets(roles['generator']!);
        return all(declare(scope, introduced(roles['generator']!)), roles['filter']!);
      case 'set_map':
        sets(roles['generator']!);
        return all(declare(scope, introduced(roles['generator']!)), roles['map']!);
      case 'function_literal': {
        const bounds = parts.filter((part) => part.kind === 'quantifier_bound');
        sets(bounds);
        return visit(declare(scope, introduced(bounds)), parts.at(-1)!);
      }
      case 'lambda': {
        const names = parts.slice(0, -1).map(({ text }) => text);
        return visit(declare(scope, names), parts.at(-1)!);
      }
      case 'let_in': {
        let inner = scope;
        for (const one of roles['definitions']!) inner = define(inner, one);
        return all(inner, roles['expression']!);
      }
      default:
        return all(scope, parts);
    }
  };
  /** An operator does not see itself, a function does. */
  const define = (scope: ReadonlySet<string>, one: Syntax): ReadonlySet<string> => {
    const outer = declare(scope, [one.roles['name']![0]!.text]);
    if (one.kind === 'operator_definition') {
      const parameters = (one.roles['parameter'] ?? []).map(({ text }) => text);
      all(declare(scope, parameters), one.roles['definition']!);
      return outer;
    }
    const bounds = one.parts.filter((part) => part.kind === 'quantifier_bound');
    bounds.forEach((bound) => all(scope, bound.roles['set']!));
    all(declare(outer, introduced(bounds)), one.roles['definition']!);
    return outer;
  };

  let scope: ReadonlySet<string> = new Set();
  for (const unit of root.parts.find(({ kind }) => kind === 'module')!.parts) {
    if (unit.kind === 'extends')
      scope = declare(
        scope,
        unit.parts.flatMap(({ text }) => STANDARD[text] ?? []),
      );
    else if (unit.kind === 'variable_declaration' || unit.kind === 'constant_declaration') {
      scope = declare(
        scope,
        unit.parts.map(({ text }) => text),
      );
    } else if (unit.kind === 'operator_definition') scope = define(scope, unit);
  }
  return problems;
}
