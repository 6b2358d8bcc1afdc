import { bodyNotFound, wrongFairness } from '../diagnostics/catalog.ts';
import type { Span } from '../diagnostics/span.ts';
import type { Assumption, AssumptionGroup, Domain, FairnessSet } from '../ir/index.ts';
import { equalDomains } from '../ir/index.ts';
import type { AssumptionDefinition, Declaration } from '../language/definition.ts';
import type { Part } from './declaration.ts';
import { givenTo, namedOf, skip } from './declaration.ts';
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
    assumptions: assumptions.map((assumption, position) => assumptionOf(context, part, assumption, position, report)),
  };
}

function assumptionOf(
  context: ModelContext,
  part: Part,
  assumption: AssumptionDefinition,
  position: number,
  report: ModelContext['report'],
): Assumption {
  const span = assumptionSpan(part, position);
  const members = assumption.members.filter((member) => {
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
      .map((group) => groupOf(context, part, assumption, group, position, span, report)),
  };
}

function groupOf(
  context: ModelContext,
  part: Part,
  assumption: AssumptionDefinition,
  group: readonly Declaration[],
  position: number,
  span: Span,
  report: ModelContext['report'],
): AssumptionGroup {
  const own = context.argumentsOf(group[0]!);
  const per = assumption.any ? [] : (assumption.per ?? own.map((argument) => argument.name));
  for (const name of per) {
    const domains = group.map(
      (member) => context.argumentsOf(member).find((argument) => argument.name === name)?.domain,
    );
    const [first] = domains;
    if (
      first === undefined ||
      !domains.every((domain): domain is Domain => domain !== undefined && equalDomains(domain, first))
    ) {
      report(
        wrongFairness(
          span,
          `\`per\` names \`${name}\`, which is no argument of \`${context.declarations.get(group[0]!)!}\``,
        ),
      );
    }
  }
  const { when } = assumption;
  const guard =
    when === undefined
      ? undefined
      : lowerFairnessGuard(context, span, own, (unit) => guardClosure(unit, part, position));
  return {
    name: group.map((member) => context.declarations.get(member)!).join(' | '),
    actions: group.flatMap(context.stepsOf),
    per,
    ...(guard === undefined ? {} : { when: guard }),
  };
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
  const call = part.node.initializer && skip(part.node.initializer);
  const node = call && ts.isCallExpression(call) ? call.arguments[position] : undefined;
  return node ? spanOf(part.module.file, node) : part.span;
}
