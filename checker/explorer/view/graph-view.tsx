import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { formatCount } from '../../report/wording.ts';
import { foundCourse } from '../course.ts';
import { MAX_DRAWN, smallGraph } from '../state-graph.ts';
import type { GraphNode, SmallGraph } from '../state-graph.ts';
import { valuesIn } from '../subject.ts';
import type { Subject } from '../subject.ts';
import { Arrowheads, layOut, Outline, pathOf } from './drawing.tsx';
import type { LaidOut } from './drawing.tsx';
import type { Navigate } from './navigation.ts';
import { StatePanel } from './state-panel.tsx';
import { nameOfVerdict, tracesOf } from './verdict.tsx';

interface Props {
  readonly subject: Subject;
  readonly navigate: Navigate;
}

type Drawn =
  | { readonly graph: SmallGraph; readonly drawing: LaidOut; readonly path: ReturnType<typeof pathIn> }
  | 'too large'
  | 'drawing';

const ZOOMS = [0.35, 0.5, 0.7, 1, 1.4];
const REAL_SIZE = ZOOMS.indexOf(1);
/** A graph that is larger than its place is not made smaller than this to begin with. */
const SMALLEST_AT_FIRST = ZOOMS.indexOf(0.5);

/** The state graph of a small model; a click on a state shows it, and from there leads into it. */
export function GraphView({ subject, navigate }: Props) {
  const [drawn, setDrawn] = useState<Drawn>('drawing');
  const [chosen, setChosen] = useState(0);
  const [zoom, setZoom] = useState(REAL_SIZE);
  useEffect(() => {
    setDrawn('drawing');
    // After the notice is on the screen: laying out takes a moment.
    const timer = window.setTimeout(() => {
      const next = drawGraph(subject);
      if (typeof next === 'object')
        setZoom(zoomFor(next.drawing.width, document.getElementById('content')!.clientWidth));
      setDrawn(next);
    }, 30);
    return () => window.clearTimeout(timer);
  }, [subject]);
  const { statistics } = subject.model.result;
  if (drawn === 'drawing') return <p class="note">Drawing…</p>;
  if (drawn === 'too large') {
    const known = statistics.cut === undefined && statistics.distinct > 0;
    return (
      <p class="note">
        This model has {known ? `${formatCount(statistics.distinct)} states` : `more than ${MAX_DRAWN} states`}; graphs
        are drawn up to {MAX_DRAWN}. Give its parameters smaller values, or step through it under Explore.
      </p>
    );
  }
  const { graph, drawing, path } = drawn;
  const node = graph.nodes[chosen]!;
  const scale = ZOOMS[zoom]!;
  const enter = (to: GraphNode): void =>
    navigate({
      model: subject.model.id,
      view: { kind: 'explore', initial: to.initial },
      at: to.choices.length,
      departure: { from: 0, choices: to.choices },
    });
  return (
    <div class="graph-view">
      <div class="controls" role="toolbar" aria-label="Drawing">
        <button type="button" aria-label="Smaller" disabled={zoom === 0} onClick={() => setZoom(zoom - 1)}>
          −
        </button>
        <button
          type="button"
          aria-label="Larger"
          disabled={zoom === ZOOMS.length - 1}
          onClick={() => setZoom(zoom + 1)}
        >
          +
        </button>
        <span class="position">
          {formatCount(graph.nodes.length)} states, {formatCount(graph.edges.length)} edges
        </span>
      </div>
      <GraphLegend subject={subject} graph={graph} path={path.name} />
      <div class="columns">
        <div class="left">
          <GraphDrawing
            subject={subject}
            graph={graph}
            drawing={drawing}
            scale={scale}
            chosen={chosen}
            path={path.edges}
            onChoose={setChosen}
            onEnter={enter}
          />
        </div>
        <div class="right">
          <section class="panel" aria-label="State">
            <h2>
              State {chosen}
              <span class="path">
                {node.isInitial ? ' initial' : ''}
                {node.isStuck ? ' nothing can happen here' : ''}
              </span>
            </h2>
            <StatePanel system={subject.plan.system} values={valuesIn(subject, node.words)} before={undefined} />
            <p>
              <button type="button" onClick={() => enter(node)}>
                Explore from here
              </button>
            </p>
          </section>
          <section class="panel" aria-label="Steps from here">
            <h2>Steps from here</h2>
            <ul class="plain">
              {graph.edges
                .filter(({ from }) => from === chosen)
                .map(({ to, instances }) => (
                  <li key={to}>
                    {instances.map((id) => subject.plan.instances[id]!.label).join(', ')} →{' '}
                    <button type="button" class="link" onClick={() => setChosen(to)}>
                      {to === chosen ? 'itself' : `state ${to}`}
                    </button>
                  </li>
                ))}
            </ul>
          </section>
        </div>
      </div>
    </div>
  );
}

