import { describe, expect, it } from 'vitest';
import { controlFlowOf } from '../../../dsl/docgen/control-flow.ts';
import { Notation, typeNotation } from '../../../dsl/docgen/notation.ts';
import { initText, stepText } from '../../../dsl/docgen/pseudocode.ts';
import type { System } from '../../../dsl/ir/index.ts';
import { systemOf } from '../compiler/compiled.ts';

const DECLARED = `
  const Ring = ids('Ring', 2);
  export const subject = spec('subject', {
    params: { most: z.int().min(1).max(3).default(2) },
    state: (p) => ({
      owner: Ring.nullable(),
      asleep: z.set(Ring),
      queue: z.array(Ring).max(2),
      n: z.int().min(0).max(9),
      big: z.record(Ring, z.object({ kind: z.enum(['idle', 'busy']), next: Ring.nullable() })),
    }),
    init: (s) => { s.n = 1; },
  });`;

const spec = (more: string): System => systemOf(`${DECLARED}\n${more}`);

/** An action as `guard, guard: line; line`. */
function step(body: string, name = 'act'): string {
  const system = spec(`export const act = subject.action({ r: Ring }, (s, { r }, p) => { ${body} });`);
  const { guard, effect } = stepText(
    system,
    system.actions.find((action) => action.name === name)!,
  );
  return `${guard.join(', ')}: ${effect.join('; ')}`;
}

describe('an action', () => {
  it.each([
    ['when(s.owner === r); s.owner = null;', 'owner === r: owner = null'],
    ['when(s.n > 0); when(s.n < p.most); s.n += 1;', 'n > 0, n < p.most: n += 1'],
    ['s.n = 3; when(s.owner === null);', ': n = 3; when (owner === null)'],
    ['s.asleep.add(r); s.asleep.delete(r); s.queue.push(r);', ': asleep.add(r); asleep.delete(r); queue.push(r)'],
    ['s.asleep.clear(); s.n -= 2;', ': asleep.clear(); n -= 2'],
    [
      'if (s.n === 0) s.n = 1; else if (s.n === 1) s.n = 2; else s.n = 0;',
      ': if (n === 0) n = 1; else if (n === 1) n = 2; else n = 0',
    ],
    ['if (s.n === 0) { } else s.n = 1;', ': if (n !== 0) n = 1'],
    ['for (const q of Ring) s.big[q].next = q;', ': for (q of Ring) big[q].next = q'],
    ['s.owner = pick(s.asleep);', ': owner_pick := any of asleep; owner = owner_pick'],
    ['either(() => { s.n = 1; }, () => { s.n = 2; });', ': either n = 1; or n = 2'],
    ["verify(s.n > 0, 'some'); s.n = 0;", ': verify (n > 0)  // some; n = 0'],
  ])('%s', (body, expected) => {
    expect(step(body).replace(/\bpicked\w*|\bpick_?\w*(?= :=| =|$)/g, 'owner_pick')).toBe(expected);
  });
});

it('what init sets is shown without where processes start', () => {
  const system = spec(`export const p = subject.process({ r: Ring }, function* (s) { yield 'a'; s.n = 2; });`);
  expect(initText(system)).toEqual(['n = 1']);
});

describe('a process', () => {
  const system = spec(`
    export const p = subject.process({ r: Ring }, function* (s, { r }) {
      while (true) {
        yield 'test';
        if (s.n > 3) break;
        yield 'enter';
        when(s.owner === null);
        s.owner = r;
        if (s.queue.length === 0) {
          s.n = 5;
          continue;
        }
        yield 'leave';
        s.owner = null;
      }
    });
    export const inside = subject.invariant((s) => all(Ring, (r) => implies(p.at({ r }, 'leave'), s.owner === r)));
    export const other = subject.step((s, next) => implies(s.n === 1, next.n !== 0));
  `);

  it('says where a step goes on', () => {
    const text = (name: string) =>
      stepText(
        system,
        system.actions.find((action) => action.name === name)!,
      );
    expect(text('p.test')).toEqual({ guard: [], effect: ['if (n <= 3) goto enter', 'goto done'] });
    expect(text('p.enter').guard).toEqual(['owner === null']);
    expect(text('p.leave').effect).toEqual(['owner = null', 'goto test']);
  });

  it('is a graph of its labels, with the conditions of its ways', () => {
    const { nodes, edges } = controlFlowOf(system, system.processes[0]!, () => undefined);
    expect(nodes.map(({ lines, kind }) => `${kind}: ${lines.join(' / ')}`)).toEqual([
      'start: test',
      'plain: enter / when owner === null',
      'plain: leave',
      'end: done',
    ]);
    expect(
      edges.map(({ from, to, lines }) => `${from} → ${to}${lines.length === 0 ? '' : `: ${lines.join(' / ')}`}`),
    ).toEqual([
      'test → enter: n <= 3',
      'test → done: n > 3',
      'enter → leave: queue.length !== 0',
      'enter → test: queue.length === 0',
      'leave → test',
    ]);
  });

  it('is named in predicates as its author names it, and two states keep their names', () => {
    const [inside] = system.invariants;
    expect(new Notation(system, [inside!.predicate]).expression(inside!.predicate)).toBe(
      'all(Ring, (r) => implies(p.at({ r }, "leave"), owner === r))',
    );
    const [other] = system.steps;
    expect(new Notation(system, [other!.predicate]).expression(other!.predicate)).toBe(
      'implies(s.n === 1, next.n !== 0)',
    );
  });
});

it('a long formula is laid out over lines that are short enough', () => {
  const system = spec(`
    export const act = subject.action((s) => { s.n = 1; });
    export const long = subject.property((s) => all(Ring, (r) => leadsTo(
      (s.owner === r || s.asleep.has(r) || s.queue.includes(r)) && s.n > 1 && s.big[r].kind === 'busy' && s.n < 7,
      s.owner === null && s.n === 0)));
  `);
  const { formula } = system.properties[0]!;
  expect(new Notation(system, [formula]).formula(formula)).toMatchInlineSnapshot(`
    "all(Ring, (r) =>
      leadsTo(
        (owner === r || asleep.has(r) || queue.includes(r)) &&
        n > 1 &&
        big[r].kind === "busy" &&
        n < 7,
        owner === null && n === 0
      )
    )"
  `);
});

describe('a domain', () => {
  const system = spec('export const act = subject.action((s) => { s.n = 1; });');
  it.each([
    ['owner', 'Ring | null'],
    ['asleep', 'set of Ring'],
    ['queue', 'Ring[0..2]'],
    ['n', '0..9'],
    ['big', 'Ring → { kind: "idle" | "busy", next: Ring | null }'],
  ])('of %s is %s', (name, expected) => {
    expect(typeNotation(system.variables.find((variable) => variable.name === name)!.domain)).toBe(expected);
  });
});
