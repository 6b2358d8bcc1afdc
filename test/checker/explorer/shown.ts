import { check } from '../../../checker/check.ts';
import { pageModels } from '../../../checker/explorer/page-data.ts';
import type { PageData, PageModel } from '../../../checker/explorer/page-data.ts';
import { fromPool, toPool } from '../../../checker/explorer/pool.ts';
import type { Pool } from '../../../checker/explorer/pool.ts';
import { subjectOf } from '../../../checker/explorer/subject.ts';
import type { Subject } from '../../../checker/explorer/subject.ts';
import type { CheckOptions } from '../../../checker/options.ts';
import type { System, Value } from '../../../dsl/ir/index.ts';

/** Models checked and put into the text of a page, and read from it again as the page does. */
export function shownModels(systems: readonly System[], options: CheckOptions = {}): readonly PageModel[] {
  const models = systems.map((system) => {
    const result = check(system, options);
    return { path: 'spec.ts', system, changed: [], result };
  });
  const data: PageData = { fairlead: '0', opensAt: 'results', models: pageModels(models) };
  const text = JSON.stringify(toPool(data as unknown as Value));
  return (fromPool(JSON.parse(text) as Pool) as unknown as PageData).models;
}

/** A model as a page brings it to life. */
export function shown(system: System, options: CheckOptions = {}): Subject {
  const subject = subjectOf(shownModels([system], options)[0]!);
  if (subject === undefined) throw new Error('the model was refused');
  return subject;
}
