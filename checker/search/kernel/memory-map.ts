/**
 * Where everything lies in a memory that all workers share: what belongs to all first, then an area for each worker, then
 * the states, then the table.
 *
 * Addresses of the first part and offsets within a worker's area are constants of the generated code; where the areas,
 * the states and the samples of parents begin, every instance of the module is told when it is made.
 */
export interface MemoryMap {
  readonly record: RecordLayout;
  /** Bytes of a state. */
  readonly stateSize: number;
  /** Bytes of an entry of the table. */
  readonly entrySize: number;
  readonly shared: SharedArea;
  readonly own: OwnArea;
  /** Bytes before the areas of the workers. */
  readonly sharedSize: number;
}

/** What the memory map depends on. */
export interface KernelShape {
  /** 64-bit words of a state. */
  readonly words: number;
  /** 64-bit words of an entry of the table. */
  readonly entryWords: 1 | 2;
  readonly instances: number;
  readonly predicates: number;
  /** Bytes for branches: one for each, which a step that goes through it sets to 1. */
  readonly branches: number;
  /** Classes of states by their origin; 0 when nothing is known by it. See `Origins`. */
  readonly classes: number;
  /** Bytes that the emitted code wants for tables, the same for all, and for scratch memory of each worker. */
  readonly tables: number;
  readonly scratch: number;
  /** Interchangeable ids; 0 when each state stands for itself. */
  readonly ids: number;
  /** Whether records keep successors as they are, beside their canonical forms. */
  readonly keepsRaw: boolean;
}

/** A successor under way: the words of its state, then these. All are multiples of 8 bytes. */
interface RecordLayout {
  readonly size: number;
  /** 64 bits: the hash until it is looked up; then {@link result} and {@link status} take its place. */
  readonly hash: number;
  /** 32 bits: the slot of its entry in the table; once it is numbered, a new state's number. */
  readonly result: number;
  readonly status: number;
  readonly instance: number;
  readonly parent: number;
  /** The state itself, where the first words are its canonical form and both are asked for; else those first words. */
  readonly raw: number;
}

/** What became of a record, in the low byte of its status. */
export const DUPLICATE = 0;
export const NEW = 1;
/** Some `within` does not hold: which one stands in the bits from {@link OUTSIDE_SHIFT} on. */
export const OUTSIDE = 2;
/** Known as a duplicate without asking the table: it has no slot. */
export const RECENT = 3;
/** Known in a previous generation: the result is its number there. */
export const PREVIOUS = 4;
export const STATUS_MASK = 0xff;
/** A bit of the status: the `within` could not be evaluated. */
export const OUTSIDE_FAILED = 0x100;
export const OUTSIDE_SHIFT = 9;

/** Sub-tables, by the low bits of the hash. Each grows on its own and belongs to one worker. */
export const SUBTABLES = 64;

/** Of one sub-table, four integers of 32 bits. */
export const DESCRIPTOR = { size: 16, base: 0, slots: 4, used: 8, end: 12 } as const;

/** Slots past the last home, for what linear probing moves on: a run over the end is less likely than 2^-80. */
export const MARGIN = 1024;

/** Addresses. */
interface SharedArea {
  /** A byte: whether to look for deadlocks still. */
  readonly deadlockOpen: number;
  /** A byte: whether failures of predicates that are not violations are known, and need not be reported any more. */
  readonly failuresKnown: number;
  /** A byte for each predicate: whether it is still asked. */
  readonly open: number;
  /** A byte for each predicate of `within`: whether it is known not to hold somewhere. */
  readonly left: number;
  /** A byte for each instance: whether it is known to fail somewhere. */
  readonly failing: number;
  /** A byte for each sub-table: the worker that it belongs to. */
  readonly owners: number;
  readonly descriptors: number;
  readonly tables: number;
  readonly branches: number;
  /** See `Origins`. */
  readonly classOf: number;
  readonly rows: number;
  /** See `CONTROL`. */
  readonly control: number;
}

