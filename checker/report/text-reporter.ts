import { renderDiagnostics } from '../../dsl/diagnostics/render.ts';
import { holdingElsewhere, renderElsewhere } from './elsewhere.ts';
import { renderModelLine, renderSpecLine } from './model-line.ts';
import type { Reporter, RunStart, SpecEnd, SpecStart } from './reporter.ts';
import { standingOf } from './standing.ts';
import { renderSummary } from './summary.ts';
import type { CheckedModel, TextOptions } from './text-options.ts';
import { layOutSpec, renderModel, renderSpecHeading } from './text.ts';
import { told } from './told-result.ts';
import { renderUnused, renderWarnings } from './warning-text.ts';
import type { CommonWarning } from './warning-text.ts';

/** Where text goes. */
interface TextOutput {
  readonly out: (text: string) => void;
  /** Takes diagnostics. */
  readonly error: (text: string) => void;
}

/** How a run is reported as text. */
interface TextReporterOptions {
  /** Whether each of the outputs may be colored. */
  readonly color: { readonly [Output in keyof TextOutput]: boolean };
  /** Cells in a line. */
  readonly width: number;
  /** Whether traces that are as expected are shown step by step too; `full`: leaving nothing out. */
  readonly traces: boolean | 'full';
  /** Report all of each model, however many there are. */
  readonly isDetailed: boolean;
  /** List what is only counted otherwise. */
  readonly verbose: boolean;
  readonly coverage: boolean;
  /** Report only what is not as expected. */
  readonly quiet: boolean;
  /** See `DiagnosticOptions`. */
  readonly pages?: boolean | string | undefined;
  /** Whether warnings are failures, and so shown even where it is quiet. */
  readonly strict: boolean;
}

/** For people: each model as it comes, under a heading for its spec, then a summary. */
export function textReporter(output: TextOutput, options: TextReporterOptions): Reporter {
  const areWarningsShown = options.strict || !options.quiet;
  const checked: CheckedModel[] = [];
  let printing: Printing = printingOf({ specs: [] }, options);
  let spec: SpecPrinter | undefined;
  return {
    diagnostics(found, files) {
      const shown = found.filter(({ severity }) => severity === 'error' || areWarningsShown);
      if (shown.length === 0) return;
      output.error(
        `${renderDiagnostics(shown, files, { color: options.color.error, width: options.width, pages: options.pages })}\n\n`,
      );
    },
    start(run) {
      printing = printingOf(run, options);
      return isWhole(printing.detail) ? 'all' : 'unexpected';
    },
    startSpec(start) {
      spec = new SpecPrinter(start, output.out, printing);
    },
    model(model) {
      // Text is for people; what programs read has the names that stay when lines move.
      const shown: CheckedModel = { ...model, result: told(model.names, model.result) };
      checked.push(shown);
      spec?.model(shown);
    },
    endSpec: (end) => spec?.end(end),
    sharedWarnings(warnings) {
      if (!areWarningsShown || warnings.length === 0) return;
      output.out(`in all models of files that several specs import\n${renderWarnings(warnings, printing.text)}\n\n`);
    },
    end(run) {
      const gap = printing.detail === 'spec' && checked.length > 0 ? '\n' : '';
      output.out(`${gap}${renderSummary({ ...run, checked }, printing.text)}\n`);
    },
  };
}

/**
 * How much is shown of models that are as expected: the whole story with its counterexamples, everything that came out, a
 * line for each, or a line for all models of a spec. Of others everything is shown.
 */
type Detail = 'story' | 'model' | 'line' | 'spec';

function detailOf({ specs }: RunStart, isDetailed: boolean): Detail {
  const models = specs.reduce((sum, spec) => sum + spec.models, 0);
  if (models <= FEW_MODELS) return 'story';
  if (isDetailed) return 'model';
  return models <= MANY_MODELS ? 'line' : 'spec';
}

