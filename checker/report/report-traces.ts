import * as z from 'zod';
import type { ObjectValue, System, Value } from '../../dsl/ir/index.ts';
import { contains, formatValue } from '../../dsl/ir/index.ts';
import { decodeValue } from '../../dsl/ir/json.ts';
import { REPORT_VERSION } from './json.ts';
import type { Reading, RecordedTrace, Recording } from './recorded-trace.ts';
import { writtenState } from './written-state.ts';

const TRACE = z
  .object({
    states: z.array(writtenState),
    steps: z.array(z.object({ label: z.string() })),
    loop: z.int().min(0).optional(),
  })
  .refine(({ states, steps }) => states.length === 0 || states.length === steps.length + 1, {
    error: 'there is one more state than steps',
  })
  .refine(({ steps, loop }) => loop === undefined || loop <= steps.length, {
    error: 'the loop goes back to a state that there is not',
  });

/** Of a report, what replaying needs: other parts may be as another version of Fairlead has them. */
const REPORT = z.object({
  format: z.literal('fairlead-report'),
  version: z.literal(REPORT_VERSION, { error: `only reports of version ${REPORT_VERSION} can be read` }),
  models: z.array(
    z.object({
      spec: z.string(),
      model: z.string(),
      parameters: writtenState,
      verdicts: z.array(
        z.object({ name: z.string(), outcome: z.looseObject({ kind: z.string(), trace: TRACE.optional() }) }),
      ),
    }),
  ),
});

/** Every counterexample and witness in a report of `check --format json` or `simulate --format json`. */
export function reportToTraces(json: unknown): Recording {
  const parsed = REPORT.safeParse(json);
  if (!parsed.success)
    return { kind: 'invalid', problem: `It is no report of Fairlead: ${z.prettifyError(parsed.error)}` };
  try {
    const traces = parsed.data.models.flatMap(({ spec, model, parameters: given, verdicts }) => {
      const parameters = Object.fromEntries(
        Object.entries(given).map(([name, value]) => [name, formatValue(decodeValue(value))]),
      );
      return verdicts.flatMap(({ name, outcome: { trace } }): RecordedTrace[] => {
        // A failing `init` leaves no state.
        if (trace === undefined || trace.states.length === 0) return [];
        return [{ spec, model, property: name, parameters, read: (system) => readStates(system, trace) }];
      });
    });
    return { kind: 'read', traces };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return { kind: 'invalid', problem: `It is no report of Fairlead: ${error.message}` };
  }
}

function readStates(system: System, { states: written, steps, loop }: z.infer<typeof TRACE>): Reading {
  const invalid = (problem: string): Reading => ({ kind: 'invalid', problem });
  const states: ObjectValue[] = [];
  for (const [index, given] of written.entries()) {
    const surplus = Object.keys(given).find((name) => !system.variables.some((variable) => variable.name === name));
    if (surplus !== undefined) return invalid(`state ${index} has ${surplus}, which is no variable of the spec`);
    const state: (readonly [name: string, value: Value])[] = [];
    for (const { name, domain } of system.variables) {
      if (!Object.hasOwn(given, name)) return invalid(`state ${index} has no variable ${name}`);
      const value = valueIn(given[name]);
      if (value === NOTHING || !contains(domain, value)) {
        return invalid(`${name} of state ${index} is no value of its domain`);
      }
      state.push([name, value]);
    }
    states.push(Object.fromEntries(state));
  }
  const labels = steps.map(({ label }) => label);
  return { kind: 'read', trace: { states, labels, ...(loop !== undefined && { loop }) } };
}

const NOTHING = Symbol('nothing');

function valueIn(json: unknown): Value | typeof NOTHING {
  try {
    return decodeValue(json);
  } catch (error) {
    if (error instanceof TypeError) return NOTHING;
    throw error;
  }
}
