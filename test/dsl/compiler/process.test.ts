import { describe, expect, it } from 'vitest';
import { formatValue } from '../../../dsl/ir/index.ts';
import { check } from '../../../checker/check.ts';
import { systemOf } from './compiled.ts';

const spec = (process: string, more = '') =>
  systemOf(`
    const Thread = ids('Thread', 2);
    export const subject = spec('subject', { state: () => ({ n: z.int().min(0).max(3), lock: Thread.nullable() }) });
    ${process}
    ${more}
  `);

/** Names of the variables that a process adds. */
const kept = (process: string) =>
  spec(process)
    .variables.filter((variable) => variable.process !== undefined)
    .map(({ name }) => name);

const labels = (process: string) => spec(process).processes[0]!.labels;

const deadlock = (system: ReturnType<typeof systemOf>) =>
  check(system, {}).verdicts.find(({ kind }) => kind === 'deadlock')!.outcome.kind;

describe('the labels of a process', () => {
  it('are its yields in the order of the source, and the end when it can be reached', () => {
    expect(labels(`export const p = subject.process(function* (s) { yield 'a'; if (s.n > 0) yield 'b'; });`)).toEqual([
      'a',
      'b',
      'done',
    ]);
  });

  it('do without the end in an endless loop', () => {
    expect(labels(`export const p = subject.process(function* (s) { while (true) { yield 'a'; s.n = 1; } });`)).toEqual(
      ['a'],
    );
  });

  it('are numbered when several yields have the same', () => {
    const process = `
      function* twice() { yield 'wait'; }
      export const p = subject.process(function* () { yield* twice(); yield* twice(); });`;
    expect(labels(process)).toEqual(['wait', 'wait_2', 'done']);
  });
});

describe('the threads of a process', () => {
  const rings = (rx: number, tx: number) =>
    systemOf(`
      const Rx = ids('Rx', ${rx}, { prefix: 'rx' });
      const Tx = ids('Tx', ${tx}, { prefix: 'tx' });
      const Ring = z.union([Rx, Tx]);
      export const subject = spec('subject', { state: () => ({ used: z.record(Ring, z.boolean()), last: Ring.nullable() }) });
      export const worker = subject.process({ r: Ring }, function* (s, { r }) {
        yield 'use'; s.used[r] = true; s.last = r;
      });
      export const onlyTx = subject.process({ t: Tx }, function* (s, { t }) { yield 'use'; s.used[t] = true; });
      export const done = subject.invariant((s) => all(Ring, (r) => implies(worker.at({ r }, 'done'), s.used[r])));
    `);
  const counts = (rx: number, tx: number) => {
    const { statistics, verdicts, warnings } = check(rings(rx, tx), {});
    expect(verdicts.map(({ outcome }) => outcome.kind)).toEqual(['holds', 'holds', 'holds']);
    return { distinct: statistics.distinct, engine: statistics.engine, never: warnings.map(({ kind }) => kind) };
  };

  it('may be of several sets of ids', () => {
    // Each ring unused or used, the last one if any; and a thread of tx0 that uses its ring or has not yet.
    expect(counts(1, 1)).toEqual({ distinct: 10, engine: 'webassembly', never: [] });
  });

  it('are none where a set is empty, and nothing is said of what they never do', () => {
    expect(counts(2, 0)).toEqual({ distinct: 5, engine: 'webassembly', never: [] });
  });

  it('are needed for a variable that holds one of them', () => {
    expect(() =>
      systemOf(`
        const None = ids('None', 0);
        export const subject = spec('subject', { state: () => ({ n: z.boolean(), one: None }) });
        export const go = subject.action((s) => { s.n = true; });
      `),
    ).toThrow('`s.one` has no possible value');
  });
});

