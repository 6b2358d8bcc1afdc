import { binary, select, unary } from './flat.ts';
import type { Flat, FlatStatement } from './flat.ts';

/** Every statement of a list and within it, outer ones first. */
export function visitStatements(body: readonly FlatStatement[], visit: (statement: FlatStatement) => void): void {
  for (const statement of body) {
    visit(statement);
    if (statement.op === 'if') {
      visitStatements(statement.whenTrue, visit);
      visitStatements(statement.whenFalse, visit);
    } else if (statement.op === 'loop' || statement.op === 'block') visitStatements(statement.body, visit);
  }
}

/** Whether some statement of a list or within it is like that. */
export function someStatement(body: readonly FlatStatement[], test: (statement: FlatStatement) => boolean): boolean {
  let found = false;
  visitStatements(body, (statement) => {
    found ||= test(statement);
  });
  return found;
}

/** The instances of which some statement asks whether they are enabled, each once. */
export function askedInstances(body: readonly FlatStatement[]): readonly number[] {
  const asked = new Set<number>();
  visitStatements(body, (statement) => {
    if (statement.op === 'enabled') asked.add(statement.instance);
  });
  return [...asked];
}

/** Every expression of a statement and within it, but not of statements in it. */
export function visitFlats(statement: FlatStatement, visit: (flat: Flat) => void): void {
  const walk = (flat: Flat): void => visitFlat(flat, visit);
  switch (statement.op) {
    case 'set':
    case 'answer':
      return walk(statement.value);
    case 'store':
      if (statement.cell.index !== undefined) walk(statement.cell.index);
      return walk(statement.value);
    case 'if':
    case 'when':
    case 'check':
      return walk(statement.condition);
    case 'choose':
      return walk(statement.count);
    case 'loop':
    case 'block':
    case 'leave':
    case 'mark':
    case 'enabled':
      return;
  }
}

/** An expression and every one in it, outer ones first. */
export function visitFlat(flat: Flat, visit: (flat: Flat) => void): void {
  visit(flat);
  switch (flat.op) {
    case 'const':
    case 'temp':
      return;
    case 'load':
      if (flat.cell.index !== undefined) visitFlat(flat.cell.index, visit);
      return;
    case 'select':
      visitFlat(flat.condition, visit);
      visitFlat(flat.whenTrue, visit);
      visitFlat(flat.whenFalse, visit);
      return;
    case 'not':
    case 'popcount':
    case 'trailingZeros':
      return visitFlat(flat.operand, visit);
    default:
      visitFlat(flat.left, visit);
      visitFlat(flat.right, visit);
  }
}

/** An expression with its constants, temps and loads replaced, folded again where that changed something. */
export function mapFlat(flat: Flat, replace: (leaf: Flat) => Flat): Flat {
  switch (flat.op) {
    case 'const':
    case 'temp':
      return replace(flat);
    case 'load': {
      const { cell } = flat;
      if (cell.index === undefined) return replace(flat);
      const index = mapFlat(cell.index, replace);
      if (index === cell.index) return replace(flat);
      const at: Flat =
        index.op === 'const'
          ? { op: 'load', cell: { space: cell.space, at: cell.at + index.value, index: undefined } }
          : { op: 'load', cell: { ...cell, index } };
      return replace(at);
    }
    case 'select': {
      const condition = mapFlat(flat.condition, replace);
      const whenTrue = mapFlat(flat.whenTrue, replace);
      const whenFalse = mapFlat(flat.whenFalse, replace);
      if (condition === flat.condition && whenTrue === flat.whenTrue && whenFalse === flat.whenFalse) return flat;
      return select(condition, whenTrue, whenFalse);
    }
    case 'not':
    case 'popcount':
    case 'trailingZeros': {
      const operand = mapFlat(flat.operand, replace);
      return operand === flat.operand ? flat : unary(flat.op, operand);
    }
    default: {
      const left = mapFlat(flat.left, replace);
      const right = mapFlat(flat.right, replace);
      return left === flat.left && right === flat.right ? flat : binary(flat.op, left, right);
    }
  }
}
