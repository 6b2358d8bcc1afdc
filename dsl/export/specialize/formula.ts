import type { Formula } from '../../ir/index.ts';
import { cardinality } from '../../ir/index.ts';
import { canFail } from '../tlaplus/failure.ts';
import { literal, simplified } from './expression.ts';
import type { Facts, Locals } from './facts.ts';
import { possibleOf } from './possible.ts';

/** A formula with what is known put in. */
export function simplifiedFormula(facts: Facts, locals: Locals, formula: Formula): Formula {
  const go = (part: Formula): Formula => simplifiedFormula(facts, locals, part);
  const truth = (value: boolean): Formula => truthAt(formula, value);
  switch (formula.kind) {
    case 'now':
      return { ...formula, predicate: simplified(facts, locals, formula.predicate).expression };
    case 'taken':
      if (facts.dropped.has(formula.action)) return truth(false);
      return {
        ...formula,
        arguments: formula.arguments.map((one) => one && simplified(facts, locals, one).expression),
      };
    case 'not': {
      const operand = go(formula.operand);
      const known = knownTruth(operand);
      return known === undefined ? { ...formula, operand } : truth(!known);
    }
    case 'always':
    case 'eventually': {
      const operand = go(formula.operand);
      return knownTruth(operand) === undefined ? { ...formula, operand } : operand;
    }
    case 'and':
    case 'or':
    case 'implies':
    case 'until':
    case 'leadsTo': {
      const [left, right] = [go(formula.left), go(formula.right)];
      return settled(formula, left, right) ?? { ...formula, left, right };
    }
    case 'forAll':
    case 'exists': {
      if (cardinality(formula.domain) === 0) return truth(formula.kind === 'forAll');
      const local = { possible: possibleOf(formula.domain), domain: formula.domain };
      const body = simplifiedFormula(facts, new Map([...locals, [formula.binder, local]]), formula.body);
      return knownTruth(body) === undefined ? { ...formula, body } : body;
    }
  }
}

/** The value of a formula that is the same everywhere. */
function knownTruth(formula: Formula): boolean | undefined {
  if (formula.kind !== 'now' || formula.predicate.kind !== 'literal') return undefined;
  return formula.predicate.value === true;
}

/** What one side alone decides, unless the other one may fail before. */
function settled(
  formula: Formula & { readonly kind: 'and' | 'or' | 'implies' | 'until' | 'leadsTo' },
  left: Formula,
  right: Formula,
): Formula | undefined {
  const [a, b] = [knownTruth(left), knownTruth(right)];
  const truth = (value: boolean): Formula => truthAt(formula, value);
  const isSure = !formulaCanFail(left);
  switch (formula.kind) {
    case 'and':
      if (a !== undefined) return a ? right : left;
      return b === true ? left : b === false && isSure ? right : undefined;
    case 'or':
      if (a !== undefined) return a ? left : right;
      return b === false ? left : b === true && isSure ? right : undefined;
    case 'implies':
      if (a !== undefined) return a ? right : truth(true);
      return b === true && isSure ? right : undefined;
    case 'until':
      return b !== undefined && isSure ? right : undefined;
    case 'leadsTo':
      if (a === false) return truth(true);
      return b === true && isSure ? right : undefined;
  }
}

function formulaCanFail(formula: Formula): boolean {
  switch (formula.kind) {
    case 'now':
      return canFail(formula.predicate);
    case 'taken':
      return formula.arguments.some((one) => one !== undefined && canFail(one));
    case 'not':
    case 'always':
    case 'eventually':
      return formulaCanFail(formula.operand);
    case 'forAll':
    case 'exists':
      return formulaCanFail(formula.body);
    default:
      return formulaCanFail(formula.left) || formulaCanFail(formula.right);
  }
}

function truthAt({ span }: Formula, value: boolean): Formula {
  const predicate = literal({ kind: 'literal', value, type: { kind: 'boolean' }, span }, value);
  return { kind: 'now', predicate, span };
}
