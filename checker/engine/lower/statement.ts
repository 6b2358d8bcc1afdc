import type { Domain, Expression, Statement } from '../../../dsl/ir/index.ts';
import { cardinality } from '../../../dsl/ir/index.ts';
import { isScalar, shapeOf } from '../../plan/shape.ts';
import type { Cell, Flat } from '../flat.ts';
import { binary, constant, ONE, ZERO } from '../flat.ts';
import { isMember } from '../term/equality.ts';
import { asBoolean } from '../term/scalar.ts';
import { elementDomain, setWords } from '../term/set.ts';
import { failUnless } from '../term/target.ts';
import type { Term } from '../term/term.ts';
import { convert, newVariable, snapshot, writeVariable } from '../term/variable.ts';
import { lowerAssign } from './assignment.ts';
import { chooseAmong, lowerChoice } from './choice.ts';
import { each } from './collection.ts';
import { lower } from './expression.ts';
import type { Lowering } from './lowering.ts';
import { bindElement, needsIndex } from './lowering.ts';

/** Lowers statements in order; what follows an end that cannot be passed is left out. */
export function lowerBody(lowering: Lowering, body: readonly Statement[]): void {
  const branch = lowering.plan.branches.ofBody.get(body);
  if (branch !== undefined) lowering.builder.emit({ op: 'mark', branch });
  for (const statement of body) {
    if (!lowering.builder.live) return;
    lowerStatement(lowering, statement);
  }
}

function lowerStatement(lowering: Lowering, statement: Statement): void {
  const { builder, locals } = lowering;
  switch (statement.kind) {
    case 'assign':
      return lowerAssign(lowering, statement.target, statement.value);
    case 'let': {
      const value = lower(lowering, statement.value);
      if (!builder.live) return;
      if (!statement.mutable) {
        locals.set(statement.name, { term: kept(lowering, value, statement.domain) });
        return;
      }
      const variable = newVariable(lowering, statement.domain);
      if (variable.cell?.space.kind === 'scratch') lowering.mutableRegions.add(variable.cell.space.region);
      writeVariable(lowering, variable, value, failUnless(lowering));
      locals.set(statement.name, { variable });
      return;
    }
    case 'if':
      return builder.if(
        asBoolean(lowering, lower(lowering, statement.condition)),
        () => lowerBody(lowering, statement.whenTrue),
        () => lowerBody(lowering, statement.whenFalse),
      );
    case 'for': {
      const over = snapshot(lowering, lower(lowering, statement.over), stableIn(lowering));
      const rounds = { weighed: statement.body, isIndexed: needsIndex(statement) };
      return each(lowering, over, statement.over.type, rounds, (element, index) => {
        bindElement(lowering, statement, element, index);
        lowerBody(lowering, statement.body);
      });
    }
    case 'loop': {
      const rounds = builder.newTemp(true);
      const count: Flat = { op: 'temp', temp: rounds };
      builder.set(rounds, ZERO);
      return builder.loop(() => {
        builder.check(binary('less', count, constant(statement.bound)));
        builder.set(rounds, binary('add', count, ONE));
        lowerBody(lowering, statement.body);
      });
    }
    case 'block': {
      const outer = lowering.labels.get(statement.label);
      builder.block((label) => {
        lowering.labels.set(statement.label, label);
        lowerBody(lowering, statement.body);
      });
      if (outer === undefined) lowering.labels.delete(statement.label);
      else lowering.labels.set(statement.label, outer);
      return;
    }
    case 'exit': {
      const label = lowering.labels.get(statement.label);
      if (label === undefined) throw new Error(`an exit to \`${statement.label}\` from outside that block`);
      return builder.leave(label);
    }
    case 'when':
      return lowerWhen(lowering, statement.condition);
    case 'verify':
      return builder.check(asBoolean(lowering, lower(lowering, statement.condition)));
    case 'choose': {
      const chosen = lowerChoice(lowering, statement.from);
      if (builder.live) locals.set(statement.name, { term: kept(lowering, chosen, statement.domain) });
      return;
    }
    case 'either': {
      if (statement.branches.length === 0) return builder.when(ZERO);
      const choice = chooseAmong(lowering, constant(statement.branches.length));
      const chain = (index: number): void => {
        const branch = (): void => lowerBody(lowering, statement.branches[index]!);
        if (index === statement.branches.length - 1) branch();
        else builder.if(binary('equal', choice, constant(index)), branch, () => chain(index + 1));
      };
      return chain(0);
    }
  }
}

/** Conjuncts become guards of their own, so that the first that is false ends the step. */
function lowerWhen(lowering: Lowering, condition: Expression): void {
  if (condition.kind === 'and') {
    lowerWhen(lowering, condition.left);
    if (lowering.builder.live) lowerWhen(lowering, condition.right);
  } else lowering.builder.when(asBoolean(lowering, lower(lowering, condition)));
}

/** An immutable local's value: checked against its domain, and safe from later stores. */
function kept(lowering: Lowering, value: Term, domain: Domain): Term {
  const { builder } = lowering;
  const stable = stableIn(lowering);
  if (value.kind === 'constant' || value.kind === 'scalar') {
    // Keeps its own representation, which may be known better than the domain says.
    builder.check(isMember(lowering, value, domain));
    if (value.kind === 'scalar' || isScalar(domain)) return snapshot(lowering, value, stable);
  }
  if (value.kind === 'values') {
    const shape = shapeOf(domain);
    if (shape.kind === 'set' && cardinality(value.domain) === cardinality(elementDomain(shape))) {
      setWords(lowering, value, shape, failUnless(lowering));
      return convert(lowering, value, domain, failUnless(lowering));
    }
  }
  return snapshot(lowering, convert(lowering, value, domain, failUnless(lowering)), stable);
}

/** Whether no statement stores to a cell. */
function stableIn(lowering: Lowering): (cell: Cell) => boolean {
  return ({ space, at }) => {
    switch (space.kind) {
      case 'constant':
      case 'next':
        return true;
      case 'scratch':
        return !lowering.mutableRegions.has(space.region);
      case 'state':
        for (const [name, { leaf, shape }] of lowering.plan.layout.variables) {
          if (leaf <= at && at < leaf + shape.leaves) return !lowering.assigned.has(name);
        }
        return false;
    }
  };
}
