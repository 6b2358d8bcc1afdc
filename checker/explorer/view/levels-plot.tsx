import uPlot from 'uplot';
import { useEffect, useRef } from 'preact/hooks';
import { formatCount } from '../../report/wording.ts';
import { THEME_CHANGED } from './theme.tsx';

const HEIGHT = 200;

/** How many states each level of the search has. */
export function LevelsPlot({ levels }: { readonly levels: readonly number[] }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = place.current;
    if (element === null) return undefined;
    let plot: uPlot | undefined;
    const draw = (): void => {
      plot?.destroy();
      plot = new uPlot(optionsFor(element), [levels.map((_, level) => level), [...levels]], element);
    };
    const resized = new ResizeObserver(() => plot?.setSize({ width: element.clientWidth, height: HEIGHT }));
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    draw();
    resized.observe(element);
    document.addEventListener(THEME_CHANGED, draw);
    scheme.addEventListener('change', draw);
    return () => {
      resized.disconnect();
      document.removeEventListener(THEME_CHANGED, draw);
      scheme.removeEventListener('change', draw);
      plot?.destroy();
    };
  }, [levels]);
  const most = Math.max(...levels);
  const label = `${levels.length} levels; the largest has ${formatCount(most)} states, after ${levels.indexOf(most)} steps`;
  return <div ref={place} class="plot" role="img" aria-label={label} style={{ height: HEIGHT }} />;
}

function optionsFor(element: HTMLElement): uPlot.Options {
  // A canvas knows no variables of style: the colors are asked for.
  const probe = getComputedStyle(element);
  const [text, line, accent] = [probe.color, probe.borderTopColor, probe.outlineColor];
  const axis = { stroke: text, grid: { stroke: line, width: 1 }, ticks: { stroke: line, width: 1 } };
  const bars = uPlot.paths.bars?.({ size: [0.7, 40] });
  return {
    width: element.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
    scales: {
      x: { time: false, range: (_, least, most) => [least - 0.5, most + 0.5] },
      y: { range: (_, __, most) => [0, most * 1.08] },
    },
    axes: [
      { ...axis, incrs: WHOLE, grid: { show: false } },
      { ...axis, incrs: WHOLE, size: 64, values: (_, splits) => splits.map(formatCount) },
    ],
    series: [
      {},
      { stroke: accent, fill: accent, width: 0, points: { show: false }, ...(bars !== undefined && { paths: bars }) },
    ],
    plugins: [tooltip()],
  };
}

const WHOLE = [1, 2, 5]
  .flatMap((digit) => Array.from({ length: 10 }, (_, power) => digit * 10 ** power))
  .toSorted((a, b) => a - b);

/** Says the numbers of the level under the pointer. */
function tooltip(): uPlot.Plugin {
  const box = document.createElement('div');
  box.className = 'plot-tip';
  box.hidden = true;
  return {
    hooks: {
      init: (plot) => plot.over.append(box),
      setCursor: (plot) => {
        const { idx, left } = plot.cursor;
        const count = idx === null || idx === undefined ? undefined : plot.data[1]?.[idx];
        box.hidden = count === undefined || count === null || (left ?? -1) < 0;
        if (box.hidden) return;
        box.textContent = `after ${idx} steps: ${formatCount(count!)}`;
        const width = plot.over.clientWidth;
        box.style.left = `${Math.min(Math.max(left!, 70), width - 70)}px`;
      },
    },
  };
}