/** So that the whole width is in sight, if it can be: the drawing has a good half of a wide page, all of a narrow one. */
function zoomFor(width: number, room: number): number {
  const place = room > 1040 ? room * 0.55 : room - 24;
  const fitting = ZOOMS.findLastIndex((scale, index) => index <= REAL_SIZE && width * scale <= place);
  return Math.max(SMALLEST_AT_FIRST, fitting);
}

function drawGraph(subject: Subject): Drawn {
  const { distinct, cut } = subject.model.result.statistics;
  if (cut === undefined && MAX_DRAWN < distinct) return 'too large';
  const graph = smallGraph(subject);
  if (graph === undefined || graph.nodes.length === 0) return 'too large';
  const drawing = layOut(
    graph.nodes.map((node, index) => ({
      id: String(index),
      label: String(index),
      tone: `${node.isInitial ? 'initial' : ''} ${node.isStuck ? (isProperEnd(subject, node) ? 'proper' : 'bad') : ''}`,
    })),
    graph.edges.map(({ from, to }) => ({
      from: String(from),
      to: String(to),
      label: '',
      tone: 'plain',
      isBack: to <= from,
    })),
    'TB',
  );
  return { graph, drawing, path: pathIn(subject, graph) };
}

function isProperEnd({ engine, plan }: Subject, { words }: GraphNode): boolean {
  return plan.roles.terminal.some((predicate) => engine.holds(predicate, words, 0) === 1);
}

/** The edges of the first counterexample, by their indices; none when there is none. */
function pathIn(subject: Subject, graph: SmallGraph): { readonly name: string; readonly edges: ReadonlySet<number> } {
  const violated = tracesOf(subject.model).filter(({ outcome }) => outcome.kind === 'violated');
  const verdict = violated.find(({ asExpected }) => !asExpected) ?? violated[0];
  const course = verdict && foundCourse(subject, verdict);
  if (course === undefined) return { name: '', edges: new Set() };
  const numbers = new Map(graph.nodes.map(({ words }, index) => [words.join(), index]));
  const along = course.states.map((words) => numbers.get(words.join()));
  const edges = new Set<number>();
  for (const [index, { from, to }] of graph.edges.entries()) {
    if (along.some((node, at) => node === from && 0 < along.length - at - 1 && along[at + 1] === to)) edges.add(index);
  }
  return { name: nameOfVerdict(verdict!), edges };
}

function GraphLegend({ subject, graph, path }: { subject: Subject; graph: SmallGraph; path: string }) {
  const stuck = graph.nodes.filter(({ isStuck }) => isStuck);
  const proper = stuck.filter((node) => isProperEnd(subject, node)).length;
  return (
    <p class="graph-legend">
      <span class="key initial">initial</span>
      {proper < stuck.length && <span class="key bad">nothing can happen</span>}
      {0 < proper && <span class="key proper">a proper end</span>}
      {path !== '' && <span class="key path">{path}</span>}
      <span class="hint">arrows from the chosen state have names</span>
    </p>
  );
}

