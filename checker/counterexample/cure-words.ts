import type { Cure, Trace, Unfairness } from './behavior.ts';
import { code, plain } from './piece.ts';
import type { Piece } from './piece.ts';

/**
 * What fairness would make a violated property hold, then what would exclude this counterexample and leave others; a
 * sentence each. Nothing that the spec does not promise is proposed where something else helps.
 */
export function wordCure({ unfairTo, cure }: Pick<Trace, 'unfairTo' | 'cure'>): readonly (readonly Piece[])[] {
  if (unfairTo === undefined) return [];
  if (cure !== undefined) {
    return [wordHelp(cure, unfairTo.length === 0), ...(cure.partial.length === 0 ? [] : [wordPartial(cure.partial)])];
  }
  if (unfairTo.length === 0) return [[plain('No further fairness of an action or a process would exclude this.')]];
  const promised = unfairTo.filter(({ isUnpromised }) => isUnpromised !== true);
  const names = joined((promised.length === 0 ? unfairTo : promised).map(wordAssumption), ', or ');
  return [[plain('Fairness that would exclude this, though maybe no other counterexample: '), ...names, plain('.')]];
}

function wordHelp(cure: Cure, isFairToAll: boolean): readonly Piece[] {
  if (cure.kind === 'none') {
    const none = 'No fairness of actions, processes or their steps makes it hold';
    return [plain(isFairToAll ? `${none}: this is fair to every action and process.` : `${none}.`)];
  }
  const names = joined(
    cure.choices.map((choice) => joined(choice.map(wordAssumption), ' and ')),
    ', or with ',
  );
  const isUnpromised = cure.choices.some((choice) => choice.some((one) => one.isUnpromised === true));
  const only = 'It would hold only with what no fairness of the spec is about so far: ';
  return [plain(isUnpromised ? only : 'It would hold with '), ...names, plain('.')];
}

function wordPartial(partial: readonly Unfairness[]): readonly Piece[] {
  const verb = partial.length === 1 ? 'excludes' : 'exclude';
  return [...joined(partial.map(wordAssumption), ', '), plain(` ${verb} this behavior by itself, and leaves others.`)];
}

function wordAssumption({ strength, name, when }: Unfairness): readonly Piece[] {
  return [plain(`${strength} `), code(name), ...(when === undefined ? [] : [plain(' when '), code(when)])];
}

function joined(lists: readonly (readonly Piece[])[], separator: string): readonly Piece[] {
  return lists.flatMap((list, index) => (index === 0 ? list : [plain(separator), ...list]));
}
