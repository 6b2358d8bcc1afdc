import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { check } from '../../../checker/check.ts';
import type { DocumentedModel } from '../../../checker/document/documented-model.ts';
import { variantsOf } from '../../../checker/document/overview.ts';
import { differencesBetween, isEmpty, lineDifference } from '../../../checker/document/variant-differences.ts';
import type { Differences } from '../../../checker/document/variant-differences.ts';
import { variantProtocols } from '../../../checker/document/variants.ts';
import type { VariantProtocol } from '../../../checker/document/variants.ts';
import { dividedStep, routinesOf } from '../../../dsl/docgen/calls.ts';
import { partsOfSpec } from '../../../dsl/docgen/spec-parts.ts';
import type { System } from '../../../dsl/ir/index.ts';
import { toldNames } from '../../../dsl/ir/told-names.ts';
import { toldSystem } from '../../../dsl/ir/told-system.ts';
import { specModels } from '../../support/specs.ts';
import { systemsOf } from '../../dsl/compiler/compiled.ts';

function protocolsOf(systems: readonly System[]): readonly VariantProtocol[] {
  const models = systems.map((given): DocumentedModel => {
    const system = toldSystem(given, toldNames(given));
    return { label: system.model.name, system, result: check(given, { maxStates: 1 }) };
  });
  const [first, ...more] = models.map(({ system }) => system);
  const parts = partsOfSpec([first!, ...more]);
  return variantProtocols(variantsOf(models, parts)!, parts);
}

const SPEC = `
  /** @variants variant */
  export const one = spec('one', {
    params: { variant: z.enum(['old', 'same', 'new']).default('old') },
    state: () => ({ lock: z.boolean(), n: z.int().min(0).max(9), extra: z.boolean() }),
  });
  function* take(s, p) {
    yield 'enter';
    if (p.variant === 'new') when(!s.lock);
    s.lock = true;
    yield 'leave';
    s.lock = false;
  }
  export const run = one.process(function* (s, p) {
    while (true) {
      yield 'start';
      yield* take(s, p);
      if (p.variant === 'new') { yield 'between'; s.extra = true; }
      yield* take(s, p);
      yield 'end';
      s.n = p.variant === 'new' ? 2 : 1;
    }
  });
  export const tick = one.action((s, p) => { when(p.variant !== 'new'); s.n = 0; });
  export const tock = one.action((s) => { s.n = 0; });
  export const old = one.model({ variant: 'old' });
  export const same = one.model({ variant: 'same' });
  export const fresh = one.model({ variant: 'new' });
`;

describe('the differences between two variants', () => {
  const [old, same, fresh] = protocolsOf(systemsOf(SPEC)) as [VariantProtocol, VariantProtocol, VariantProtocol];

  it('are none where both do the same', () => {
    expect(isEmpty(differencesBetween(old, same))).toBe(true);
    expect(isEmpty(differencesBetween(fresh, fresh))).toBe(true);
  });

  it('are the steps, lines, arrows and variables that only one has', () => {
    expect(differencesBetween(same, fresh)).toMatchInlineSnapshot(`
      {
        "actions": [
          {
            "isCall": false,
            "lines": [
              {
                "side": "first",
                "text": "n = 0",
              },
            ],
            "name": "tick",
          },
        ],
        "processes": [
          {
            "name": "run",
            "routines": [
              {
                "alone": [
                  {
                    "isCall": false,
                    "lines": [
                      {
                        "side": "second",
                        "text": "extra = true",
                      },
                      {
                        "side": "second",
                        "text": "goto enter in take@20",
                      },
                    ],
                    "name": "between",
                  },
                ],
                "arrows": {
                  "first": [
                    "take@18 → take@20",
                  ],
                  "second": [],
                },
                "changed": [
                  {
                    "isCall": true,
                    "lines": [
                      {
                        "side": "first",
                        "text": "goto enter in take@20",
                      },
                      {
                        "side": "second",
                        "text": "goto between",
                      },
                    ],
                    "name": "take@18",
                  },
                  {
                    "isCall": false,
                    "lines": [
                      {
                        "side": "first",
                        "text": "n = 1",
                      },
                      {
                        "side": "second",
                        "text": "n = 2",
                      },
                      {
                        "side": "both",
                        "text": "goto start",
                      },
                    ],
                    "name": "end",
                  },
                ],
                "places": {
                  "first": [],
                  "second": [
                    "between",
                  ],
                },
              },
              {
                "alone": [],
                "arrows": {
                  "first": [],
                  "second": [],
                },
                "changed": [
                  {
                    "isCall": false,
                    "lines": [
                      {
                        "side": "second",
                        "text": "when (!lock)",
                      },
                      {
                        "side": "both",
                        "text": "lock = true",
                      },
                      {
                        "side": "both",
                        "text": "goto leave",
                      },
                    ],
                    "name": "enter",
                  },
                ],
                "name": "take",
                "places": {
                  "first": [],
                  "second": [],
                },
              },
            ],
          },
        ],
        "start": [],
        "variables": {
          "first": [],
          "second": [
            "extra",
          ],
        },
      }
    `);
  });

  it('are the other way round the same, with the sides changed', () => {
    const [there, back] = [differencesBetween(old, fresh), differencesBetween(fresh, old)];
    const counts = ({ processes, variables, actions }: Differences): unknown => [
      processes.map(({ name, routines }) => [name, routines.map(({ changed }) => changed.map((one) => one.name))]),
      [...variables.first, ...variables.second],
      actions.map(({ name }) => name),
    ];
    expect(counts(back)).toEqual(counts(there));
    expect(back.variables).toEqual({ first: there.variables.second, second: there.variables.first });
  });
});

