import type { ts as TS } from 'ts-morph';
import { bodyNotFound, noTimeouts, wrongFairness, wrongPer } from '../diagnostics/catalog.ts';
import type { Span } from '../diagnostics/span.ts';
import { suggest } from '../diagnostics/suggest.ts';
import type { Argument, Assumption, AssumptionGroup, FairnessSet } from '../ir/index.ts';
import { equalDomains } from '../ir/index.ts';
import type { AssumptionDefinition, Declaration } from '../language/definition.ts';
import type { Part } from './declaration.ts';
import { givenTo, namedOf, propertyOf, skip } from './declaration.ts';
import { lowerFairnessGuard } from './lower-property.ts';
import { spanOf } from './source.ts';
import type { Closure } from './term.ts';
import { ts } from './typescript.ts';
import type { ModelContext, Unit } from './unit.ts';

export function fairnessOf(context: ModelContext, part: Part, report: ModelContext['report']): FairnessSet {
  const { declaration } = part;
  const assumptions = declaration.kind === 'fairness' ? declaration.assumptions : [];
  return {
    ...namedOf(part),
    assumptions: assumptions.flatMap((assumption, position) =>
      isAssumption(assumption)
        ? [assumptionOf(context, part, assumption, position, report)]
        : (report(wrongFairness(assumptionSpan(part, position), 'fairness is said with `weak(…)` and `strong(…)`')),
          []),
    ),
  };
}

/** TypeScript has said so, but is not always asked. */
function isAssumption(given: unknown): given is AssumptionDefinition {
  return typeof given === 'object' && given !== null && 'strength' in given;
}

function assumptionOf(
  context: ModelContext,
  part: Part,
  assumption: AssumptionDefinition,
  position: number,
  report: ModelContext['report'],
): Assumption {
  const span = assumptionSpan(part, position);
  if (assumption.problem !== undefined) {
    report(wrongFairness(span, assumption.problem));
    return { span, strength: assumption.strength, groups: [] };
  }
  const members = assumption.members.filter((member) => {
    if (member.kind === 'timeouts' && context.stepsOf(member).length === 0) {
      report(noTimeouts(span, context.declarations.get(member.process) ?? ''));
      return false;
    }
    if (context.declarations.has(member)) return true;
    report(wrongFairness(span, 'this assumes fairness of what is not declared on the spec'));
    return false;
  });
  const groups = assumption.any ? [members] : members.map((member) => [member]);
  return {
    span,
    strength: assumption.strength,
    groups: groups
      .filter((group) => group.length > 0)
      .map((group) => groupOf(context, { part, position, span }, assumption, group, report)),
  };
}

/** Where an assumption is made: which of those of a declaration it is. */
interface AssumptionPlace {
  readonly part: Part;
  readonly position: number;
  readonly span: Span;
}

function groupOf(
  context: ModelContext,
  { part, position, span }: AssumptionPlace,
  assumption: AssumptionDefinition,
  group: readonly Declaration[],
  report: ModelContext['report'],
): AssumptionGroup {
  const shared = sharedArguments(context, group);
  const per = assumption.per ?? (assumption.any ? [] : shared.map(({ name }) => name));
  for (const name of per) {
    if (shared.some((argument) => argument.name === name)) continue;
    const names = shared.map((argument) => argument.name);
    const without = group.find((member) => context.argumentsOf(member).every((argument) => argument.name !== name));
    const message =
      without === undefined
        ? `\`per\` names \`${name}\`, which has other values in one action than in another`
        : `\`per\` names \`${name}\`, which is no argument of \`${context.declarations.get(without)!}\``;
    report(wrongPer(optionSpan(part, position, 'per') ?? span, message, suggest(name, names), names, 1 < group.length));
  }
  const { when } = assumption;
  const guard =
    when === undefined
      ? undefined
      : lowerFairnessGuard(context, span, shared, (unit) => guardClosure(unit, part, position));
  return {
    name: nameOf(context, group),
    actions: group.flatMap(context.stepsOf),
    per,
    ...(guard === undefined ? {} : { when: guard }),
  };
}

function nameOf(context: ModelContext, group: readonly Declaration[]): string {
  return group.map((member) => context.declarations.get(member)!).join(' | ');
}

/** The arguments that all of some actions and processes have, with the same values. */
function sharedArguments(context: ModelContext, group: readonly Declaration[]): readonly Argument[] {
  const [first, ...others] = group.map((member) => context.argumentsOf(member));
  return first!.filter(({ name, domain }) =>
    others.every((list) => list.some((other) => other.name === name && equalDomains(other.domain, domain))),
  );
}

/** The `when` of the assumption at a position of `spec.fairness(…)`. */
function guardClosure(unit: Unit, part: Part, position: number): Closure | undefined {
  const term = givenTo(unit, part)?.[position]?.();
  const options = term?.kind === 'declaring' ? term.given[term.given.length - 1] : undefined;
  const guard = options?.kind === 'object' ? options.fields.get('when') : undefined;
  if (guard?.kind === 'closure') return guard;
  if (term?.kind !== 'error')
    unit.diagnostics.push(bodyNotFound(assumptionSpan(part, position), 'fairness assumption'));
  return undefined;
}

function assumptionSpan(part: Part, position: number): Span {
  const node = assumptionNode(part, position);
  return node ? spanOf(part.module.file, node) : part.span;
}

function assumptionNode(part: Part, position: number): TS.Expression | undefined {
  const call = part.node.initializer && skip(part.node.initializer);
  return call && ts.isCallExpression(call) ? call.arguments[position] : undefined;
}

/** The place of an option of the assumption at a position, where it is written there. */
function optionSpan(part: Part, position: number, name: string): Span | undefined {
  const call = assumptionNode(part, position);
  const options = call && ts.isCallExpression(call) ? call.arguments[call.arguments.length - 1] : undefined;
  const property = propertyOf(options, name);
  return property && spanOf(part.module.file, property);
}
