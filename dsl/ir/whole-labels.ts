// A label that several places of a process yield is several labels in the IR, and to ask whether a thread stands there is to
// ask for one after the other. Where a part of the IR is shown to people it is one question, as in the source.
import { rewriteExpression, rewriteFormula } from './fold.ts';
import type { Expression, Formula, Process } from './index.ts';
import { printExpression } from './print.ts';

/** Says expressions and formulas in labels as their author has written them. */
export class WholeLabels {
  /** By the variable that says where threads stand and what the author calls a label, its labels; of those that have several. */
  readonly #labels: ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>>;

  constructor(processes: readonly Process[]) {
    this.#labels = new Map(
      processes.map(({ counter, labels, written = [] }) => {
        const groups = new Map<string, Set<string>>();
        labels.forEach((label, index) => {
          const name = written[index]?.name;
          if (name !== undefined) groups.set(name, (groups.get(name) ?? new Set()).add(label));
        });
        return [counter, groups] as const;
      }),
    );
  }

  expression(expression: Expression): Expression {
    return rewriteExpression(expression, (part) => this.#whole(part) ?? part);
  }

  formula(formula: Formula): Formula {
    return rewriteFormula(formula, (part) => this.#whole(part) ?? part);
  }

  /** `pc[r] === 'asleep'` for `pc[r] === 'asleep@3' || pc[r] === 'asleep@7'` where these are all there are. */
  #whole(part: Expression): Expression | undefined {
    if (part.kind !== 'or') return undefined;
    const questions = alternativesOf(part).map(questionIn);
    const [first] = questions;
    if (first === undefined) return undefined;
    const labels = new Set<string>();
    for (const question of questions) {
      if (question === undefined || printExpression(question.place) !== printExpression(first.place)) return undefined;
      labels.add(question.label);
    }
    const groups = [...(this.#labels.get(first.counter) ?? [])];
    const group = groups.find(([, own]) => own.size === labels.size && [...own].every((label) => labels.has(label)));
    if (group === undefined) return undefined;
    const { span } = part;
    const [name] = group;
    const label: Expression = { kind: 'literal', value: name, type: { kind: 'enum', values: [name] }, span };
    return { kind: 'operation', operator: 'equal', operands: [first.place, label], type: { kind: 'boolean' }, span };
  }
}

function alternativesOf(part: Expression): readonly Expression[] {
  return part.kind === 'or' ? [...alternativesOf(part.left), ...alternativesOf(part.right)] : [part];
}

interface Question {
  readonly counter: string;
  readonly place: Expression;
  readonly label: string;
}

function questionIn(part: Expression): Question | undefined {
  if (part.kind !== 'operation' || part.operator !== 'equal') return undefined;
  const [place, literal] = part.operands as [Expression, Expression];
  if (literal.kind !== 'literal' || typeof literal.value !== 'string') return undefined;
  let root = place;
  while (root.kind === 'index') root = root.object;
  return root.kind === 'variable' ? { counter: root.name, place, label: literal.value } : undefined;
}