/** The IR of a step, but for places in the source and what follows from it. */
function bare(body: unknown): string {
  return JSON.stringify(body, (key, value: unknown) => (key === 'span' || key === 'type' ? undefined : value));
}

/** Steps that the differences say nothing about, and that are not equal in the IR. */
function overlooked(
  first: VariantProtocol,
  second: VariantProtocol,
): { readonly steps: readonly string[]; readonly equal: number } {
  const differences = differencesBetween(first, second);
  const told = new Set(
    differences.processes.flatMap(({ name, only, routines }) =>
      only !== undefined
        ? [name]
        : routines.flatMap((routine) =>
            [
              ...(routine.only === undefined ? [] : ['*']),
              ...routine.places.first,
              ...routine.places.second,
              ...routine.changed.map((place) => place.name),
            ].map((place) => `${name} ${routine.name ?? ''} ${place}`),
          ),
    ),
  );
  const steps: string[] = [];
  let equal = 0;
  for (const { part, routines } of first.processes) {
    const other = second.processes.find((one) => one.part.item.name === part.item.name);
    if (other === undefined) continue; // told as a whole
    const whole = first.whole.get(part.system)!.processes.find(({ name }) => name === part.item.name)!;
    const found = routinesOf(part.system, part.item, whole);
    expect(routines.length).toBe(found.routines.length);
    for (const action of part.system.actions.filter((one) => one.process?.name === part.item.name)) {
      const { calls, place } = found.positionOf.get(action.process!.label)!;
      const { after } = dividedStep(part.system, part.item, action, found);
      const isTold = [
        { routine: calls.at(-1)?.callee, place },
        ...calls.map((call, depth) => ({ routine: calls[depth - 1]?.callee, place: call.place })),
        ...after.map(({ depth }) => ({ routine: calls[depth - 1]?.callee, place: calls[depth]!.place })),
      ].some((one) => {
        const prefix = `${part.item.name} ${one.routine ?? ''}`;
        return told.has(`${prefix} ${one.place}`) || told.has(`${prefix} *`);
      });
      if (isTold) continue;
      const its = other.part.system.actions.find(({ name }) => name === action.name);
      if (its !== undefined && bare(its.body) === bare(action.body)) equal += 1;
      else steps.push(action.name);
    }
  }
  return { steps, equal };
}

describe('what the differences between two variants leave out', () => {
  it('is equal in the IR, in the specs that have variants', () => {
    const models = specModels(/^vmm-drv\/models\/one-ring$/).filter(({ model }) => !model.includes('With'));
    const protocols = protocolsOf(models.map((one) => one.system()));
    let equal = 0;
    for (const [index, first] of protocols.entries()) {
      for (const second of protocols.slice(index)) {
        const found = overlooked(first, second);
        expect(found.steps).toEqual([]);
        equal += found.equal;
        expect(isEmpty(differencesBetween(first, second))).toBe(first === second);
      }
    }
    expect([protocols.length, equal > 300]).toEqual([4, true]);
  });

  it('is equal in the IR where it is known what differs', () => {
    const protocols = protocolsOf(systemsOf(SPEC));
    for (const first of protocols) for (const second of protocols) expect(overlooked(first, second).steps).toEqual([]);
  });
});

describe('two texts line by line', () => {
  const texts = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 8 });

  it('are both whole, and have as many lines in common as can be', () => {
    fc.assert(
      fc.property(texts, texts, (first, second) => {
        const lines = lineDifference(first, second);
        const of = (...sides: readonly string[]): readonly string[] =>
          lines.filter(({ side }) => sides.includes(side)).map(({ text }) => text);
        expect([of('both', 'first'), of('both', 'second')]).toEqual([first, second]);
        expect(of('both').length).toBe(mostInCommon(first, second));
      }),
    );
  });

  /** By trying all. */
  function mostInCommon([first, ...rest]: readonly string[], second: readonly string[]): number {
    if (first === undefined) return 0;
    const at = second.indexOf(first);
    const without = mostInCommon(rest, second);
    return at < 0 ? without : Math.max(without, 1 + mostInCommon(rest, second.slice(at + 1)));
  }
});
