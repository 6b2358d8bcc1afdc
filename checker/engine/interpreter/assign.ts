import type { Span } from '../../../dsl/diagnostics/span.ts';
import type { Domain, ObjectValue, PathSegment, Place, StatePlace, Statement, Value } from '../../../dsl/ir/index.ts';
import { entryIn, equalValues, fieldIn, isArray } from '../../../dsl/ir/index.ts';
import { checked } from './checked.ts';
import { evaluate } from './evaluate.ts';
import { entryOf, fieldOf } from './part.ts';
import type { Run } from './run.ts';

export function assign(run: Run, statement: Extract<Statement, { kind: 'assign' }>): void {
  const { target, value } = statement;
  const { root } = target;
  const path = target.path.map((segment): ResolvedSegment => {
    if (segment.kind === 'field') return { segment, key: segment.name };
    return { segment, key: evaluate(run, segment.index) };
  });
  const old = root.kind === 'variable' ? run.state[root.name] : run.locals.get(root.name);
  const before = reach(old, path, target.span);
  const given = checked(evaluate(run, value), target.domain, target.span);
  // The cases of a variant may have fields of one name and different domains, which only the whole can tell apart.
  const updated = checked(replaced(old, path, given), domainOf(run, root), target.span);
  if (root.kind === 'variable') run.state = { ...run.state, [root.name]: updated };
  else run.locals.set(root.name, updated);
  if (root.kind !== 'variable') return;
  run.writes?.push({
    kind: 'written',
    statement,
    place: path.reduce<StatePlace>(
      (place, { segment, key }) => (segment.kind === 'field' ? fieldIn(place, segment.name) : entryIn(place, key)),
      { variable: root.name, segments: [] },
    ),
    isChange: !equalValues(before, given),
  });
}

function domainOf(run: Run, root: Place['root']): Domain {
  const domain =
    root.kind === 'local'
      ? run.domains.get(root.name)
      : run.plan.system.variables.find((variable) => variable.name === root.name)?.domain;
  if (domain === undefined) throw new Error(`no ${root.kind} \`${root.name}\` to assign to`);
  return domain;
}

interface ResolvedSegment {
  readonly segment: PathSegment;
  readonly key: Value;
}

/** What is at the end of the path; fails unless there is something. */
function reach(start: Value, path: readonly ResolvedSegment[], span: Span): Value {
  let value = start;
  for (const { segment, key } of path) {
    value = segment.kind === 'field' ? fieldOf(value, segment.name, span) : entryOf(value, key, segment.index.span);
  }
  return value;
}

/** `value` with `given` at the end of a path that {@link reach} has followed. */
function replaced(value: Value, path: readonly ResolvedSegment[], given: Value): Value {
  const [first, ...rest] = path;
  if (!first) return given;
  if (isArray(value)) return value.with(first.key as number, replaced(value[first.key as number], rest, given));
  const key = String(first.key);
  const object = value as ObjectValue;
  return { ...object, [key]: replaced(object[key], rest, given) };
}
