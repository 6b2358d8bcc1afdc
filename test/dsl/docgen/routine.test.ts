import { describe, expect, it } from 'vitest';
import { exitsOf } from '../../../dsl/docgen/control-flow.ts';
import { toldRoutines } from '../../../dsl/docgen/routine.ts';
import type { ToldRoutine } from '../../../dsl/docgen/routine.ts';
import type { System } from '../../../dsl/ir/index.ts';
import { toldNames } from '../../../dsl/ir/told-names.ts';
import { toldSystem } from '../../../dsl/ir/told-system.ts';
import { specModels } from '../../support/specs.ts';
import { systemOf } from '../compiler/compiled.ts';

const told = (system: System): System => toldSystem(system, toldNames(system));

function routinesIn(source: string): readonly ToldRoutine[] {
  const system = told(
    systemOf(`
      export const one = spec('one', { state: () => ({ lock: z.boolean(), n: z.int().min(0).max(9) }) });
      ${source}
      export const model = one.model({});
    `),
  );
  return toldRoutines(system, system.processes[0]!);
}

/** As they are read: names of places with their lines, and arrows. */
function read(routines: readonly ToldRoutine[]) {
  return routines.map(({ name, calls, places, drawn }) => ({
    routine: [name ?? 'the process', ...calls].join(' '),
    places: places.map((place) =>
      [
        place.name,
        ...place.texts.map(({ calls: of, guard, effect }) =>
          [of.join(), ...guard.map((one) => `when ${one}`), ...effect].join(' | '),
        ),
      ].join(': '),
    ),
    arrows: drawn(() => undefined).edges.map(({ from, to }) => `${from} > ${to}`),
  }));
}

const TAKE = `
      function* take(s) {
        yield 'enter';
        when(!s.lock);
        s.lock = true;
        yield 'inside';
        if (s.n > 5) { s.lock = false; return; }
        s.n += 1;
        yield 'leave';
        s.lock = false;
      }`;

describe('a process with a function that it calls at several places', () => {
  it('has the function once, with what comes after each call beside the call', () => {
    const routines = routinesIn(`${TAKE}
      export const run = one.process(function* (s) {
        while (true) {
          yield 'start';
          if (s.n === 9) { yield* take(s); s.n = 0; }
          else { yield* take(s); yield 'middle'; s.n = 1; }
        }
      });`);
    expect(read(routines)).toMatchInlineSnapshot(`
      [
        {
          "arrows": [
            "start > take@18",
            "start > take@19",
            "take@18 > start",
            "take@19 > middle",
            "middle > start",
          ],
          "places": [
            "start:  | if (n === 9) goto enter in take@18 | else goto enter in take@19",
            "take@18:  | n = 0 | goto start",
            "take@19:  | goto middle",
            "middle:  | n = 1 | goto start",
          ],
          "routine": "the process",
        },
        {
          "arrows": [
            "enter > inside",
            "inside > leave",
            "inside > to the caller",
            "leave > to the caller",
          ],
          "places": [
            "enter:  | when !lock | lock = true | goto inside",
            "inside:  | if (n > 5) lock = false | else |   n += 1 |   goto leave | return",
            "leave:  | lock = false | return",
          ],
          "routine": "take take@18 take@19",
        },
      ]
    `);
  });

  it('has functions in functions once', () => {
    const routines = routinesIn(`${TAKE}
      function* twice(s) { yield 'before'; yield* take(s); s.n = 2; }
      export const run = one.process(function* (s) {
        yield* twice(s);
        yield 'between';
        yield* twice(s);
        yield* take(s);
      });`);
    expect(read(routines)).toMatchInlineSnapshot(`
      [
        {
          "arrows": [
            "twice@17 > between",
            "between > twice@19",
            "twice@19 > take@20",
            "take@20 > done",
          ],
          "places": [
            "twice@17:  | goto between",
            "between:  | goto before in twice@19",
            "twice@19:  | goto enter in take@20",
            "take@20:  | goto done",
            "done",
          ],
          "routine": "the process",
        },
        {
          "arrows": [
            "before > take@15",
            "take@15 > to the caller",
          ],
          "places": [
            "before:  | goto enter in take@15",
            "take@15:  | n = 2 | return",
          ],
          "routine": "twice twice@17 twice@19",
        },
        {
          "arrows": [
            "enter > inside",
            "inside > leave",
            "inside > to the caller",
            "leave > to the caller",
          ],
          "places": [
            "enter:  | when !lock | lock = true | goto inside",
            "inside:  | if (n > 5) lock = false | else |   n += 1 |   goto leave | return",
            "leave:  | lock = false | return",
          ],
          "routine": "take take@20 take@15",
        },
      ]
    `);
  });

  it('is as it is written where a function is called once', () => {
    const [only, ...more] = routinesIn(`${TAKE}
      export const run = one.process(function* (s) { yield 'start'; yield* take(s); });`);
    expect(more).toEqual([]);
    expect(only!.places.map(({ name }) => name)).toEqual(['start', 'enter', 'inside', 'leave', 'done']);
  });
});

describe('every process of the specs', () => {
  const systems = specModels(/^(vmm-drv\/models\/(one-ring|stopped)|classic\/.*|sync\/.*)$/)
    .filter(({ file }, index, all) => all.findIndex((one) => one.file === file) === index)
    .map((one) => told(one.system()));
  const processes = systems.flatMap((system) => system.processes.map((process) => ({ system, process })));

  it('has all of its steps told, and leads only to places that are told', () => {
    let routines = 0;
    for (const { system, process } of processes) {
      const list = toldRoutines(system, process);
      routines += list.length - 1;
      const places = new Set(list.flatMap((one) => one.places.map(({ name }) => name)));
      const lines = list.flatMap((one) => one.places.flatMap(({ texts, timeouts }) => [...texts, ...timeouts]));
      for (const line of lines.flatMap(({ effect }) => effect)) {
        const target = /\bgoto (.*)$/.exec(line)?.[1]?.replace(/ in the process$/, '');
        for (const place of target?.split(' in ') ?? []) expect(places).toContain(place);
      }
      const steps = system.actions.filter((one) => one.process?.name === process.name);
      const spans = new Set(steps.map(({ span }) => `${span.file} ${span.start}`));
      const toldSteps = list.flatMap((one) =>
        one.places.flatMap(({ action, texts }) => (texts.length > 0 && action ? [action] : [])),
      );
      expect(new Set(toldSteps.map(({ span }) => `${span.file} ${span.start}`))).toEqual(spans);
    }
    expect([processes.length > 40, routines > 4]).toEqual([true, true]);
  });

  it('has an arrow from each step that leads on, and every call leads to a function that is drawn', () => {
    for (const { system, process } of processes) {
      const list = toldRoutines(system, process);
      const places = list.flatMap((one) =>
        one.places.map((place) => ({ place, edges: one.drawn(() => undefined).edges })),
      );
      for (const step of system.actions.filter((one) => one.process?.name === process.name)) {
        if (exitsOf(step, process.counter).length === 0) continue;
        const own = places.filter(
          ({ place: { action } }) => action?.span.start === step.span.start && action.span.file === step.span.file,
        );
        const leads = own.some(({ place, edges }) => edges.some(({ from }) => from === place.name));
        expect([step.name, leads]).toEqual([step.name, true]);
      }
      for (const { place } of places) {
        if (place.callee !== undefined) expect(list.map(({ name }) => name)).toContain(place.callee);
      }
    }
  });
});