/** So many models are few enough to show counterexamples that were expected step by step. */
const FEW_MODELS = 2;

/** More models than this have a line for each spec. */
const MANY_MODELS = 40;

function isWhole(detail: Detail): boolean {
  return detail === 'story' || detail === 'model';
}

/** What printing the models of a spec depends on beside them. */
interface Printing {
  readonly options: TextReporterOptions;
  readonly detail: Detail;
  readonly text: TextOptions;
  /** Cells for the names of specs. */
  readonly column: number;
}

function printingOf(run: RunStart, options: TextReporterOptions): Printing {
  const { color, width, traces, coverage } = options;
  const detail = detailOf(run, options.isDetailed);
  const expected = traces !== false ? 'all' : detail === 'story' ? 'violations' : 'unexpected';
  return {
    options,
    detail,
    text: { color: color.out, width, full: traces === 'full', traces: expected, coverage },
    column: Math.max(0, ...run.specs.map(({ name }) => name.length)),
  };
}

/**
 * Prints the models of a spec one by one, under a heading that comes with the first that is printed; where a line is to
 * stand for all of them, only once one is not as expected.
 */
class SpecPrinter {
  readonly #spec: SpecStart;
  readonly #out: (text: string) => void;
  readonly #printing: Printing;
  readonly #layout: ReturnType<typeof layOutSpec>;
  readonly #done: CheckedModel[] = [];
  readonly #waiting: CheckedModel[] = [];
  #isHeaded = false;
  /** Whether the last thing printed is a line that others may follow. */
  #isOpen = false;

  constructor(spec: SpecStart, out: (text: string) => void, printing: Printing) {
    this.#spec = spec;
    this.#out = out;
    this.#printing = printing;
    this.#layout = layOutSpec(spec.models);
  }

  model(checked: CheckedModel): void {
    const { options, detail } = this.#printing;
    this.#done.push(checked);
    const isAsExpected = standingOf(checked.result) === 'asExpected';
    if (options.quiet && isAsExpected) return;
    this.#waiting.push(checked);
    if (detail !== 'spec' || this.#isHeaded || !isAsExpected) {
      for (const one of this.#waiting.splice(0)) this.#print(one);
    }
  }

  /** Prints what is left, and what is true of all models. */
  end({ warnings, uncounted }: SpecEnd): void {
    const { text, column, detail, options } = this.#printing;
    const waiting = this.#waiting;
    if (waiting.length > 0) this.#out(`${renderSpecLine(waiting, this.#spec.name, column, text)}\n`);
    if (this.#isOpen) this.#out('\n');
    if (!options.quiet) {
      const holding = holdingElsewhere(this.#done, isWhole(detail) ? 'all' : 'unexpected');
      if (holding.length > 0) this.#out(`${renderElsewhere(holding, text)}\n\n`);
    }
    if (options.strict || !options.quiet) this.#warn(warnings, waiting.length > 0 ? '\n' : '');
    if (!options.quiet && uncounted.length > 0) {
      this.#out(`${renderUnused(uncounted, options.verbose, text)}\n\n`);
    }
  }

  #warn(warnings: readonly CommonWarning[], gap: string): void {
    if (warnings.length > 0) this.#out(`${gap}${renderWarnings(warnings, this.#printing.text)}\n\n`);
  }

  #print(checked: CheckedModel): void {
    const { detail, text } = this.#printing;
    const { path, name } = this.#spec;
    if (!this.#isHeaded) this.#out(`${renderSpecHeading(path, name, this.#layout, text)}\n`);
    this.#isHeaded = true;
    const isShort = !isWhole(detail) && standingOf(checked.result) === 'asExpected';
    // What takes many lines stands apart.
    if (!isShort && this.#isOpen) this.#out('\n');
    this.#out(
      isShort ? `${renderModelLine(checked, this.#layout, text)}\n` : `${renderModel(checked, this.#layout, text)}\n\n`,
    );
    this.#isOpen = isShort;
  }
}
