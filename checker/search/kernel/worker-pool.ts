import type { Worker } from 'node:worker_threads';
import { instantiateModule } from '../../engine/wasm/host.ts';
import type { Memory, Module } from '../../engine/wasm/host.ts';
import { hasRoomForThreads } from '../address-space.ts';
import type { KernelFunction } from './kernel.ts';
import { CONTROL, HEADER, memoryMap, PREVIOUS_FUNCTIONS, PARENT_SHIFT, PHASES } from './memory-map.ts';
import type { KernelShape, MemoryMap, Phase } from './memory-map.ts';
import { areaOf } from './room.ts';
import type { Area, Room } from './room.ts';

/** The functions of a kernel. Addresses go in as numbers of either sign. */
type KernelFunctions = Readonly<Record<KernelFunction, (...operands: number[]) => number>> &
  Readonly<Record<`p${number}`, (state: number, next: number) => number>> &
  Readonly<Record<`each${number}`, ((state: number, end: number, to: number) => void) | undefined>> & {
    readonly previous: { set(place: number, value: unknown): void };
    /** Where one state of each orbit is explored. */
    readonly canonical?: (state: number) => number;
    readonly orbitSize?: (state: number) => bigint;
  };

/**
 * All that a helper is: it instantiates the module on the shared memories, each of which asks the one before, and serves
 * on the last. In a thread of its own it needs nothing of this program, so it is the same wherever this is bundled, and it
 * starts while the leader is busy.
 */
const HELPER = `
const { module, memories, functions } = require('node:worker_threads').workerData;
let previous;
for (const { memory, places } of memories) {
  const { exports } = new WebAssembly.Instance(module, { env: { memory, ...places } });
  if (previous) for (const name in functions) exports.previous.set(functions[name], previous[name]);
  previous = exports;
}
previous.serve();
`;

/**
 * The workers on a memory: this thread, which leads, and helpers in threads of their own, once they have been called.
 * What a worker is told and what it answers are integers in its area of the memory.
 */
export class WorkerPool {
  readonly areas: readonly Area[];
  readonly kernel: KernelFunctions;
  private readonly map: MemoryMap;
  private readonly ints: Int32Array;
  private readonly control: number;
  private readonly threads: Worker[] = [];

  /**
   * @param first - the number of the first state in the memory.
   * @param previous - who worked on the memory before, and is asked about the states there.
   */
  constructor(
    private readonly module: Module,
    shape: KernelShape,
    private readonly room: Room,
    private readonly first: number,
    private readonly previous: WorkerPool | undefined,
  ) {
    const map = memoryMap(shape);
    this.map = map;
    this.ints = new Int32Array(room.memory.buffer);
    this.control = map.shared.control;
    this.areas = Array.from({ length: room.workers }, (_, worker) => areaOf(map, shape, room, worker));
    this.areas.forEach((area, worker) => {
      const places = { ...area, worker, areas: room.areas, areaSize: room.areaSize };
      for (const place of PLACES) this.tell(worker, HEADER[place], places[place]);
    });
    const { exports } = instantiateModule(module, { env: { memory: room.memory, ...this.placesOf(0) } });
    this.kernel = exports as unknown as KernelFunctions;
    if (previous === undefined) return;
    for (const name of PREVIOUS_NAMES) this.kernel.previous.set(PREVIOUS_FUNCTIONS[name], previous.kernel[name]);
  }

  /** Starts the helpers; they will be ready some time later. Where the system has no room for them there are none. */
  callHelpers(): void {
    if (!hasRoomForThreads(this.room.workers - 1)) return;
    // Loaded for nothing but this: most searches need no helper.
    const { Worker } = process.getBuiltinModule('node:worker_threads');
    for (let worker = 1; worker < this.room.workers; worker += 1) {
      const workerData = { module: this.module, memories: this.memoriesFor(worker), functions: PREVIOUS_FUNCTIONS };
      const thread = new Worker(HELPER, { eval: true, workerData, env: {}, execArgv: [], trackUnmanagedFds: false });
      thread.unref();
      this.threads.push(thread);
    }
  }

  get areHelpersCalled(): boolean {
    return 0 < this.threads.length;
  }

  /** How many workers can take part in a phase now. */
  get ready(): number {
    if (this.threads.length === 0) return 1;
    const helpers = Atomics.load(this.ints, (this.control + CONTROL.ready) / 4);
    return helpers === this.threads.length ? helpers + 1 : 1;
  }

  /** Blocks until all helpers are ready. */
  waitForHelpers(): void {
    while (this.ready <= this.threads.length) {
      const at = (this.control + CONTROL.ready) / 4;
      Atomics.wait(this.ints, at, Atomics.load(this.ints, at), 10);
    }
  }

  /** A phase of the leader alone, or of all. */
  do(phase: Phase, workers: number): void {
    if (workers === 1) this.kernel.work(PHASES[phase]);
    else this.kernel.lead(PHASES[phase], workers - 1);
  }

  /** Lets the helpers go. */
  dismiss(): void {
    if (this.threads.length === 0) return;
    Atomics.store(this.ints, (this.control + CONTROL.phase) / 4, PHASES.end);
    Atomics.add(this.ints, (this.control + CONTROL.begun) / 4, 1);
    Atomics.notify(this.ints, (this.control + CONTROL.begun) / 4);
    for (const thread of this.threads) void thread.terminate();
    this.threads.length = 0;
  }

  tell(worker: number, field: number, value: number): void {
    this.ints[(this.areas[worker]!.base + field) / 4] = value;
  }

  answer(worker: number, field: number): number {
    return this.ints[(this.areas[worker]!.base + field) / 4]! >>> 0;
  }

  /** The memories that a worker has instances on, the oldest first. */
  private memoriesFor(worker: number): readonly WorkerMemory[] {
    return [...(this.previous?.memoriesFor(worker) ?? []), { memory: this.room.memory, places: this.placesOf(worker) }];
  }

  private placesOf(worker: number): Readonly<Record<string, number>> {
    const { base } = this.areas[worker]!;
    const { map, first, room } = this;
    return {
      own: base | 0,
      scratch: (base + map.own.scratch) | 0,
      first,
      states: (room.states - first * map.stateSize) | 0,
      origins: (room.origins - first) | 0,
      parents: (room.parents - 4 * (first >>> PARENT_SHIFT)) | 0,
    };
  }
}

interface WorkerMemory {
  readonly memory: Memory;
  readonly places: Readonly<Record<string, number>>;
}

const PREVIOUS_NAMES = ['touch', 'touchState', 'find'] as const satisfies readonly (keyof typeof PREVIOUS_FUNCTIONS)[];

const PLACES = [
  'worker',
  'records',
  'recordLimit',
  'events',
  'eventLimit',
  'judged',
  'lists',
  'listSize',
  'targets',
  'instances',
  'rowEnds',
  'areas',
  'areaSize',
] as const;
