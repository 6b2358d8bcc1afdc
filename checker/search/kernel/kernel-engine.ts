import type { Batch, NextState, Truth } from '../../engine/next-state.ts';
import { outOfMemory } from '../memory.ts';
import type { Generation } from './generation.ts';
import type { Generations } from './generations.ts';
import { EVENT, HEADER } from './memory-map.ts';

/**
 * The functions of the model inside a kernel as an engine like any other, for whoever asks about single states: paths,
 * atoms of formulas. What is asked about states in a memory of the search needs no copies.
 *
 * @param words - 32-bit words of a state, as everybody else counts.
 */
export function kernelEngine(generations: Generations, words: number): NextState {
  const { map } = generations.current;
  /** The address of a state in a memory: a copy, unless it is there. */
  const addressIn = ({ ints, pool }: Generation, states: Int32Array, at: number, guest: 0 | 1): number => {
    if (states.buffer === ints.buffer) return 4 * at;
    const address = pool.areas[0]!.base + map.own.guests + guest * map.stateSize;
    for (let word = 0; word < words; word += 1) ints[address / 4 + word] = states[at + word]!;
    return address;
  };
  const collect = ({ ints, pool }: Generation, run: () => void, out: Batch): void => {
    const area = pool.areas[0]!;
    pool.kernel.begin(area.records, area.recordLimit, area.events, area.eventLimit);
    run();
    const end = pool.answer(0, HEADER.recordsEnd);
    const eventsEnd = pool.answer(0, HEADER.eventsEnd);
    if (area.recordLimit <= end || eventsEnd === area.eventLimit) throw outOfMemory('too many successors of one state');
    for (let record = area.records; record < end; record += map.record.size) {
      const at = out.reserve();
      for (let word = 0; word < words; word += 1) out.states[at + word] = ints[record / 4 + word]!;
      out.instances[out.count] = ints[(record + map.record.instance) / 4]!;
      out.count += 1;
    }
    for (let event = area.events; event < eventsEnd; event += EVENT.size) {
      out.failures.push(ints[(event + EVENT.instance) / 4]!);
    }
  };
  /** Where a predicate is asked about a state: where that is, if it can be. */
  const placeOf = (states: Int32Array): Generation => generations.owning(states.buffer) ?? generations.current;
  return {
    engine: 'webassembly',
    words,
    initial: (out) => {
      const place = generations.current;
      collect(place, () => place.pool.kernel.initial(), out);
    },
    successors: (states, at, out) => {
      const place = generations.current;
      const address = addressIn(place, states, at, 0);
      collect(place, () => place.pool.kernel.yieldAll(address), out);
    },
    holds: (predicate, states, at) => {
      const place = placeOf(states);
      const address = addressIn(place, states, at, 0);
      return place.pool.kernel[`p${predicate}`]!(address, address) as Truth;
    },
    holdsEach(predicate, states, at, stride, count, into) {
      const place = placeOf(states);
      const isInside = states.buffer === place.ints.buffer;
      const each = place.pool.kernel[`each${predicate}`];
      if (isInside && each !== undefined && 4 * stride === map.stateSize) {
        // Where the search puts records there is room for the answers.
        const area = place.pool.areas[0]!;
        const room = area.recordLimit - area.records;
        for (let done = 0; done < count; done += room) {
          const some = Math.min(room, count - done);
          const from = 4 * at + done * map.stateSize;
          each(from, from + some * map.stateSize, area.records);
          into.set(place.bytes.subarray(area.records, area.records + some), done);
        }
        return;
      }
      const holds = place.pool.kernel[`p${predicate}`]!;
      for (let index = 0, from = at; index < count; index += 1, from += stride) {
        const address = isInside ? 4 * from : addressIn(place, states, from, 0);
        into[index] = holds(address, address);
      }
    },
    holdsOfStep: (predicate, states, at, nextStates, nextAt) => {
      const place = placeOf(states);
      const next = addressIn(place, nextStates, nextAt, 1);
      return place.pool.kernel[`p${predicate}`]!(addressIn(place, states, at, 0), next) as Truth;
    },
  };
}
