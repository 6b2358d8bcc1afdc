import type { Domain, Value } from '../../dsl/ir/index.ts';
import { membersOf, NEVER } from '../../dsl/ir/part.ts';
import { typeOfField, typeOfIndex } from '../../dsl/ir/typing.ts';
import { Batch, FALSE } from '../engine/next-state.ts';
import type { NextState } from '../engine/next-state.ts';
import type { Plan } from '../plan/plan.ts';
import type { Exploration } from '../search/exploration.ts';
import { alikeStates } from './alike-states.ts';
import type { AlikeStates } from './alike-states.ts';
import type { Explained } from './explanation.ts';
import type { Explored } from './explored.ts';
import type { Line, Typed } from './identities.ts';
import type { Reading } from './places.ts';
import { formatPlace } from '../../dsl/ir/index.ts';

/** So many deadlocked states are told apart. */
const MOST_DEADLOCKS = 1000;

/**
 * The ways in which a system hangs, nearest first: its deadlocked states, grouped by who waits for what up to permuting
 * ids. Undefined when there are more than can be told apart, or more states than are looked at.
 *
 * Cost: one look at each explored state, and for each deadlocked one what everybody waits for.
 */
export function waysToHang(
  plan: Plan,
  engine: NextState,
  { states }: Exploration,
  explored: Explored,
  waitsAt: (state: number) => readonly Explained[],
): readonly AlikeStates[] | undefined {
  if (!explored.isComplete) return undefined;
  const { offsets } = explored.graph;
  const batch = new Batch(engine.words);
  const isDeadlock = (state: number): boolean => {
    if (offsets[state]! < offsets[state + 1]!) return false;
    const words = states.wordsOf(state);
    batch.clear();
    engine.successors(words, 0, batch); // a step that changes nothing is a step
    if (0 < batch.count || 0 < batch.failures.length) return false;
    return plan.roles.terminal.every((predicate) => engine.holds(predicate, words, 0) === FALSE);
  };
  const saidOf = (state: number): readonly Line[] | undefined =>
    isDeadlock(state) ? waitsAt(state).map((wait) => lineOf(plan, wait)) : undefined;
  return alikeStates(plan, explored.size, saidOf, MOST_DEADLOCKS);
}

/** Whose step waits where, and for what: the part of the guard, the places that it reads and, but for numbers, what they hold. */
function lineOf(plan: Plan, { instance, span, readings }: Explained): Line {
  const { action, values } = instance;
  const given = values.flatMap((value, at) => [' ', { domain: action.arguments[at]!.domain, value }]);
  const places = [...new Map(readings.map((reading) => [formatPlace(reading.place), reading])).values()];
  return [
    action.name,
    ...given,
    ` ${span.file}:${span.start}`,
    ...places.flatMap((reading) => placeLine(plan, reading)),
  ];
}

/** A place, and what it holds. */
function placeLine({ system }: Plan, { place, keys, value }: Reading): Line {
  let domain = system.variables.find(({ name }) => name === place.variable)!.domain;
  const parts: (string | Typed)[] = [` ${place.variable}`];
  for (const [at, key] of keys.entries()) {
    if (place.segments[at]!.kind === 'field') {
      parts.push(`.${String(key)}`);
      domain = typeOfField(domain, String(key)) ?? NEVER;
    } else {
      const own = keyDomainOf(domain, key);
      parts.push('[', { domain: own, value: key }, ']');
      domain = typeOfIndex(domain, own) ?? NEVER;
    }
  }
  return typeof value === 'number' ? parts : [...parts, '=', { domain, value }];
}

/** The domain of the keys of a record; of the places of a sequence the one that is meant. */
function keyDomainOf(domain: Domain, key: Value): Domain {
  if (typeof key === 'number') return { kind: 'int', min: key, max: key };
  const [keys] = membersOf(domain).flatMap((member) => (member.kind === 'record' ? [member.key] : []));
  return keys ?? NEVER;
}