/** Offsets in a worker's area. */
interface OwnArea {
  /** 64 integers of 32 bits: see `HEADER`. */
  readonly header: number;
  readonly scratch: number;
  /** Two states, for questions from outside. */
  readonly guests: number;
  /** 64 bits for each instance, and in front for initial states. */
  readonly fired: number;
  readonly discovered: number;
  /** Records on their way to each sub-table, 32 bits each. */
  readonly incoming: number;
  /** Where the list of records for each worker ends. */
  readonly listEnds: number;
  /** How many new records of each worker this one entered, 32 bits each. */
  readonly news: number;
  /** Slots of the records that are looked up together. */
  readonly slots: number;
  readonly recent: number;
  /** Entries that a growing sub-table puts aside. */
  readonly aside: number;
  /** What canonical forms are made in: see {@link canonicalMemory}. */
  readonly canonical: number;
  /** 64 bits: how many states those that were expanded stand for. */
  readonly weight: number;
  readonly size: number;
}

/** Integers in a worker's header, by byte offset: what its functions answer beside their results. */
export const HEADER = {
  recordsEnd: 0,
  eventsEnd: 4,
  judgedEnd: 8,
  /** Not 0 when a sub-table could not take an entry. */
  failed: 12,
  /** Only there to keep reads that warm the caches from being optimized away. */
  touched: 16,
  // What a worker is told, and what it answers.
  /** The states to expand, and the address of a record that is enough. */
  from: 64,
  to: 68,
  enough: 72,
  /** The first state that was not expanded. */
  next: 76,
  /** The number of the first new state, and that after the last. */
  number: 80,
  numberEnd: 84,
  /** Steps in the rows of the graph. */
  steps: 88,
  /** Not 0: the recent states are to be forgotten first. */
  forget: 92,
  /** Workers that take part. */
  workers: 96,
  /** Where the state of number 0 would be if all lay before those to expand, modulo 2^32. */
  source: 100,
  /** The address of a state that is in the table. */
  known: 104,
  /** Where the origin of state number 0 would be if all lay before those of the states to expand, modulo 2^32. */
  origins: 108,
  /** Successors that the states had that were expanded. */
  yielded: 112,
  /** A sub-table that is to grow, if the slots that it shall have are not 0: where it begins and ends now. */
  growBase: 116,
  growEnd: 120,
  growSlots: 124,
  // What is settled before the search begins: this worker's number and its addresses, see `Area`, and the first area.
  worker: 128,
  records: 132,
  recordLimit: 136,
  events: 140,
  eventLimit: 144,
  judged: 148,
  lists: 152,
  listSize: 156,
  targets: 160,
  instances: 164,
  rowEnds: 168,
  areas: 172,
  areaSize: 176,
  size: 256,
} as const;

/** How the workers wait for each other: integers of 32 bits, by byte offset, each in a line of the caches of its own. */
export const CONTROL = {
  /** Counts the phases that were begun. */
  begun: 0,
  /** What is to be done in the latest, and how many workers take part in it. */
  phase: 64,
  /** Helpers that are through with it. */
  done: 128,
  /** Helpers that have started. */
  ready: 192,
  size: 256,
} as const;

/** What the parts of a round are; after each, all workers wait for each other. */
export const PHASES = { expand: 0, grow: 1, insert: 2, commit: 3, rows: 4, end: 5 } as const;
export type Phase = keyof typeof PHASES;

/** States in the cache of recent ones: enough to drop most duplicates, few enough for the nearest caches. */
export const RECENT_STATES = 4096;

/** How many records are looked up together: enough for the reads of memory to overlap. */
export const LOOKED_UP_TOGETHER = 128;

/** An event: 16 bytes. Of a state that is expanded, or of a record. */
export const EVENT = { size: 16, position: 0, kind: 4, state: 8, instance: 12 } as const;
/** A step of `instance` from `state` failed. */
export const EVENT_FAILED = 1;
/** `state` has no successors, and that is not known to be fine. */
export const EVENT_STUCK = 2;

