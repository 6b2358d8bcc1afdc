import { readFileSync } from 'node:fs';
import manifest from '../../package.json' with { type: 'json' };
import { pageModels } from '../explorer/page-data.ts';
import type { ModelToShow, PageData } from '../explorer/page-data.ts';
import { pageOf } from '../explorer/page.ts';
import type { ReportedModel, Reporter } from '../report/reporter.ts';
import { writeAsked } from './write-file.ts';

/** Writes a page about all models of a run, at its end. @param path - of the page. */
export function pageReporter(path: string, entry: URL): Reporter {
  const models: ReportedModel[] = [];
  return {
    start: () => 'all',
    model: (model) => void models.push(model),
    end: () => writePage(path, models, 'results', entry),
  };
}

/**
 * Writes a page about some models.
 *
 * @param entry - the module of the command: the parts that all pages share stand beside it, in `page/`.
 * @throws UsageProblem when the file cannot be written.
 */
export function writePage(
  path: string,
  models: readonly ModelToShow[],
  opensAt: PageData['opensAt'],
  entry: URL,
): void {
  const data: PageData = { fairlead: manifest.version, opensAt, models: pageModels(models) };
  const specs = [...new Set(models.map(({ system }) => system.name))];
  const title = `${specs.length > 3 ? `${specs.length} specs` : specs.join(', ') || 'nothing'} · Fairlead`;
  const asset = (name: string): string => readFileSync(new URL(`./page/${name}`, entry), 'utf8');
  const text = pageOf(data, title, { script: asset('script.js'), style: asset('style.css') });
  writeAsked(path, text);
}
