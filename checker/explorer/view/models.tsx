import type { ObjectValue } from '../../../dsl/ir/index.ts';
import { parametersOf } from '../../report/parameters.ts';
import { formatCount } from '../../report/wording.ts';
import type { PageModel } from '../page-data.ts';
import type { Navigate } from './navigation.ts';
import { nameOfVerdict, StandingBadge, tracesOf } from './verdict.tsx';
import { formatParameters } from './words.ts';

interface Props {
  readonly models: readonly PageModel[];
  readonly navigate: Navigate;
}

/** Switches between models, in the bar. */
export function ModelPicker({ models, current, navigate }: Props & { readonly current: PageModel | undefined }) {
  return (
    <label class="choose">
      <span class="visually-hidden">Model</span>
      <select
        value={current?.id ?? ''}
        onChange={(event) => {
          const { value } = event.currentTarget;
          navigate({ ...(value !== '' && { model: value }), view: { kind: 'results' }, at: 0 });
        }}
      >
        <option value="">all models</option>
        {bySpec(models).map(([key, group]) => (
          <optgroup key={key} label={group[0]!.system.name}>
            {group.map(({ id, system }) => (
              <option key={id} value={id}>
                {system.model.name === id ? id : `${system.model.name} (${id})`}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
    </label>
  );
}

/** All models with what came of them. */
export function ModelIndex({ models, navigate }: Props) {
  return (
    <>
      <div class="heading">
        <h1>{models.length === 0 ? 'Nothing was checked' : 'What was checked'}</h1>
      </div>
      {bySpec(models).map(([key, group]) => {
        const { same, varying } = parametersOf(group);
        const isOne = group.length === 1;
        const names = isOne ? same : varying;
        const common = only(group[0]!.result.parameters, isOne ? [] : same);
        return (
          <section key={key} class="panel">
            <h2>
              {group[0]!.system.name} <span class="path">{group[0]!.path}</span>
            </h2>
            {Object.keys(common).length > 0 && <p class="code hint">{formatParameters(common)}</p>}
            <div class="scroll">
              <table class="models">
                <thead>
                  <tr>
                    <th scope="col">
                      <span class="visually-hidden">Standing</span>
                    </th>
                    <th scope="col">Model</th>
                    {names.length > 0 && <th scope="col">Parameters</th>}
                    <th scope="col" class="number">
                      States
                    </th>
                    <th scope="col">Violated</th>
                  </tr>
                </thead>
                <tbody>
                  {group.map((model) => (
                    <tr key={model.id}>
                      <td>
                        <StandingBadge standing={model.standing} short />
                      </td>
                      <td>
                        <button
                          type="button"
                          class="link"
                          onClick={() => navigate({ model: model.id, view: { kind: 'results' }, at: 0 })}
                        >
                          {model.system.model.name}
                        </button>
                      </td>
                      {names.length > 0 && (
                        <td class="code">{formatParameters(only(model.result.parameters, names))}</td>
                      )}
                      <td class="number">{formatCount(model.result.statistics.distinct)}</td>
                      <td>{violatedIn(model)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          </section>
        );
      })}
    </>
  );
}

function only(parameters: ObjectValue, names: readonly string[]): ObjectValue {
  return Object.fromEntries(names.map((name) => [name, parameters[name]!]));
}

function violatedIn(model: PageModel): string {
  const names = tracesOf(model).filter(({ outcome }) => outcome.kind === 'violated');
  return names.map((verdict) => (verdict.kind === 'deadlock' ? nameOfVerdict(verdict) : verdict.name)).join(', ');
}

function bySpec(models: readonly PageModel[]): readonly (readonly [string, readonly PageModel[]])[] {
  const groups = new Map<string, PageModel[]>();
  for (const model of models) {
    const key = `${model.path}\0${model.system.name}`;
    groups.set(key, [...(groups.get(key) ?? []), model]);
  }
  return [...groups];
}
