import { formatCount } from '../../report/wording.ts';
import type { InstanceCoverage } from '../../verdict/verdict.ts';
import { formatStep } from '../../plan/step-name.ts';

interface ActionCoverage {
  readonly action: string;
  readonly fired: number;
  readonly discovered: number;
  readonly instances: readonly InstanceCoverage[];
}

/** How often each action was possible, and how many states it was the first to find. */
export function Coverage({ coverage }: { readonly coverage: readonly InstanceCoverage[] }) {
  const actions = byAction(coverage);
  const most = Math.max(1, ...actions.map(({ fired }) => fired));
  return (
    <section class="panel">
      <h2>Coverage</h2>
      <p class="hint">
        How often each action was taken from some state, and how many states it was the first to find (the solid part).
      </p>
      <div class="scroll">
        <table class="coverage">
          <thead>
            <tr>
              <th scope="col">Action</th>
              <th scope="col" class="number">
                Taken
              </th>
              <th scope="col" class="number">
                New states
              </th>
              <th scope="col" class="wide">
                <span class="visually-hidden">As a bar</span>
              </th>
            </tr>
          </thead>
          {actions.map(({ action, instances, ...counts }) => (
            <tbody key={action}>
              <Row name={action} most={most} {...counts} />
              {instances.length > 1 &&
                instances.map((one) => (
                  <Row
                    key={formatStep(one)}
                    name={formatStep(one)}
                    most={most}
                    fired={one.fired}
                    discovered={one.discovered}
                    inner
                  />
                ))}
            </tbody>
          ))}
        </table>
      </div>
    </section>
  );
}

interface RowProps {
  readonly name: string;
  readonly fired: number;
  readonly discovered: number;
  readonly most: number;
  readonly inner?: boolean;
}

function Row({ name, fired, discovered, most, inner = false }: RowProps) {
  return (
    <tr class={`${inner ? 'inner' : ''} ${fired === 0 ? 'never' : ''}`}>
      <th scope="row">{name}</th>
      <td class="number">{fired === 0 ? 'never' : formatCount(fired)}</td>
      <td class="number">{fired === 0 ? '' : formatCount(discovered)}</td>
      <td aria-hidden="true">
        <span class="meter" style={{ width: `${(100 * fired) / most}%` }}>
          <span style={{ width: `${fired === 0 ? 0 : (100 * discovered) / fired}%` }} />
        </span>
      </td>
    </tr>
  );
}

/** Instances of one action stand together only while they are few: the rest would bury the actions. */
const MOST_INSTANCES = 12;

function byAction(coverage: readonly InstanceCoverage[]): readonly ActionCoverage[] {
  const groups = new Map<string, InstanceCoverage[]>();
  for (const one of coverage) {
    const group = groups.get(one.action);
    if (group === undefined) groups.set(one.action, [one]);
    else group.push(one);
  }
  return Array.from(groups, ([action, instances]) => ({
    action,
    fired: sum(instances.map(({ fired }) => fired)),
    discovered: sum(instances.map(({ discovered }) => discovered)),
    instances: instances.length > MOST_INSTANCES ? [] : instances,
  }));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