/** Pixels around a state that have to be seen with it. */
const MARGIN = 12;

interface DrawingProps {
  readonly subject: Subject;
  readonly graph: SmallGraph;
  readonly drawing: LaidOut;
  readonly scale: number;
  readonly chosen: number;
  /** The edges of a counterexample. */
  readonly path: ReadonlySet<number>;
  readonly onChoose: (node: number) => void;
  readonly onEnter: (node: GraphNode) => void;
}

function GraphDrawing({ subject, graph, drawing, scale, chosen, path, onChoose, onEnter }: DrawingProps) {
  const { left, top, width, height } = drawing;
  const leaving = graph.edges
    .map((edge, index) => ({ ...edge, index }))
    .filter(({ from, to }) => from === chosen && from !== to);
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const { x, y } = drawing.nodes[chosen]!;
    const element = box.current;
    if (element === null) return;
    // Only as far as it takes to see it.
    const [across, down] = [(x - left) * scale, (y - top) * scale];
    const isSeen =
      element.scrollLeft < across - MARGIN &&
      across + MARGIN < element.scrollLeft + element.clientWidth &&
      element.scrollTop < down - MARGIN &&
      down + MARGIN < element.scrollTop + element.clientHeight;
    if (!isSeen) element.scrollTo(across - element.clientWidth / 2, down - element.clientHeight / 2);
  }, [drawing, chosen, scale, left, top]);
  const edges = useMemo(
    () =>
      drawing.edges.map((edge, index) => {
        const { from, to, instances } = graph.edges[index]!;
        const isChosen = from === chosen;
        const tone = isChosen ? 'chosen' : path.has(index) ? 'bad' : 'plain';
        return (
          <path key={index} class={`edge ${tone}`} d={pathOf(edge.points)} marker-end={`url(#arrow-${tone})`}>
            <title>
              {from} → {to}: {instances.map((id) => subject.plan.instances[id]!.label).join(', ')}
            </title>
          </path>
        );
      }),
    [drawing, graph, chosen, path, subject],
  );
  return (
    <div ref={box} class="graph scroll">
      <svg
        class="drawing"
        width={width * scale}
        height={height * scale}
        viewBox={`${left} ${top} ${width} ${height}`}
        role="group"
        aria-label={`State graph with ${graph.nodes.length} states`}
      >
        <Arrowheads />
        {edges}
        {leaving.map(({ index, instances }, position) => {
          const { points } = drawing.edges[index]!;
          const middle = points[Math.floor(points.length / 2)]!;
          const labels = instances.map((id) => subject.plan.instances[id]!.label);
          return (
            <text
              key={index}
              class="edge-label"
              x={middle.x}
              y={middle.y + 14 * ((position % 3) - 1)}
              text-anchor="middle"
            >
              {labels[0]}
              {labels.length > 1 && ` +${labels.length - 1}`}
            </text>
          );
        })}
        {drawing.nodes.map((node, index) => (
          <g
            key={node.id}
            class={`node ${node.tone} ${index === chosen ? 'chosen' : ''}`}
            role="button"
            tabIndex={index === chosen ? 0 : -1}
            aria-label={`state ${index}${graph.nodes[index]!.isInitial ? ', initial' : ''}${graph.nodes[index]!.isStuck ? ', nothing can happen' : ''}`}
            onClick={() => onChoose(index)}
            onDblClick={() => onEnter(graph.nodes[index]!)}
            onKeyDown={(event) => {
              const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
              if (event.key === 'Enter') onEnter(graph.nodes[index]!);
              else if (step !== undefined && graph.nodes[index + step] !== undefined) {
                onChoose(index + step);
                event.currentTarget.parentElement?.querySelectorAll<SVGGElement>('.node')[index + step]?.focus();
              } else return;
              event.preventDefault();
            }}
          >
            <Outline node={node} radius={13} />
          </g>
        ))}
      </svg>
    </div>
  );
}
