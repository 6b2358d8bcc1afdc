import { boolean, expression, literal, place } from './expression.ts';
import { statement, type Written } from './statement.ts';
import { BOOLEAN, ENUM, isScalar, RING, SMALL, type Type } from './type.ts';
import { inLoop, newName, quiet, type Place, type Writing } from './writing.ts';

/** What the body of a process is written with. */
export interface Threading extends Writing {
  /** The labels used so far. */
  readonly labels: string[];
  /** A generator to call; it returns a boolean. */
  readonly helper: string | undefined;
  /** Whether the state has primitives of `fairlead/sync`. */
  readonly synchronized: boolean;
}

const NOTHING: Written = { text: [], added: [] };

/** Statements of a process: some of them begin a new step. */
export function threadBlock(write: Threading, scope: readonly Place[], depth: number): string[] {
  const { random } = write;
  const lines: string[] = [];
  let known = scope;
  for (let index = 0; index < 1 + random.below(3); index += 1) {
    const { text, added } = threadStatement(write, known, depth);
    lines.push(...text);
    known = [...known, ...added];
  }
  return lines;
}

function threadStatement(write: Threading, scope: readonly Place[], depth: number): Written {
  const { random } = write;
  const inner = (more: readonly Place[] = [], by = write) => threadBlock(by, [...scope, ...more], depth - 1);
  const plain = () => {
    const { text } = statement(write, scope, 1);
    return text.includes('return;') ? [] : [`{`, ...text, `}`];
  };
  const step = (): Written => ({ text: [nextStep(write), ...plain()], added: [] });
  const ways: (() => Written)[] = [
    step,
    step,
    () => ({ text: plain(), added: [] }),
    () => timed(write),
    () => kept(write, scope),
    () => keptPlace(write, scope),
    () => (write.synchronized ? primitive(write) : NOTHING),
  ];
  if (depth > 0) {
    ways.push(
      () => {
        const leave = random.chance(0.2) ? ['return;'] : [];
        const otherwise = random.chance(0.5) ? ['} else {', ...inner()] : [];
        return { text: [`if (${boolean(write, scope, 2)}) {`, ...inner(), ...leave, ...otherwise, '}'], added: [] };
      },
      () => {
        const condition = random.chance(0.5) ? 'true' : boolean(write, scope, 2);
        const body = [nextStep(write), ...leaving(write, scope), ...inner([], inLoop(write))];
        if (random.chance(0.2)) return { text: ['do {', ...body, `} while (${condition});`], added: [] };
        return { text: [`while (${condition}) {`, ...body, '}'], added: [] };
      },
      () => traversal(write, scope, depth),
      () => traversal(write, scope, depth),
      () => {
        const binder = newName(write);
        const counter: Place = { text: binder, type: { kind: 'int', min: 0, max: 1 }, assignable: false };
        const body = inner([counter], inLoop(write));
        return { text: [`for (let ${binder} = 0; ${binder} < 2; ${binder} += 1) {`, ...body, '}'], added: [] };
      },
      () => {
        const on = place(write, scope, (one) => one.kind === 'enum');
        if (on === undefined) return NOTHING;
        const end = random.chance(0.7) ? 'break; }' : '}';
        return {
          text: [`switch (${on.text}) {`, `case 'low': {`, ...inner(), end, 'default: {', ...inner(), '} }'],
          added: [],
        };
      },
      () => {
        if (write.helper === undefined) return NOTHING;
        const call = `yield* ${write.helper}(s, me, p)`;
        if (random.chance(0.4)) return { text: [`${call};`], added: [] };
        const name = newName(write);
        return { text: [`const ${name} = ${call};`], added: [{ text: name, type: BOOLEAN, assignable: false }] };
      },
    );
  }
  return random.of(ways)();
}

/** A step that may time out; whether it has is asked in it, later, or not at all. */
function timed(write: Threading): Written {
  const label = newLabel(write);
  const call = `yield* mayTimeOut('${label}')`;
  if (write.random.chance(0.2)) return { text: [`${call};`], added: [] };
  const name = newName(write);
  const added: Place = { text: name, type: BOOLEAN, assignable: false };
  return { text: [`${write.random.of(['const', 'let'])} ${name} = ${call};`], added: [added] };
}

function leaving(write: Threading, scope: readonly Place[]): string[] {
  const { random } = write;
  return random.chance(0.4) ? [`if (${boolean(write, scope, 1)}) ${random.of(['break', 'continue'])};`] : [];
}

/** A local that may have to be kept. */
export function kept(write: Threading, scope: readonly Place[]): Written {
  const { random } = write;
  const type = random.of<Type>([BOOLEAN, ENUM, RING, SMALL, { kind: 'nullable', of: RING }, { kind: 'set', of: RING }]);
  const value = expression(write, scope, type, 2);
  if (value === undefined) return NOTHING;
  const name = newName(write);
  const added: Place = { text: name, type, assignable: true };
  if (type.kind === 'int') {
    const bounded = `within(0, ${value}, 3)`;
    // An integer that is assigned has the bounds of what is assigned to it, unless it says its own.
    if (random.chance(0.5)) return { text: [`let ${name} = ${bounded};`], added: [{ ...added, assignable: false }] };
    return {
      text: [`let ${name} = local(z.int().min(0).max(3), ${bounded});`],
      added: [{ ...added, assignable: false }],
    };
  }
  const annotated = type.kind === 'nullable' || type.kind === 'set' ? `let ${name}: any` : `let ${name}`;
  return { text: [`${annotated} = ${value};`], added: [added] };
}

