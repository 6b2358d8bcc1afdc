import { isSameActor } from '../plan/step-name.ts';
import type { Wait, WaitsFor } from './behavior.ts';
import { code, plain } from './piece.ts';
import type { Piece } from './piece.ts';
import { nameOfWait } from './waits.ts';
import { wordSubject, wordWait } from './wait-words.ts';

/** Of a circle so many are reported with what they wait for; a longer one by its names. */
const SHORT_CIRCLE = 3;

/**
 * In one sentence how a behavior hangs: the circle of those who wait for each other; a wait that nobody can end any more;
 * or else the first that somebody could end and need not. Undefined when nobody waits.
 *
 * @param sourceOf - the condition that somebody waits for, as the author wrote it.
 */
export function wordHang(waitsFor: WaitsFor, sourceOf: (wait: Wait) => string): readonly Piece[] | undefined {
  const { waits, circle, finished } = waitsFor;
  if (finished !== undefined) return [plain('Nothing is left to do.')];
  const members = circle.flatMap((who) => waits.find((wait) => isSameActor(wait.who, who)) ?? []);
  if (members.length > SHORT_CIRCLE) {
    return [...listed(members.map(nameOfWait)), plain(' wait for each other in a circle.')];
  }
  if (members.length > 0) {
    const told = members.flatMap((wait, index) => [
      ...(index === 0 ? [] : [plain('; ')]),
      code(nameOfWait(wait)),
      plain(' '),
      ...wordSubject(wait, sourceOf(wait)),
    ]);
    return [...told, plain(members.length === 1 ? ', which only itself could end.' : ': a circle.')];
  }
  const isIdle = ({ because }: Wait): boolean => because.every((reason) => reason === 'unforced' || reason === 'spent');
  const told = waits.find(({ isHopeless }) => isHopeless) ?? waits.find(isIdle) ?? waits[0];
  if (told === undefined) return undefined;
  return [code(nameOfWait(told)), plain(' '), ...wordWait(told, sourceOf(told), waitsFor), plain('.')];
}

function listed(names: readonly string[]): readonly Piece[] {
  return names.flatMap((name, index) => [
    plain(index === 0 ? '' : index === names.length - 1 ? ' and ' : ', '),
    code(name),
  ]);
}
