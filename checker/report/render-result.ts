import { toldNames } from '../../dsl/ir/told-names.ts';
import type { System } from '../../dsl/ir/index.ts';
import type { CheckResult } from '../verdict/verdict.ts';
import { layOutSpec, renderModel } from './text.ts';
import type { TextOptions } from './text-options.ts';
import { toldResult } from './told-result.ts';

/**
 * What came of a check as text for people, as `fairlead check` prints it of one model: its counts, its properties by what
 * came out, and counterexamples step by step.
 *
 * @param system - the one that was checked.
 * @param result - what `check` or `simulate` returned for it.
 * @param options - left out: no color, 100 cells in a line, and step by step only what is not expected. Of what is
 *   expected, traces are explained as far as the check was asked to explain them.
 * @returns lines with `\n` between them, without one at the end. Times in it differ from run to run.
 */
export function renderResult(system: System, result: CheckResult, options: Partial<TextOptions> = {}): string {
  const { files, name } = system;
  const model = {
    path: files[0]?.path ?? name,
    files,
    result: toldResult(system, result),
    changed: [],
    names: toldNames(system),
  };
  const layout = layOutSpec([{ model: result.model, parameters: result.parameters }]);
  return renderModel(model, layout, { color: false, width: 100, traces: 'unexpected', ...options });
}
