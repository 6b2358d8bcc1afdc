import { graphToDot } from '../../dsl/diagram/dot.ts';
import type { Graph } from '../../dsl/diagram/graph.ts';
import { graphToMermaid } from '../../dsl/diagram/mermaid.ts';
import { graphToSvg } from '../../dsl/diagram/svg.ts';
import { controlFlowOf } from '../../dsl/docgen/control-flow.ts';
import { suggest } from '../../dsl/diagnostics/suggest.ts';
import type { System } from '../../dsl/ir/index.ts';
import { toldNames } from '../../dsl/ir/told-names.ts';
import { toldSystem } from '../../dsl/ir/told-system.ts';
import { drawStates, MOST_MERGED } from '../document/state-graph.ts';
import { fastestEngine } from '../engine/fastest.ts';
import { isRefused, planOf } from '../plan/plan.ts';
import { wordRefusal } from '../plan/refusal.ts';
import { formatCount } from '../report/wording.ts';
import type { Host } from './host.ts';
import type { ExitCode } from './exit-code.ts';
import { EXIT } from './exit-code.ts';
import { loadOneModel } from './one-model.ts';
import type { OneModel } from './one-model.ts';
import { didYouMean, UsageProblem } from './problem.ts';
import { writeWhole } from './write-file.ts';

/** `fairlead graph`, as the arguments say it. */
export interface GraphRequest extends OneModel {
  /** A process whose control flow is drawn; absent: the states. */
  readonly process?: string | undefined;
  /** Absent: what the name of the output says, else SVG. */
  readonly format?: 'svg' | 'dot' | 'mermaid' | undefined;
  /** States at most. */
  readonly limit: number;
  /** Variables that tell states apart; none: all. */
  readonly project: readonly string[];
  /** A file; absent: standard output. */
  readonly output?: string | undefined;
}

/**
 * Draws the states of a model, or the control flow of one of its processes.
 *
 * @throws UsageProblem when the request names something that is not there, or the output cannot be written.
 */
export async function runGraph(request: GraphRequest, host: Host): Promise<ExitCode> {
  const loaded = await loadOneModel(request, host);
  if (loaded === undefined) return EXIT.rejected;
  const names = toldNames(loaded);
  const system = toldSystem(loaded, names);
  const graph =
    request.process === undefined
      ? statesOf(system, { ...request, project: request.project.map((name) => names?.names.get(name) ?? name) })
      : processOf(system, request.process);
  if (typeof graph === 'string') {
    host.error(`${graph}\n`);
    return EXIT.stopped;
  }
  const title = `${system.name}, ${system.model.name}${request.process === undefined ? '' : `: ${request.process}`}`;
  const text = drawn(graph, formatOf(request), title);
  if (request.output === undefined) host.out(text);
  else {
    try {
      writeWhole(request.output, text);
    } catch (error) {
      throw new UsageProblem(`${request.output} cannot be written: ${(error as Error).message}`);
    }
  }
  return EXIT.asExpected;
}

function processOf(system: System, name: string): Graph {
  const process = system.processes.find((one) => one.name === name);
  if (process !== undefined) return controlFlowOf(system, process, () => undefined);
  const names = system.processes.map((one) => one.name);
  throw new UsageProblem(
    `there is no process ${name}${didYouMean(suggest(name, names))}`,
    names.length === 0 ? 'The spec has no processes.' : `There are the processes ${names.join(', ')}.`,
  );
}

/** The graph, or why there is none. */
function statesOf(system: System, { limit, project }: GraphRequest): Graph | string {
  const plan = planOf(system);
  if (isRefused(plan)) throw new UsageProblem(plan.refusals.map(wordRefusal).join('; '));
  const variables = project.map((name) => variableOf(system, name));
  const result = drawStates(plan, fastestEngine(plan), { limit, ...(variables.length > 0 && { project: variables }) });
  switch (result.kind) {
    case 'graph':
      return result.graph;
    case 'tooManyNodes':
      return tooMany(system, limit, variables);
    case 'tooManyStates':
      return `error: ${system.model.name} has more than ${formatCount(MOST_MERGED)} states, too many to merge: choose smaller parameters with --set`;
  }
}

function tooMany({ model, variables, processes }: System, limit: number, projected: readonly string[]): string {
  const what = projected.length === 0 ? 'states' : `combinations of ${projected.join(', ')}`;
  const names = variables.filter(({ process }) => process === undefined).map(({ name }) => name);
  const [process] = processes;
  return [
    `error: ${model.name} has more than ${formatCount(limit)} ${what}; a drawing of more is of no use to anybody`,
    `Draw a smaller model (--set), merge states that agree on some variables (--project ${names.slice(0, 2).join(',')}),`,
    `${process === undefined ? '' : `draw one process (--process ${process.name}), `}or raise the limit (--limit ${limit * 3}).`,
  ].join('\n');
}

/** A variable by its name; a process stands for where it is. */
function variableOf({ variables, processes }: System, name: string): string {
  const counter = processes.find((process) => process.name === name)?.counter;
  const names = variables.map((variable) => variable.name);
  if (names.includes(name)) return name;
  if (counter !== undefined) return counter;
  const known = [...names, ...processes.map((process) => process.name)];
  throw new UsageProblem(
    `there is no variable ${name}${didYouMean(suggest(name, known))}`,
    `There are the variables ${names.join(', ')}.`,
  );
}

const BY_ENDING: Readonly<Record<string, GraphRequest['format']>> = {
  svg: 'svg',
  dot: 'dot',
  gv: 'dot',
  mmd: 'mermaid',
  mermaid: 'mermaid',
};

function formatOf({ format, output }: GraphRequest): NonNullable<GraphRequest['format']> {
  if (format !== undefined) return format;
  if (output === undefined) return 'svg';
  const known = BY_ENDING[output.split('.').at(-1)!];
  if (known !== undefined) return known;
  throw new UsageProblem(
    `the name ${output} does not say in which form to draw`,
    'Say it with --format: svg, dot or mermaid.',
  );
}

function drawn(graph: Graph, format: NonNullable<GraphRequest['format']>, title: string): string {
  switch (format) {
    case 'svg':
      return `${graphToSvg(graph, { title, standalone: true })}\n`;
    case 'dot':
      return graphToDot(graph, title);
    case 'mermaid':
      return graphToMermaid(graph);
  }
}
