import type { ComponentChildren } from 'preact';
import { contains, equalValues, formatValue, isArray, isObject, SetValue, valuesOf } from '../../../dsl/ir/index.ts';
import type { Domain, Field, ObjectValue, Value } from '../../../dsl/ir/index.ts';

interface Props {
  readonly domain: Domain;
  readonly value: Value;
  /** What was there before the step; absent when there was no step. */
  readonly before?: { readonly value: Value } | undefined;
}

/** A value, with what the last step changed in it marked as deep inside as it can be told. */
export function ValueView({ domain, value, before }: Props) {
  const old = before === undefined || equalValues(before.value, value) ? undefined : before;
  const member = domain.kind === 'union' ? memberFor(domain.members, value, old) : domain;
  if (member === undefined) return <Changed value={value} before={old} />;
  switch (member.kind) {
    case 'set':
      return <SetView value={value} before={old} />;
    case 'array':
    case 'tuple':
      return <ListView domain={member} value={value} before={old} />;
    case 'object':
      return <FieldsView fields={member.fields} value={value} before={old} />;
    case 'variant': {
      const tag = isObject(value) ? value[member.discriminator] : undefined;
      const oldTag = old !== undefined && isObject(old.value) ? old.value[member.discriminator] : tag;
      const fields = member.cases.find((one) => one.tag === tag)?.fields ?? [];
      if (!equalValues(tag, oldTag)) return <Changed value={value} before={old} />;
      const named: Field = { name: member.discriminator, domain: { kind: 'enum', values: [String(tag)] } };
      return <FieldsView fields={[named, ...fields]} value={value} before={old} />;
    }
    case 'record':
      return <RecordView domain={member} value={value} before={old} />;
    default:
      return <Changed value={value} before={old} />;
  }
}

function memberFor(members: readonly Domain[], value: Value, old: Props['before']): Domain | undefined {
  return members.find((one) => contains(one, value) && (old === undefined || contains(one, old.value)));
}

/** A value that changes as a whole. */
function Changed({ value, before }: Omit<Props, 'domain'>) {
  if (before === undefined) return <Plain value={value} />;
  return (
    <span class="changed">
      <del>{formatValue(before.value)}</del>
      <span class="arrow" aria-label="becomes">
        →
      </span>
      <ins>{formatValue(value)}</ins>
    </span>
  );
}

function Plain({ value }: { readonly value: Value }) {
  const kind = value === null || value === undefined || value === false ? 'nothing' : typeof value;
  return <span class={`v ${kind}`}>{formatValue(value)}</span>;
}

function SetView({ value, before }: Omit<Props, 'domain'>) {
  const elementsOf = (set: Value): readonly Value[] => (set instanceof SetValue ? set.elements : []);
  const [now, old] = [elementsOf(value), before === undefined ? undefined : elementsOf(before.value)];
  const has = (list: readonly Value[], one: Value): boolean => list.some((other) => equalValues(other, one));
  const parts: ComponentChildren[] = [];
  for (const one of now) {
    const isNew = old !== undefined && !has(old, one);
    parts.push(isNew ? <ins>{formatValue(one)}</ins> : <Plain value={one} />);
  }
  for (const one of old ?? []) if (!has(now, one)) parts.push(<del>{formatValue(one)}</del>);
  return <Bracketed open="{" close="}" parts={parts} />;
}

function ListView({ domain, value, before }: Props) {
  const now = isArray(value) ? value : [];
  const old = before !== undefined && isArray(before.value) ? before.value : now;
  const domainAt = (index: number): Domain => {
    if (domain.kind === 'array') return domain.element;
    return domain.kind === 'tuple' ? domain.items[index]! : { kind: 'never' };
  };
  if (before === undefined || now.length === old.length) {
    const parts = now.map((one, index) => (
      <ValueView domain={domainAt(index)} value={one} before={before && { value: old[index] }} />
    ));
    return <Bracketed open="[" close="]" parts={parts} />;
  }
  // Queues gain at one end and lose at the other: what both have at their ends has stayed.
  const shorter = Math.min(now.length, old.length);
  let head = 0;
  while (head < shorter && equalValues(now[head], old[head])) head += 1;
  let tail = 0;
  while (tail < shorter - head && equalValues(now[now.length - 1 - tail], old[old.length - 1 - tail])) tail += 1;
  const parts = [
    ...now.slice(0, head).map((one, index) => <ValueView domain={domainAt(index)} value={one} />),
    ...old.slice(head, old.length - tail).map((one) => <del>{formatValue(one)}</del>),
    ...now.slice(head, now.length - tail).map((one) => <ins>{formatValue(one)}</ins>),
    ...now
      .slice(now.length - tail)
      .map((one, index) => <ValueView domain={domainAt(now.length - tail + index)} value={one} />),
  ];
  return <Bracketed open="[" close="]" parts={parts} />;
}

function Bracketed({ open, close, parts }: { open: string; close: string; parts: readonly ComponentChildren[] }) {
  return (
    <span class="group">
      <span class="p">{open}</span>
      {parts.map((part, index) => (
        <span key={index}>
          {part}
          {index < parts.length - 1 && <span class="p">, </span>}
        </span>
      ))}
      <span class="p">{close}</span>
    </span>
  );
}

function FieldsView({ fields, value, before }: Omit<Props, 'domain'> & { readonly fields: readonly Field[] }) {
  const now = isObject(value) ? value : {};
  const old = before !== undefined && isObject(before.value) ? before.value : undefined;
  return (
    <span class="fields">
      {fields.map(({ name, domain }) => (
        <span key={name} class="field">
          <span class="k">{name}</span>
          <ValueView domain={domain} value={now[name]} before={old && { value: old[name] }} />
        </span>
      ))}
    </span>
  );
}

/** A record of objects is a table, with fewer columns than rows; one of other values a list. */
function RecordView({ domain, value, before }: Props & { readonly domain: Domain & { readonly kind: 'record' } }) {
  const now: ObjectValue = isObject(value) ? value : {};
  const old = before !== undefined && isObject(before.value) ? before.value : undefined;
  const keys = Array.from(valuesOf(domain.key), String);
  const inner = domain.value;
  if (inner.kind === 'object' && 1 < keys.length && 0 < inner.fields.length) {
    const isWide = inner.fields.length <= Math.max(3, keys.length);
    const cell = (key: string, field: Field) => (
      <td key={`${key} ${field.name}`}>
        <ValueView
          domain={field.domain}
          value={partOf(now[key], field.name)}
          before={old && { value: partOf(old[key], field.name) }}
        />
      </td>
    );
    return isWide ? (
      <Grid
        columns={inner.fields.map(({ name }) => name)}
        rows={keys.map((key) => [key, inner.fields.map((field) => cell(key, field))])}
      />
    ) : (
      <Grid columns={keys} rows={inner.fields.map((field) => [field.name, keys.map((key) => cell(key, field))])} />
    );
  }
  return (
    <span class="fields">
      {keys.map((key) => (
        <span key={key} class="field">
          <span class="k">{key}</span>
          <ValueView domain={inner} value={now[key]} before={old && { value: old[key] }} />
        </span>
      ))}
    </span>
  );
}

interface GridProps {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly [name: string, cells: ComponentChildren])[];
}

function Grid({ columns, rows }: GridProps) {
  return (
    <table class="record">
      <thead>
        <tr>
          <td />
          {columns.map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(([name, cells]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            {cells}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function partOf(value: Value, name: string): Value {
  return isObject(value) ? value[name] : undefined;
}