describe('what a predicate asks of a local', () => {
  const reader = `export const p = subject.process({ t: Thread }, function* (s) {
    yield 'read'; const seen = s.n; yield 'write'; s.n = (seen + 1) % 4; yield 'last'; });`;
  const asking = (question: string) => spec(reader, `export const asks = subject.invariant((s) => ${question});`);
  const outcome = (system: ReturnType<typeof systemOf>, name: string) =>
    check(system, {}).verdicts.find((one) => one.name === name)?.outcome.kind;

  it('is kept wherever it is in scope, and only when somebody asks', () => {
    const counts = [
      asking('true'),
      asking(`all(Thread, (t) => implies(p.at({ t }, 'last'), p.local({ t }, 'seen') < 4))`),
    ];
    expect(counts.map((system) => check(system, {}).statistics.distinct)).toEqual([24, 27]);
  });

  it('fails where the thread stands outside of its scope', () => {
    const system = asking(`all(Thread, (t) => p.local({ t }, 'seen') < 4)`);
    const { verdicts } = check(system, {});
    expect(JSON.stringify(verdicts)).toContain('`seen` is out of scope where the thread stands');
    expect(outcome(system, 'asks')).toBe('violated');
  });

  it('is only asked of the state after the step in a step property', () => {
    expect(() => asking(`all(Thread, (t) => p.next.at({ t }, 'last'))`)).toThrow('next');
    const step = `export const asks = subject.step(() => all(Thread, (t) =>
      implies(p.at({ t }, 'read') && p.next.at({ t }, 'write'), p.next.local({ t }, 'seen') < 2)));`;
    expect(outcome(spec(reader, step), 'asks')).toBe('holds');
  });

  it('has a value in every state, or is refused', () => {
    const unassigned = `export const p = subject.process({ t: Thread }, function* (s) {
      let late: number; yield 'a'; late = 1; yield 'b'; s.n = late; });`;
    const question = `export const asks = subject.invariant(() => all(Thread, (t) => p.local({ t }, 'late') < 2));`;
    expect(() => spec(unassigned, question)).toThrow('`late` has no value before it is assigned');
  });

  it('has an answer when the initial state is complete', () => {
    const asked = (question: string) => `
      export const p = subject.process(function* (s) { yield 'a'; s.n = 1; });
      export const q = subject.process(function* (s) { const found = ${question}; yield 'b'; if (found) s.n = 2; });`;
    for (const question of [`p.at('a')`, `p.pc() === 'a'`, `p.local('x')`]) {
      expect(() => spec(asked(question))).toThrow('has no meaning here');
    }
    const declare = (init: string) => () =>
      systemOf(`
        export const subject = spec('subject', { state: () => ({ n: z.boolean() }), init: (s) => { ${init} } });
        export const p = subject.process(function* (s) { yield 'a'; s.n = true; });
      `);
    expect(declare(`s.n = true;`)).not.toThrow();
    expect(declare(`s.n = p.at('a');`)).toThrow('`at` has no meaning here');
  });

  it('has the domain that the process declares, wherever it is written', () => {
    const domains = (process: string) =>
      spec(`const options = { locals: { seen: z.int().min(0).max(9) } };\n${process}`)
        .variables.filter(({ name }) => name === 'p.seen')
        .map(({ domain }) => domain);
    const body = `function* (s) { yield 'a'; const seen = s.n; yield 'b'; s.n = seen; }`;
    const declared = { kind: 'int', min: 0, max: 9 };
    expect(domains(`export const p = subject.process(${body}, options);`)).toEqual([declared]);
    expect(domains(`export const p = subject.process({ t: Thread }, ${body}, options);`)).toMatchObject([
      { kind: 'record', value: declared },
    ]);
  });

  it('is of a local that there is, where the process declares it', () => {
    const declared = reader.replace(/\}\);$/, '}, { locals: { sene: z.boolean() } });');
    expect(() => spec(declared)).toThrow('`p` remembers nothing under the name `sene`');
  });
});

describe('the locals of a process', () => {
  it('cost nothing when they are not used after a yield', () => {
    expect(
      kept(`export const p = subject.process(function* (s) {
      yield 'a'; const x = s.n; s.n = x; yield 'b'; const y = s.n; s.n = y;
    });`),
    ).toEqual(['p.pc']);
  });

  it('are kept from where they are made to where they are used last', () => {
    expect(
      kept(`export const p = subject.process(function* (s) {
      yield 'a'; const x = s.n; yield 'b'; s.n = x; yield 'c'; s.n = 0;
    });`),
    ).toEqual(['p.pc', 'p.x']);
  });

  it('have their default while nobody will read them', () => {
    const system = spec(`export const p = subject.process(function* (s) {
      yield 'a'; const x = 3; const y = s.n + x; yield 'b'; s.n = y % 4; yield 'c'; s.n = 0;
    });`);
    const domain = system.variables.find(({ name }) => name === 'p.y')!.domain;
    expect(domain).toEqual({ kind: 'int', min: 3, max: 6 });
    expect(check(system, {}).statistics.distinct).toBe(4);
  });

  it('of a counting loop have the domain of its count', () => {
    const system = spec(`export const p = subject.process({ t: Thread }, function* (s) {
      for (let i = 0; i < 3; i++) { yield 'a'; s.n = i; }
    });`);
    const { domain } = system.variables.find(({ name }) => name === 'p.i')!;
    expect(domain).toMatchObject({ kind: 'record', value: { kind: 'int', min: 0, max: 2 } });
  });
});