/** A name for a place that goes on to mean it. */
function keptPlace(write: Threading, scope: readonly Place[]): Written {
  const whole = place(write, scope, (type) => type.kind === 'object' || type.kind === 'record', true);
  if (whole === undefined || !whole.text.startsWith('s.')) return NOTHING;
  const name = newName(write);
  return {
    text: [`const ${name} = ${whole.text};`],
    added: [{ text: name, type: whole.type, assignable: true, reference: true }],
  };
}

/** A loop over what may change between its steps. */
function traversal(write: Threading, scope: readonly Place[], depth: number): Written {
  const { random } = write;
  const binder = newName(write);
  const by = inLoop(write);
  const body = (each: Place) => [...leaving(write, [...scope, each]), ...threadBlock(by, [...scope, each], depth - 1)];
  const around = (over: string, each: Place): Written => ({
    text: [`for (const ${binder} of ${over}) {`, ...body(each), '}'],
    added: [],
  });
  const list = place(write, scope, (type) => type.kind === 'array' || type.kind === 'set');
  switch (random.below(4)) {
    case 0: {
      if (list?.type.kind !== 'array' || !list.text.startsWith('s.')) break;
      const { of } = list.type;
      const inPlace = !isScalar(of) && of.kind !== 'nullable' && list.assignable;
      return around(list.text, {
        text: binder,
        type: of,
        assignable: inPlace,
        ...(inPlace ? { reference: true } : {}),
      });
    }
    case 1: {
      if (list?.type.kind !== 'set' || !list.text.startsWith('s.')) break;
      return around(list.text, { text: binder, type: list.type.of, assignable: false });
    }
    case 2: {
      if (list?.type.kind !== 'set' && list?.type.kind !== 'array') break;
      const { of } = list.type;
      if (!isScalar(of)) break;
      const one = newName(write);
      const holds = boolean(quiet(write), [...scope, { text: one, type: of, assignable: false }], 1);
      return around(`[...${list.text}].filter((${one}) => ${holds})`, { text: binder, type: of, assignable: false });
    }
    default: {
      const whole = place(write, scope, (type) => type.kind === 'object', true);
      const other = whole && place(write, scope, (type) => JSON.stringify(type) === JSON.stringify(whole.type), true);
      if (other === undefined) break;
      const each: Place = { text: binder, type: other.type, assignable: true, reference: true };
      return around(`[${whole!.text}, ${other.text}]`, each);
    }
  }
  const each: Place = { text: binder, type: random.of<Type>([RING, ENUM]), assignable: false };
  return around(each.type.kind === 'ids' ? 'Ring' : 'values(Mode)', each);
}

/** A call of `fairlead/sync`; used as it should be, or not. */
function primitive(write: Threading): Written {
  const { random } = write;
  const label = () => nextStep(write);
  return random.of<() => Written>([
    () => ({ text: [label(), 'enter(s.lock, me);', label(), 'exit(s.lock, me);'], added: [] }),
    () => ({ text: ['if (tryEnter(s.lock, me)) {', label(), 'exit(s.lock, me); }'], added: [] }),
    () => ({ text: [label(), 'enter(s.lock, me);', 'yield* wait(s.cv, s.lock, me);', 'exit(s.lock, me);'], added: [] }),
    () => ({ text: [label(), 'broadcast(s.cv);'], added: [] }),
    () => ({ text: [label(), 'signal(s.cv);'], added: [] }),
    () => ({ text: [label(), 'down(s.places);', label(), 'up(s.places);'], added: [] }),
    () => ({ text: [label(), 'if (tryDown(s.places)) up(s.places);'], added: [] }),
    () => ({ text: [label(), 's.word.value = (fetchAdd(s.word, 1) + 1) % 3;'], added: [] }),
    () => ({ text: [label(), 'if (!compareAndSwap(s.word, 0, 1)) s.word.value = 0;'], added: [] }),
    () => ({ text: [label(), 's.word.value = swap(s.word, 2);'], added: [] }),
    () => ({ text: ['yield* enterReader(s.rw, me);', label(), 'exitReader(s.rw, me);'], added: [] }),
    () => ({ text: ['yield* enterWriter(s.rw, me);', label(), 'exitWriter(s.rw, me);'], added: [] }),
    () => ({ text: [label(), 'if (tryRead(s.rw, me)) exitReader(s.rw, me);'], added: [] }),
    () => ({ text: [label(), 'if (tryWrite(s.rw, me)) {', label(), 'exitWriter(s.rw, me); }'], added: [] }),
    () => ({ text: ['yield* meet(s.bar, 2, me);'], added: [] }),
    () => ({ text: [label(), 'post(s.sig, me);'], added: [] }),
    () => {
      const name = newName(write);
      return {
        text: [
          ...[label(), 'enter(s.lock, me);'],
          random.chance(0.5)
            ? `const ${name} = yield* waitInterruptible(s.cv, s.lock, s.sig, me);`
            : `const ${name} = yield* waitTimed(s.cv, s.lock, me);`,
          'exit(s.lock, me);',
        ],
        added: [{ text: name, type: BOOLEAN, assignable: false }],
      };
    },
  ])();
}

function newLabel(write: Threading): string {
  const label = write.random.chance(0.1) ? 'again' : `l${write.fresh.next++}`;
  write.labels.push(label);
  return label;
}

function nextStep(write: Threading): string {
  const label = newLabel(write);
  return write.random.chance(0.2) ? `s = yield '${label}';` : `yield '${label}';`;
}

/** The value that a generator returns. */
export function returned(write: Threading, scope: readonly Place[]): string {
  return `return ${literal(write, scope, BOOLEAN, 0) ?? 'true'};`;
}
