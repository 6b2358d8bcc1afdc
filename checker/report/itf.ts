import * as z from 'zod';
import { positionAt } from '../../dsl/diagnostics/span.ts';
import { visible } from '../../dsl/diagnostics/visible.ts';
import type { Domain, Field, ObjectValue, SetValue, System, Value } from '../../dsl/ir/index.ts';
import { contains, formatValue, setOf, valuesOf } from '../../dsl/ir/index.ts';
import type { Trace } from '../counterexample/behavior.ts';
import type { Reading, Recording } from './recorded-trace.ts';
import { writtenState } from './written-state.ts';
import { formatStep } from '../plan/step-name.ts';

/** The version of what stands under `#meta` beside the format's own fields. */
const ITF_META_VERSION = 1;

/**
 * A trace in the Informal Trace Format, which trace viewers open.
 *
 * Integers are `#bigint`s, records over a key `#map`s, tuples `#tup`s, sets `#set`s, cases of a discriminated union
 * `{ tag, value }`, null and undefined the variants `Null` and `Undefined` of nothing. A lasso has a `loop`: the index of
 * the state that follows the last one. `#meta` says of what the trace is, and of each state which step led to it.
 *
 * @see Apalache, ADR-015: Informal Trace Format in JSON.
 */
export function traceToItf(system: System, property: string, trace: Trace): string {
  const { steps, loop } = trace;
  const loops = loop !== undefined && loop < steps.length;
  const shown = loops ? trace.states.slice(0, -1) : trace.states;
  const states = shown.map((state, index) => ({
    '#meta': { index, ...(index > 0 && stepMeta(system, trace, index - 1)) },
    ...Object.fromEntries(system.variables.map(({ name, domain }) => [name, encode(domain, state[name])])),
  }));
  return visible(
    JSON.stringify({
      '#meta': {
        format: 'ITF',
        'format-description': 'https://apalache-mc.org/docs/adr/015adr-trace.html',
        fairlead: ITF_META_VERSION,
        spec: system.name,
        model: system.model.name,
        parameters: Object.fromEntries(system.parameters.map(({ name, value }) => [name, formatValue(value)])),
        property,
        // The step that leads from the last state back to the one at `loop`.
        ...(loops && { back: stepMeta(system, trace, steps.length - 1) }),
        ...(loop === steps.length && { stutters: true }),
      },
      params: [],
      vars: system.variables.map(({ name }) => name),
      states,
      ...(loop !== undefined && { loop }),
    }),
  );
}

function stepMeta(system: System, trace: Trace, step: number): object {
  const taken = trace.steps[step]!;
  const { action, arguments: given, span } = taken;
  const file = system.files[span.file];
  return {
    action,
    arguments: given.map(formatValue),
    label: formatStep(taken),
    ...(file !== undefined && { span: { file: file.path, ...positionAt(file.text, span.start) } }),
  };
}

/** Reads a file in the format back: one trace, of Fairlead or of another tool. */
export function itfToTrace(json: unknown): Recording {
  const parsed = FILE.safeParse(json);
  if (!parsed.success) {
    const problem = `It is no trace in the Informal Trace Format: ${z.prettifyError(parsed.error)}`;
    return { kind: 'invalid', problem };
  }
  const { '#meta': meta, states, loop } = parsed.data;
  if (loop !== undefined && states.length <= loop) {
    return { kind: 'invalid', problem: `The loop goes back to state ${loop}, which there is not` };
  }
  const { spec, model, property, parameters = {} } = meta ?? {};
  return {
    kind: 'read',
    traces: [{ spec, model, property, parameters, read: (system) => readStates(system, parsed.data) }],
  };
}

function readStates(system: System, { '#meta': meta, states: written, loop }: z.infer<typeof FILE>): Reading {
  const states: ObjectValue[] = [];
  for (const [index, state] of written.entries()) {
    const values: [string, Value][] = [];
    for (const { name, domain } of system.variables) {
      const value = Object.hasOwn(state, name) ? decode(domain, state[name]) : undefined;
      if (!Object.hasOwn(state, name)) return { kind: 'invalid', problem: `state ${index} has no variable ${name}` };
      if (value === NOTHING) return { kind: 'invalid', problem: `${name} of state ${index} is no value of its domain` };
      values.push([name, value]);
    }
    states.push(Object.fromEntries(values));
  }
  const labels = written.slice(1).map((state) => (state['#meta'] as { label?: string } | undefined)?.label);
  if (loop !== undefined && meta?.stutters !== true) {
    states.push(states[loop]!);
    labels.push(meta?.back?.label);
  }
  return { kind: 'read', trace: { states, labels, ...(loop !== undefined && { loop }) } };
}

const STATE_META = z.looseObject({ label: z.string().optional() }).optional();

const FILE = z.object({
  '#meta': z
    .object({
      spec: z.string().optional(),
      model: z.string().optional(),
      parameters: z.record(z.string(), z.string()).optional(),
      property: z.string().optional(),
      stutters: z.boolean().optional(),
      back: z.object({ label: z.string().optional() }).optional(),
    })
    .optional(),
  vars: z.array(z.string()),
  states: z
    .array(
      writtenState.refine((state) => STATE_META.safeParse(state['#meta']).success, {
        error: 'what it says of a step is no label',
      }),
    )
    .min(1),
  loop: z.int().min(0).optional(),
});

