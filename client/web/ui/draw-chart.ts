import 'uplot/dist/uPlot.min.css';
import uPlot from 'uplot';
import type { Series } from './series.ts';

const HEIGHT = 220;

/** Points are drawn as dots while there are few. Later the line says enough. */
const MOST_DOTS = 60;

export interface Chart {
  setData(x: readonly number[], series: readonly Series[]): void;
  destroy(): void;
}

/**
 * Draws with uPlot in an element. The chart follows the element's width and the colours of the scheme when they
 * change.
 */
export function drawChart(
  element: HTMLElement,
  series: readonly Series[],
  range?: readonly [number, number],
): Chart {
  let plot = makePlot(element, series, [[]], range);
  const resize = new ResizeObserver(() => {
    if (element.clientWidth > 0) plot.setSize({ width: element.clientWidth, height: HEIGHT });
  });
  resize.observe(element);
  const scheme = matchMedia('(prefers-color-scheme: dark)');
  const recolor = (): void => {
    const { data } = plot;
    plot.destroy();
    plot = makePlot(element, series, data, range);
  };
  scheme.addEventListener('change', recolor);
  return {
    setData: (x, now) => plot.setData([[...x], ...now.map(({ values }) => [...values])]),
    destroy: () => {
      scheme.removeEventListener('change', recolor);
      resize.disconnect();
      plot.destroy();
    },
  };
}

function makePlot(
  element: HTMLElement,
  series: readonly Series[],
  data: uPlot.AlignedData,
  range: readonly [number, number] | undefined,
): uPlot {
  const colorOf = (property: string): string => getComputedStyle(element).getPropertyValue(property).trim();
  const axis: uPlot.Axis = {
    stroke: colorOf('--pico-muted-color'),
    grid: { stroke: colorOf('--chart-grid'), width: 1 },
    ticks: { show: false },
    font: '13px system-ui, sans-serif',
    size: 44,
  };
  return new uPlot(
    {
      width: element.clientWidth || 300,
      height: HEIGHT,
      legend: { show: false },
      cursor: { drag: { x: false, y: false } },
      scales: {
        x: { time: false, range: (_, min, max) => (min === max ? [min - 1, max + 1] : [min, max]) },
        y: range ? { range: [...range] } : {},
      },
      axes: [{ ...axis, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000], size: 32 }, axis],
      series: [{ label: 'round' }, ...series.map(one => lineOf(one, colorOf(one.color)))],
    },
    data,
    element,
  );
}

const lineOf = ({ label, isDashed }: Series, color: string): uPlot.Series => ({
  label,
  stroke: color,
  width: isDashed ? 1.5 : 2.5,
  spanGaps: true,
  ...(isDashed ? { dash: [6, 6] } : {}),
  points: { show: (plot: uPlot) => !isDashed && plot.data[0].length <= MOST_DOTS, size: 5, fill: color },
});
