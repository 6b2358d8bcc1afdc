import type { Batch, NextState, Truth } from '../../engine/next-state.ts';
import type { Crew } from './crew.ts';
import { EVENT, HEADER } from './memory-map.ts';
import type { MemoryMap } from './memory-map.ts';
import type { Room } from './room.ts';
import { outOfMemory } from '../memory.ts';

/**
 * The functions of the model inside a kernel as an engine like any other, for whoever asks about single states: paths,
 * atoms of formulas. What is asked about states in the kernel's own memory needs no copies.
 *
 * @param words - 32-bit words of a state, as everybody else counts.
 */
export function kernelEngine(crew: Crew, room: Room, map: MemoryMap, words: number): NextState {
  const { kernel } = crew;
  const area = crew.areas[0]!;
  const ints = new Int32Array(room.memory.buffer);
  const guests = [area.base + map.own.guests, area.base + map.own.guests + map.stateSize] as const;
  const addressOf = (states: Int32Array, at: number, guest: 0 | 1): number => {
    if (states.buffer === ints.buffer) return 4 * at;
    const place = guests[guest] / 4;
    for (let word = 0; word < words; word += 1) ints[place + word] = states[at + word]!;
    return guests[guest];
  };
  const collect = (run: () => void, out: Batch): void => {
    kernel.begin(area.records, area.recordLimit, area.events, area.eventLimit);
    run();
    const header = area.base / 4;
    const end = ints[header + HEADER.recordsEnd / 4]! >>> 0;
    const eventsEnd = ints[header + HEADER.eventsEnd / 4]! >>> 0;
    if (end === area.recordLimit || eventsEnd === area.eventLimit)
      throw outOfMemory('too many successors of one state');
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
  const predicates: ((state: number, next: number) => number)[] = [];
  const predicateOf = (predicate: number): ((state: number, next: number) => number) =>
    (predicates[predicate] ??= kernel[`p${predicate}`]!);
  return {
    engine: 'webassembly',
    words,
    initial: (out) => collect(() => kernel.initial(), out),
    successors: (states, at, out) => {
      const address = addressOf(states, at, 0);
      collect(() => kernel.yieldAll(address), out);
    },
    holds: (predicate, states, at) => {
      const address = addressOf(states, at, 0);
      return predicateOf(predicate)(address, address) as Truth;
    },
    holdsEach(predicate, states, at, stride, count, into) {
      const isInside = states.buffer === ints.buffer;
      const each = kernel[`each${predicate}`];
      if (isInside && each !== undefined && 4 * stride === map.stateSize) {
        // Where the search puts records there is room for the answers.
        const room = area.recordLimit - area.records;
        for (let done = 0; done < count; done += room) {
          const some = Math.min(room, count - done);
          const from = 4 * at + done * map.stateSize;
          each(from, from + some * map.stateSize, area.records);
          into.set(new Uint8Array(ints.buffer, area.records, some), done);
        }
        return;
      }
      const holds = predicateOf(predicate);
      for (let index = 0, from = at; index < count; index += 1, from += stride) {
        const address = isInside ? 4 * from : addressOf(states, from, 0);
        into[index] = holds(address, address);
      }
    },
    holdsOfStep: (predicate, states, at, nextStates, nextAt) =>
      predicateOf(predicate)(addressOf(states, at, 0), addressOf(nextStates, nextAt, 1)) as Truth,
  };
}