describe('a loop with steps in it', () => {
  const looped = (body: string) =>
    systemOf(`
      const Thread = ids('Thread', 2);
      export const subject = spec('subject', {
        state: () => ({
          items: z.array(Thread).max(3), group: z.set(Thread), seen: z.array(Thread).max(3),
          first: z.object({ n: z.int().min(0).max(1) }), second: z.object({ n: z.int().min(0).max(1) }),
        }),
        init: (s) => { s.items = values(Thread); s.group = new Set(values(Thread)); },
      });
      export const p = subject.process(function* (s) { ${body} });
    `);
  const added = (body: string) =>
    looped(body)
      .variables.filter((one) => one.process !== undefined)
      .map(({ name, domain }) => [name, domain.kind]);

  it('remembers the place in an array, and the elements of a set that it has had', () => {
    expect(added(`for (const t of s.items) { yield 'a'; s.seen.push(t); }`)).toEqual([
      ['p.pc', 'enum'],
      ['p.position', 'int'],
      ['p.t', 'ids'],
    ]);
    expect(added(`for (const t of s.group) { yield 'a'; s.items = []; }`)).toEqual([
      ['p.pc', 'enum'],
      ['p.taken', 'set'],
    ]);
  });

  it('ends when a step before it has emptied the array', () => {
    const emptied = looped(`for (const t of s.items) { yield 'a'; s.items.splice(0); s.seen.push(t); }`);
    expect(check(emptied, {}).statistics.distinct).toBe(2);
    const kept = looped(`for (const t of s.items) { yield 'a'; s.seen.push(t); }`);
    expect(check(kept, {}).statistics.distinct).toBe(3);
  });

  it('is written out for objects of the state', () => {
    const system = looped(`for (const cell of [s.first, s.second]) { yield 'set'; cell.n = 1; }`);
    expect(system.processes[0]!.labels).toEqual(['set', 'set_2', 'done']);
    expect(check(system, {}).statistics.distinct).toBe(3);
  });
});

describe('the end of processes', () => {
  const ending = `export const once = subject.process(function* (s) { yield 'a'; s.n = 1; });`;
  const stuck = `export const stuck = subject.process({ t: Thread }, function* (s, { t }) {
    while (true) { yield 'wait'; when(s.lock === t); s.lock = null; }
  });`;

  it('is no deadlock when all have ended', () => {
    expect(deadlock(spec(ending))).toBe('holds');
  });

  it('does not hide that others are stuck', () => {
    expect(deadlock(spec(ending, stuck))).toBe('violated');
  });
});

it('starts every thread at its first label, with what it has picked', () => {
  const system = spec(`export const p = subject.process({ t: Thread }, function* (s) {
    const goal = pick(z.int().min(1).max(2)); yield 'a'; s.n = goal;
  });`);
  expect(check(system, {}).statistics.initial).toBe(4);
  expect(formatValue(system.processes[0]!.labels)).toBe('[a, done]');
});

describe('processes that ask where others stand', () => {
  const pair = (ask: string) =>
    systemOf(`
      const Side = ids('Side', 2);
      export const subject = spec('subject', { state: () => ({ n: z.int().min(0).max(3) }) });
      export const early = subject.process({ i: Side }, function* (s, { i }) {
        yield 'wait'; when(${ask}); s.n = 1; yield 'wait'; s.n = 2;
      });
      export const late = subject.process({ i: Side }, function* (s) { yield 'go'; s.n = 0; yield 'stop'; s.n = 3; });
    `);

  it.each([
    ['one that is declared later', `late.at({ i }, 'stop')`],
    ['itself', `!early.at({ i }, 'done')`],
    ['a label of which there are two', `all(Side, (j) => implies(i !== j, !early.at({ i: j }, 'wait')))`],
    ['the label itself', `late.pc({ i }) !== 'go'`],
  ])('ask %s', (_, question) => {
    const system = pair(question);
    const [guard] = system.actions.find(({ name }) => name === 'early.wait')!.body.slice(1);
    expect(guard?.kind).toBe('when');
    // Were the question asked before its answer is known, it would be decided by itself, or have no type.
    expect(JSON.stringify(guard)).not.toContain('"kind":"never"');
    expect(JSON.stringify(guard)).toMatch(/"(early|late)\.(pc|go|stop)"/);
  });
});

it('keeps nothing for places that no thread comes to', () => {
  const process = `
    const Mode = z.enum(['low', 'high']);
    export const p = subject.process(function* (s) {
      for (const mode of values(Mode)) {
        yield* mayTimeOut('first');
        for (const x of [...new Set([])].filter(() => s.n > 0)) {
          const kept = mode;
          yield 'never';
          s.n = new Set([x ? kept : mode]).size;
        }
      }
    });`;
  expect(labels(process)).toEqual(['first', 'done']);
  expect(kept(process).filter((name) => name.startsWith('p.x'))).toEqual([]);
  expect(deadlock(spec(process))).toBe('holds');
});

it('refuses a name of an earlier step that stands for one of two objects', () => {
  const process = `
    const Point = z.object({ x: z.int().min(0).max(3) });
    export const other = spec('other', { state: () => ({ at: Point, mode: z.enum(['low', 'high']) }) });
    export const p = other.process(function* (s) {
      const point = s.at;
      yield 'first';
      switch (s.mode) {
        case 'low': { break; }
        case 'high': {
          const next = equal(s.at, { x: point.x }) ? { x: 1 } : { x: 2 };
          s.at = { ...next };
        }
      }
    });
    export const model = other.model({});`;
  expect(() => systemOf(process)).toThrow('it is not certain which object `point` stands for here');
});
