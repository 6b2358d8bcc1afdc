import type { ObjectValue, Process, System, Value, Variable } from '../../../dsl/ir/index.ts';
import { equalValues, isObject, valuesOf } from '../../../dsl/ir/index.ts';
import { ValueView } from './value-view.tsx';

interface Props {
  readonly system: System;
  readonly values: ObjectValue;
  /** The state before the last step. */
  readonly before: ObjectValue | undefined;
}

/** A state: the threads with where they stand and their locals, then every variable. */
export function StatePanel({ system, values, before }: Props) {
  const tabled = system.processes.filter((process) => process.arguments.length === 1 || process.arguments.length === 0);
  const names = new Set(tabled.map(({ name }) => name));
  const shared = system.variables.filter(({ process }) => process === undefined || !names.has(process));
  return (
    <div class="state">
      <table class="variables">
        <tbody>
          {shared.map((variable) => (
            <VariableRow key={variable.name} variable={variable} values={values} before={before} />
          ))}
        </tbody>
      </table>
      {tabled.map((process) => (
        <Threads key={process.name} process={process} system={system} values={values} before={before} />
      ))}
    </div>
  );
}

function VariableRow({ variable, values, before }: Omit<Props, 'system'> & { readonly variable: Variable }) {
  const { name, domain, doc } = variable;
  const changed = before !== undefined && !equalValues(before[name], values[name]);
  return (
    <tr class={changed ? 'touched' : ''}>
      <th scope="row" title={doc || undefined}>
        {name}
      </th>
      <td>
        <ValueView domain={domain} value={values[name]} before={before && { value: before[name] }} />
      </td>
    </tr>
  );
}

/** The threads of one process: a row each, with the label they stand at and the locals that outlive a step. */
function Threads({ process, system, values, before }: Props & { readonly process: Process }) {
  const variables = system.variables.filter((variable) => variable.process === process.name);
  const counter = variables.find(({ name }) => name === process.counter);
  const columns = [...(counter === undefined ? [] : [counter]), ...variables.filter((one) => one !== counter)];
  const [argument] = process.arguments;
  const keys = argument === undefined ? [undefined] : Array.from(valuesOf(argument.domain), String);
  return (
    <div class="scroll">
      <table class="threads">
        <thead>
          <tr>
            <th scope="col">{process.name}</th>
            {columns.map((variable) => (
              <th key={variable.name} scope="col">
                {variable === counter ? 'at' : variable.name.replace(`${process.name}.`, '')}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {keys.map((key) => (
            <tr key={key ?? ''} class={columns.some(({ name }) => differs(name, key, values, before)) ? 'touched' : ''}>
              <th scope="row">{key ?? process.name}</th>
              {columns.map(({ name, domain }) => (
                <td key={name}>
                  <ValueView
                    domain={key !== undefined && domain.kind === 'record' ? domain.value : domain}
                    value={at(values[name], key)}
                    before={before && { value: at(before[name], key) }}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function differs(name: string, key: string | undefined, values: ObjectValue, before: ObjectValue | undefined): boolean {
  return before !== undefined && !equalValues(at(before[name], key), at(values[name], key));
}

function at(value: Value, key: string | undefined): Value {
  return key !== undefined && isObject(value) ? value[key] : value;
}
