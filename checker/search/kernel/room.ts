import { newMemory } from '../../engine/wasm/host.ts';
import type { Memory } from '../../engine/wasm/host.ts';
import { outOfMemory } from '../memory.ts';
import { EVENT, instanceSize, JUDGED, memoryMap } from './memory-map.ts';
import type { KernelShape, MemoryMap } from './memory-map.ts';

/** A memory of a search and the addresses of its parts. */
export interface Room {
  readonly memory: Memory;
  /** Threads that there are areas for. */
  readonly workers: number;
  /** Records that fit in a worker's area. */
  readonly records: number;
  readonly areas: number;
  readonly areaSize: number;
  /** Where states of previous generations are put to be expanded, and how many there is room for. */
  readonly staging: number;
  readonly stagingStates: number;
  readonly stagingOrigins: number;
  readonly parents: number;
  /** A byte for each state, see `Origins`; nothing where nothing is known by it. */
  readonly origins: number;
  readonly states: number;
  /** States that there is room for. */
  readonly capacity: number;
  readonly table: number;
  /** Bytes of the table, all sub-tables together. */
  readonly tableSize: number;
}

/** The places in a worker's area that its functions are given, as addresses. */
export interface Area {
  readonly base: number;
  readonly records: number;
  /** Of one record more than there is room for; behind it there is room for another of each instance. */
  readonly recordLimit: number;
  readonly events: number;
  readonly eventLimit: number;
  readonly judged: number;
  /** The list of records for each worker is as long as all records. */
  readonly lists: number;
  readonly listSize: number;
  /** The rows of the graph; one list is as long as the records. */
  readonly targets: number;
  readonly instances: number;
  readonly rowEnds: number;
  readonly end: number;
}

/** How a memory is used at most: pages are only taken from the system when they are first touched. */
const MEMORY_SIZE = 2 ** 32;
const PAGE = 2 ** 16;
/** Nothing lies here, so a search for an empty slot past the last one ends in a fault and never elsewhere. */
const GUARD = PAGE;
/** States of previous generations that a worker has to expand at a time. */
const STAGED = 2 ** 14;
/** The table is at most so full. */
export const MAX_LOAD = 0.7;

/**
 * Reserves memory for a search and divides it. Cost: none for what is not used.
 *
 * @param records - successors that one state has at most.
 * @param size - bytes of address space: a multiple of 64 KiB, 4 GiB at most.
 * @throws RangeError when the system refuses that much address space, or when records leave no room for states.
 */
export function reserveRoom(shape: KernelShape, workers: number, records: number, size: number = MEMORY_SIZE): Room {
  const map = memoryMap(shape);
  const areas = align(map.sharedSize, PAGE);
  const sizes = areaAt(map, shape, 0, workers, records);
  const areaSize = align(sizes.end, PAGE);
  const staging = areas + workers * areaSize;
  const stagingStates = workers * Math.min(records, STAGED);
  const stagingOrigins = staging + align(stagingStates * map.stateSize, 64);
  const parents = stagingOrigins + align(stagingStates * originSize(shape), PAGE);
  const rest = size - GUARD - parents;
  // A state takes its words, an eighth of a byte for parents, a byte for its origin, and the table at its fullest: less
  // when it has just grown.
  const origin = originSize(shape);
  const capacity = Math.floor((rest - 3 * PAGE) / (map.stateSize + 1 / 8 + origin + map.entrySize / MAX_LOAD));
  if (capacity < 2 ** 12) throw outOfMemory('no room for states beside the successors of one');
  const origins = parents + align(capacity / 8 + 64, 64);
  const states = origins + align(capacity * origin, PAGE);
  const table = states + align(capacity * map.stateSize, PAGE);
  return {
    memory: reserve(size),
    workers,
    records,
    areas,
    areaSize,
    staging,
    stagingStates,
    stagingOrigins,
    parents,
    origins,
    states,
    capacity,
    table,
    tableSize: size - GUARD - table,
  };
}

/** Bytes that a state takes for its origin. */
export function originSize(shape: KernelShape): 0 | 1 {
  return shape.classes === 0 ? 0 : 1;
}

function reserve(size: number): Memory {
  try {
    return newMemory(size / PAGE, size / PAGE, true);
  } catch (error) {
    if (error instanceof RangeError) throw outOfMemory(error.message);
    throw error;
  }
}

/** The area of a worker. */
export function areaOf(map: MemoryMap, shape: KernelShape, room: Room, worker: number): Area {
  return areaAt(map, shape, room.areas + worker * room.areaSize, room.workers, room.records);
}

function areaAt(map: MemoryMap, shape: KernelShape, base: number, workers: number, count: number): Area {
  const records = base + map.own.size;
  const recordLimit = records + (count - 1) * map.record.size;
  const events = align(recordLimit + (shape.instances + 2) * map.record.size, 64);
  const eventLimit = events + (count - 1) * EVENT.size;
  const judged = align(eventLimit + EVENT.size, 64);
  const lists = align(judged + count * JUDGED.size, 64);
  const listSize = align(count * 4, 64);
  const targets = lists + workers * listSize;
  const instances = targets + listSize;
  const rowEnds = align(instances + count * instanceSize(shape.instances), 64);
  // States without successors have rows too, but no more than this are expanded at a time.
  const end = rowEnds + count * 4;
  return {
    base,
    records,
    recordLimit,
    events,
    eventLimit,
    judged,
    lists,
    listSize,
    targets,
    instances,
    rowEnds,
    end,
  };
}

function align(bytes: number, to: number): number {
  return Math.ceil(bytes / to) * to;
}
