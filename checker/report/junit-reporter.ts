import { escapeXml } from '../../dsl/diagram/svg.ts';
import { standingOf } from './standing.ts';
import { complaintsOf, nameOfModel, storyOf, wordOutcome } from './complaint.ts';
import type { ReportedModel, Reporter, RunEnd } from './reporter.ts';
import { timeOf } from './text.ts';
import { told } from './told-result.ts';
import { nameOf } from './wording.ts';

/**
 * A run as a document that test services read: a suite for each model, a test for each of its properties. What is not as
 * expected is a failure; what was not decided, and what cannot be checked, is an error.
 *
 * There is no norm for it; this is what Jenkins, GitLab, GitHub's test reporters and Maven Surefire's schema agree on.
 *
 * @param out - is given the document, at the end of the run.
 */
export function junitReporter(out: (text: string) => void): Reporter {
  const suites: Suite[] = [];
  return {
    start: () => 'unexpected',
    model: (model) => void suites.push(suiteOf(model)),
    end: (run) => out(documentOf([...suites, ...rejectedIn(run)], run.elapsed)),
  };
}

interface Suite {
  readonly name: string;
  readonly path: string;
  /** Milliseconds. */
  readonly time: number;
  readonly tests: readonly Test[];
}

interface Test {
  readonly name: string;
  readonly className: string;
  readonly problem?: { readonly kind: 'failure' | 'error'; readonly message: string; readonly text: string };
}

function suiteOf(model: ReportedModel): Suite {
  const result = told(model.names, model.result);
  const name = nameOfModel(model);
  const tests = result.verdicts.map((verdict): Test => {
    const test = { name: nameOf(verdict), className: name };
    if (verdict.asExpected) return test;
    const isUnknown = verdict.outcome.kind === 'bounded' || verdict.outcome.kind === 'error';
    const message = wordOutcome(verdict, result);
    const text = storyOf(verdict, model.files);
    return { ...test, problem: { kind: isUnknown ? 'error' : 'failure', message, text } };
  });
  // What is about the model as a whole.
  const others = complaintsOf(model)
    .filter(({ rule }) => rule === 'state-count' || rule === 'cannot-be-checked')
    .map(({ rule, message }): Test => {
      const kind = rule === 'state-count' ? 'failure' : 'error';
      return {
        name: rule === 'state-count' ? 'distinct states' : 'model',
        className: name,
        problem: { kind, message, text: '' },
      };
    });
  const all = [...tests, ...others];
  // Whoever counts tests is not to take a model without any for one that was not run.
  const isEmpty = all.length === 0 && standingOf(result) === 'asExpected';
  return { name, path: model.path, time: timeOf(result), tests: isEmpty ? [{ name: 'model', className: name }] : all };
}

/** What was rejected, or was not begun. */
function rejectedIn({ diagnostics, rejected, skipped }: RunEnd): readonly Suite[] {
  const suites = rejected.map((path): Suite => {
    const found = diagnostics.filter(
      ({ diagnostic, files }) => diagnostic.severity === 'error' && files[0]?.path === path,
    );
    const messages = found.map(({ diagnostic }) => `${diagnostic.code} ${diagnostic.message}`);
    const message = messages[0] ?? 'rejected';
    const problem = { kind: 'error', message, text: messages.join('\n') } as const;
    return { name: path, path, time: 0, tests: [{ name: 'compiles', className: path, problem }] };
  });
  if (skipped === 0) return suites;
  const message = `${skipped} ${skipped === 1 ? 'model was' : 'models were'} not checked`;
  const problem = { kind: 'error', message, text: '' } as const;
  return [
    ...suites,
    { name: 'not checked', path: '', time: 0, tests: [{ name: 'all models', className: 'fairlead', problem }] },
  ];
}

function documentOf(suites: readonly Suite[], elapsed: number): string {
  const all = suites.flatMap(({ tests }) => tests);
  const counts = `tests="${all.length}" failures="${countOf(all, 'failure')}" errors="${countOf(all, 'error')}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="fairlead" ${counts} time="${seconds(elapsed)}">`,
    ...suites.map(suiteText),
    '</testsuites>',
    '',
  ].join('\n');
}

function suiteText({ name, path, time, tests }: Suite): string {
  const counts = `tests="${tests.length}" failures="${countOf(tests, 'failure')}" errors="${countOf(tests, 'error')}"`;
  const file = path === '' ? '' : ` file="${escapeXml(path)}"`;
  return [
    `  <testsuite name="${escapeXml(name)}"${file} ${counts} skipped="0" time="${seconds(time)}">`,
    ...tests.map(testText),
    '  </testsuite>',
  ].join('\n');
}

function testText({ name, className, problem }: Test): string {
  const start = `    <testcase name="${escapeXml(name)}" classname="${escapeXml(className)}" time="0"`;
  if (problem === undefined) return `${start}/>`;
  const { kind, message, text } = problem;
  const body = escapeXml(text === '' ? message : text);
  return `${start}>\n      <${kind} message="${escapeXml(message)}">${body}</${kind}>\n    </testcase>`;
}

function countOf(tests: readonly Test[], kind: 'failure' | 'error'): number {
  return tests.filter(({ problem }) => problem?.kind === kind).length;
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}