function encode(domain: Domain, value: Value): unknown {
  if (value === null) return unit('Null');
  if (value === undefined) return unit('Undefined');
  switch (domain.kind) {
    case 'union':
      return encode(
        domain.members.find((member) => contains(member, value))!,
        value,
      );
    case 'object':
      return encodeFields(domain.fields, value as ObjectValue);
    case 'variant': {
      const object = value as ObjectValue;
      const tag = object[domain.discriminator] as string;
      const { fields } = domain.cases.find((one) => one.tag === tag)!;
      return { tag, value: encodeFields(fields, object) };
    }
    case 'record': {
      const object = value as ObjectValue;
      const entries = Array.from(valuesOf(domain.key), (key) => [
        encode(domain.key, key),
        encode(domain.value, object[String(key)]),
      ]);
      return { '#map': entries };
    }
    case 'tuple':
      return { '#tup': (value as readonly Value[]).map((item, index) => encode(domain.items[index]!, item)) };
    case 'array':
      return (value as readonly Value[]).map((element) => encode(domain.element, element));
    case 'set':
      return { '#set': (value as SetValue).elements.map((element) => encode(domain.element, element)) };
    case 'int':
    case 'serial':
      return { '#bigint': String(value) };
    case 'boolean':
    case 'enum':
    case 'ids':
    case 'null':
    case 'undefined':
    case 'never':
      return value;
  }
}

function unit(tag: 'Null' | 'Undefined'): object {
  return { tag, value: { '#tup': [] } };
}

function encodeFields(fields: readonly Field[], value: ObjectValue): object {
  return Object.fromEntries(fields.map(({ name, domain }) => [name, encode(domain, value[name])]));
}

/** What {@link decode} answers for JSON that is no value of the domain; `undefined` is a value. */
const NOTHING = Symbol('nothing');

function decode(domain: Domain, json: unknown): Value | typeof NOTHING {
  const value = decodeAs(domain, json);
  return value !== NOTHING && contains(domain, value) ? value : NOTHING;
}

function decodeAs(domain: Domain, json: unknown): Value | typeof NOTHING {
  const tag = typeof json === 'object' && json !== null ? json : {};
  switch (domain.kind) {
    case 'null':
      return 'tag' in tag && tag.tag === 'Null' ? null : NOTHING;
    case 'undefined':
      return 'tag' in tag && tag.tag === 'Undefined' ? undefined : NOTHING;
    case 'union': {
      for (const member of domain.members) {
        const value = decode(member, json);
        if (value !== NOTHING) return value;
      }
      return NOTHING;
    }
    case 'object':
      return decodeFields(domain.fields, json);
    case 'variant': {
      if (!('tag' in tag && 'value' in tag)) return NOTHING;
      const present = domain.cases.find((one) => one.tag === tag.tag);
      const fields = present && decodeFields(present.fields, tag.value);
      return present === undefined || fields === undefined || fields === NOTHING
        ? NOTHING
        : { [domain.discriminator]: present.tag, ...fields };
    }
    case 'record': {
      if (!('#map' in tag && Array.isArray(tag['#map']))) return NOTHING;
      const entries: [string, Value][] = [];
      for (const entry of tag['#map'] as readonly unknown[]) {
        if (!Array.isArray(entry) || entry.length !== 2) return NOTHING;
        const key = decode(domain.key, entry[0]);
        const value = decode(domain.value, entry[1]);
        if (key === NOTHING || value === NOTHING) return NOTHING;
        entries.push([String(key), value]);
      }
      return Object.fromEntries(entries);
    }
    case 'tuple': {
      if (!('#tup' in tag && Array.isArray(tag['#tup'])) || tag['#tup'].length !== domain.items.length) return NOTHING;
      return all(tag['#tup'] as readonly unknown[], (item, index) => decode(domain.items[index]!, item));
    }
    case 'array':
      return Array.isArray(json) ? all(json, (element) => decode(domain.element, element)) : NOTHING;
    case 'set': {
      if (!('#set' in tag && Array.isArray(tag['#set']))) return NOTHING;
      const elements = all(tag['#set'] as readonly unknown[], (element) => decode(domain.element, element));
      return elements === NOTHING ? NOTHING : setOf(elements);
    }
    case 'int':
    case 'serial':
      // Other tools write small integers as plain numbers.
      if (typeof json === 'number') return json;
      return '#bigint' in tag && typeof tag['#bigint'] === 'string' && /^-?\d+$/.test(tag['#bigint'])
        ? Number(tag['#bigint'])
        : NOTHING;
    case 'boolean':
      return typeof json === 'boolean' ? json : NOTHING;
    case 'enum':
    case 'ids':
      return typeof json === 'string' ? json : NOTHING;
    case 'never':
      return NOTHING;
  }
}

function decodeFields(fields: readonly Field[], json: unknown): ObjectValue | typeof NOTHING {
  if (typeof json !== 'object' || json === null) return NOTHING;
  const values: [string, Value][] = [];
  for (const { name, domain } of fields) {
    const value = decode(domain, (json as Record<string, unknown>)[name]);
    if (value === NOTHING) return NOTHING;
    values.push([name, value]);
  }
  return Object.fromEntries(values);
}

function all(
  items: readonly unknown[],
  each: (item: unknown, index: number) => Value | typeof NOTHING,
): Value[] | typeof NOTHING {
  const values: Value[] = [];
  for (const [index, item] of items.entries()) {
    const value = each(item, index);
    if (value === NOTHING) return NOTHING;
    values.push(value);
  }
  return values;
}
