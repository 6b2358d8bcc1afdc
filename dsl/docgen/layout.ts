import type { Expression, Formula } from '../ir/index.ts';
import { printDomain, printExpression, printFormula } from '../ir/print.ts';

/** An expression or formula on one line if it fits, else with its parts on lines of their own. */
export function layOut(node: Expression | Formula, width: number): readonly string[] {
  const line = printNode(node);
  if (line.length <= width) return [line];
  switch (node.kind) {
    case 'and':
    case 'or':
      return isFormula(node)
        ? call(node.kind, [node.left, node.right], width)
        : chain(operandsOf(node.kind, node), node.kind === 'and' ? ' &&' : ' ||', node.kind, width);
    case 'implies':
      return call(node.kind, [node.left, node.right], width);
    case 'until':
    case 'leadsTo':
      return call(node.kind, [node.left, node.right], width);
    case 'not':
      return isFormula(node)
        ? call('not', [node.operand], width)
        : enclosed('!(', layOut(node.operand, width - 2), ')');
    case 'always':
    case 'eventually':
      return call(node.kind, [node.operand], width);
    case 'now':
      return layOut(node.predicate, width);
    case 'forAll':
    case 'exists': {
      const quantifier = node.kind === 'forAll' ? 'all' : 'some';
      return enclosed(
        `${quantifier}(${printDomain(node.domain)}, (${node.binder}) =>`,
        layOut(node.body, width - 2),
        ')',
      );
    }
    case 'comprehension': {
      const { operator, over, binder, indexBinder, body } = node;
      if (indexBinder !== undefined || !FUNCTIONS.has(operator)) return [line];
      return enclosed(`${operator}(${printExpression(over)}, (${binder}) =>`, layOut(body, width - 2), ')');
    }
    default:
      return [line];
  }
}

/** Comprehensions that are written as functions of a collection, not as its methods. */
const FUNCTIONS: ReadonlySet<string> = new Set(['all', 'some', 'count']);

function isFormula(node: Expression | Formula): node is Formula {
  return !('type' in node);
}

function printNode(node: Expression | Formula): string {
  return isFormula(node) ? printFormula(node) : printExpression(node);
}

function operandsOf(kind: 'and' | 'or', node: Expression): readonly Expression[] {
  if (node.kind !== kind) return [node];
  return [...operandsOf(kind, node.left), ...operandsOf(kind, node.right)];
}

/** Operands on lines of their own; one of another kind of chain stands in parentheses. */
function chain(operands: readonly Expression[], symbol: string, kind: 'and' | 'or', width: number): readonly string[] {
  return operands.flatMap((operand, index) => {
    const isOther = (operand.kind === 'and' || operand.kind === 'or') && operand.kind !== kind;
    const isLoose = isOther || operand.kind === 'conditional';
    const lines = layOut(operand, width - 4);
    const whole = !isLoose ? lines : lines.length === 1 ? [`(${lines[0]})`] : enclosed('(', lines, ')');
    return index === operands.length - 1 ? whole : [...whole.slice(0, -1), whole.at(-1)! + symbol];
  });
}

function call(name: string, parts: readonly (Expression | Formula)[], width: number): readonly string[] {
  const lines = parts.flatMap((part, index) => {
    const inner = layOut(part, width - 2);
    return index === parts.length - 1 ? inner : [...inner.slice(0, -1), `${inner.at(-1)!},`];
  });
  return enclosed(`${name}(`, lines, ')');
}

function enclosed(open: string, lines: readonly string[], close: string): readonly string[] {
  return [open, ...lines.map((line) => `  ${line}`), close];
}
