import { randomOf } from '../../support/random-number.ts';

/** What a step of a thread does. */
export type Op =
  | { readonly kind: 'enter' | 'exit' | 'try' | 'pass'; readonly lock: Mutex }
  | { readonly kind: 'down' | 'up' | 'read' | 'unread' | 'write' | 'unwrite' | 'wake' }
  | { readonly kind: 'wait'; readonly lock: Mutex };

export type Mutex = (typeof MUTEXES)[number];

/** In the order of the state; the last two are one family. */
export const MUTEXES = ['a', 'm[x]', 'm[y]'] as const;

/** A thread is its steps; after the last it begins again if `loops`, and ends otherwise. */
export interface Locker {
  readonly ops: readonly Op[];
  readonly loops: boolean;
}

/** Two or three threads that give back only what they have; what they take while they have what is left to chance. */
export function randomLockers(seed: number): readonly Locker[] {
  const random = randomOf(seed);
  return Array.from({ length: 2 + random(2) }, () => {
    const ops: Op[] = [];
    const held = new Set<string>();
    const length = 2 + random(4);
    for (let step = 0; step < length; step += 1) {
      const op = randomOp(random, held);
      ops.push(op);
      note(op, held);
    }
    const loops = random(2) === 0;
    if (loops) ops.push(...[...held].map(givingBack));
    return { ops, loops };
  });
}

function randomOp(random: (below: number) => number, held: ReadonlySet<string>): Op {
  const mutexes = MUTEXES.filter((lock) => held.has(lock));
  const lock = MUTEXES[random(MUTEXES.length)]!;
  for (;;) {
    switch (random(10)) {
      case 0:
      case 1:
      case 2:
        return { kind: 'enter', lock };
      case 3:
        return { kind: random(2) === 0 ? 'pass' : 'try', lock };
      case 4:
        if (held.size > 0) return givingBack([...held][random(held.size)]!);
        break;
      case 5:
        if (!held.has('sem')) return { kind: 'down' };
        break;
      case 6:
        if (!held.has('read')) return { kind: 'read' };
        break;
      case 7:
        if (!held.has('write')) return { kind: 'write' };
        break;
      case 8:
        if (mutexes.length > 0) return { kind: 'wait', lock: mutexes[random(mutexes.length)]! };
        break;
      default:
        return { kind: 'wake' };
    }
  }
}

function note(op: Op, held: Set<string>): void {
  switch (op.kind) {
    case 'enter':
    case 'try':
      held.add(op.lock);
      break;
    case 'exit':
      held.delete(op.lock);
      break;
    case 'down':
      held.add('sem');
      break;
    case 'up':
      held.delete('sem');
      break;
    case 'read':
    case 'write':
      held.add(op.kind);
      break;
    case 'unread':
    case 'unwrite':
      held.delete(op.kind.slice(2));
      break;
    default:
  }
}

function givingBack(name: string): Op {
  switch (name) {
    case 'sem':
      return { kind: 'up' };
    case 'read':
      return { kind: 'unread' };
    case 'write':
      return { kind: 'unwrite' };
    default:
      return { kind: 'exit', lock: name as Mutex };
  }
}

/** The threads as a spec. */
export function sourceOf(lockers: readonly Locker[]): string {
  const processes = lockers.map(({ ops, loops }, me) => {
    const body = ops.map((op, at) => `yield 's${at}'; ${statementOf(op, `'${me}'`)}`).join('\n');
    return `export const t${me} = locking.process(function* (s) { ${loops ? `while (true) { ${body} }` : body} });`;
  });
  return `
    import { broadcast, condvar, down, enter, enterReader, enterWriter, exit, exitReader, exitWriter, mutex, rwlock,
      semaphore, tryEnter, up, wait } from 'fairlead/sync';
    const Thread = z.enum(['0', '1', '2']);
    export const locking = spec('locking', {
      state: () => ({
        a: mutex(Thread), m: z.record(z.enum(['x', 'y']), mutex(Thread)), rw: rwlock(Thread, Thread),
        sem: semaphore(2), cv: condvar(Thread),
      }),
      init: (s) => { s.sem.count = 2; },
    });
    ${processes.join('\n')}`;
}

function statementOf(op: Op, me: string): string {
  const place = 'lock' in op ? `s.${op.lock.replace(/\[(\w)\]/, "['$1']")}` : '';
  switch (op.kind) {
    case 'enter':
      return `enter(${place}, ${me});`;
    case 'exit':
      return `exit(${place}, ${me});`;
    case 'try':
      return `if (!tryEnter(${place}, ${me})) return;`;
    case 'pass':
      return `when(${place}.owner === null);`;
    case 'wait':
      return `yield* wait(s.cv, ${place}, ${me});`;
    case 'down':
      return 'down(s.sem);';
    case 'up':
      return 'up(s.sem);';
    case 'read':
      return `yield* enterReader(s.rw, ${me});`;
    case 'write':
      return `yield* enterWriter(s.rw, ${me});`;
    case 'unread':
      return `exitReader(s.rw, ${me});`;
    case 'unwrite':
      return `exitWriter(s.rw, ${me});`;
    case 'wake':
      return 'broadcast(s.cv);';
  }
}