/** What is to be looked at more closely about a record, as bits of the second integer of its 8 bytes. */
export const JUDGED = { size: 8, record: 0, what: 4 } as const;
export const JUDGE_STATE = 1;
export const JUDGE_STEP = 2;

/** Places of the functions of the generation before in the table of functions. */
export const PREVIOUS_FUNCTIONS = { touch: 0, touchState: 1, find: 2 } as const;

/** Every how many states the parent of one is noted. */
export const PARENT_SHIFT = 5;

/** Bytes that the number of an instance takes in the rows of the graph. */
export function instanceSize(instances: number): 2 | 4 {
  return instances <= 2 ** 16 ? 2 : 4;
}

const SHARED_START = 1024;

export function memoryMap(shape: KernelShape): MemoryMap {
  const stateSize = 8 * shape.words;
  const record: RecordLayout = {
    size: stateSize + 16 + (shape.keepsRaw ? stateSize : 0),
    raw: shape.keepsRaw ? stateSize + 16 : 0,
    hash: stateSize,
    result: stateSize,
    status: stateSize + 4,
    instance: stateSize + 8,
    parent: stateSize + 12,
  };
  const shared = new Places(SHARED_START);
  const own = new Places(0);
  return {
    record,
    stateSize,
    entrySize: 8 * shape.entryWords,
    shared: {
      deadlockOpen: shared.place(1),
      failuresKnown: shared.place(1),
      open: shared.place(shape.predicates),
      left: shared.place(shape.predicates),
      failing: shared.place(shape.instances),
      owners: shared.place(SUBTABLES),
      descriptors: shared.place(SUBTABLES * DESCRIPTOR.size),
      tables: shared.place(shape.tables),
      branches: shared.place(shape.branches),
      classOf: shared.place(shape.classes === 0 ? 0 : shape.instances + 1),
      rows: shared.place(shape.classes * shape.instances),
      control: shared.place(CONTROL.size),
    },
    own: {
      header: own.place(HEADER.size),
      scratch: own.place(shape.scratch),
      guests: own.place(2 * stateSize),
      fired: own.place(8 * (shape.instances + 1)),
      discovered: own.place(8 * (shape.instances + 1)),
      incoming: own.place(4 * SUBTABLES),
      listEnds: own.place(4 * SUBTABLES),
      news: own.place(4 * SUBTABLES),
      slots: own.place(4 * LOOKED_UP_TOGETHER),
      recent: own.place(stateSize * RECENT_STATES),
      aside: own.place(ASIDE_ENTRIES * 8 * shape.entryWords),
      canonical: own.place(shape.ids === 0 ? 0 : canonicalMemory(shape.words, shape.ids, 0).size),
      weight: own.place(shape.ids === 0 ? 0 : 8),
      size: own.end,
    },
    sharedSize: shared.end,
  };
}

/** Where canonical forms are made. */
export interface CanonicalMemory {
  /** What is known of each id, 64 bits each. */
  readonly keys: number;
  /** States: one that an exchange is tried on, and one whose orbit is counted. */
  readonly temporary: number;
  readonly weighed: number;
  /** Frames: a state and keys, and the best of those that were tried. One more for each id that is told apart by trying. */
  readonly frames: number;
  readonly frameSize: number;
  readonly size: number;
}

/** @param words - 64-bit words of a state. */
export function canonicalMemory(words: number, ids: number, base: number): CanonicalMemory {
  const frameSize = 16 * (words + ids);
  const temporary = base + 8 * ids;
  const weighed = temporary + 8 * words;
  const frames = weighed + 8 * words;
  return { keys: base, temporary, weighed, frames, frameSize, size: frames + (ids + 1) * frameSize - base };
}

/** Only entries near the front of a sub-table are put aside, and few of them: no run of entries is that long. */
const ASIDE_ENTRIES = 8192;

/** Gives out places one after another, each at a multiple of 64 bytes: a line of the caches. */
class Places {
  constructor(private next: number) {}

  get end(): number {
    return this.next;
  }

  place(bytes: number): number {
    const at = this.next;
    this.next += Math.ceil(bytes / 64) * 64;
    return at;
  }
}
