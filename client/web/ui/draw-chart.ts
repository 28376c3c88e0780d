import 'uplot/dist/uPlot.min.css';
import uPlot from 'uplot';
import { formatDuration } from './format.ts';
import type { ChartAxes, Series } from './series.ts';

const HEIGHT = 250;

/** Points are drawn as dots while there are few. Later the line says enough. */
const MOST_DOTS = 60;

/** A logarithm has no zero. */
const LEAST = 0.01;

const COUNTS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000];

/** Seconds, from one to thirty days. */
const SPANS = [
  ...[1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 21_600, 43_200, 86_400],
  ...[172_800, 604_800, 2_592_000],
];

/** uPlot hides a cursor that is left of its plot. */
const OUTSIDE = -10;

export interface Chart {
  setData(x: readonly number[], series: readonly Series[]): void;
  /** Draws a line through the values of this index, or takes it away. */
  point(index: number | null): void;
  destroy(): void;
}

/**
 * Draws with uPlot in an element. The chart follows the element's width and the colours of the scheme when they
 * change.
 * @param onPoint with the index of the value under the pointer; null if there is none
 */
export function drawChart(
  element: HTMLElement,
  series: readonly Series[],
  axes: ChartAxes,
  onPoint: (index: number | null) => void,
): Chart {
  let chosen: number | null = null;
  // The place of a value is known after the drawing, and another one after the next.
  const onDraw = (drawn: uPlot): void => pointAt(drawn, chosen);
  let plot = makePlot(element, series, axes, [[]], onDraw);
  const follow = ({ clientX, pointerType, buttons }: PointerEvent): void => {
    if (pointerType !== 'mouse' && buttons === 0) return;
    onPoint(indexAt(plot, clientX));
  };
  const leave = ({ pointerType }: PointerEvent): void => {
    // A finger that was lifted leaves too, and its value is to be read then.
    if (pointerType === 'mouse') onPoint(null);
  };
  element.addEventListener('pointerdown', follow);
  element.addEventListener('pointermove', follow);
  element.addEventListener('pointerleave', leave);
  const resize = new ResizeObserver(() => {
    if (element.clientWidth > 0) plot.setSize({ width: element.clientWidth, height: HEIGHT });
  });
  resize.observe(element);
  const scheme = matchMedia('(prefers-color-scheme: dark)');
  const recolor = (): void => {
    const { data } = plot;
    plot.destroy();
    plot = makePlot(element, series, axes, data, onDraw);
  };
  scheme.addEventListener('change', recolor);
  return {
    setData: (x, now) => {
      const values = now.map(one => (axes.isLog ? one.values.map(shownInLog) : [...one.values]));
      plot.setData([[...x], ...values]);
    },
    point: index => {
      chosen = index;
      pointAt(plot, chosen);
    },
    destroy: () => {
      element.removeEventListener('pointerdown', follow);
      element.removeEventListener('pointermove', follow);
      element.removeEventListener('pointerleave', leave);
      scheme.removeEventListener('change', recolor);
      resize.disconnect();
      plot.destroy();
    },
  };
}

const shownInLog = (value: number | null): number | null => (value === null ? null : Math.max(LEAST, value));

/** The value that is nearest to a place on the screen, from left to right. Null if there are none. */
function indexAt(plot: uPlot, clientX: number): number | null {
  if (plot.data[0].length === 0) return null;
  return plot.posToIdx(clientX - plot.over.getBoundingClientRect().left);
}

/** Draws the line through the chosen values, or takes it away. */
function pointAt(plot: uPlot, index: number | null): void {
  const x = index === null ? undefined : plot.data[0][index];
  const left = x === undefined ? OUTSIDE : plot.valToPos(x, 'x');
  plot.setCursor({ left, top: left < 0 ? OUTSIDE : 0 }, false);
}

function makePlot(
  element: HTMLElement,
  series: readonly Series[],
  { xLabel, yLabel, isTime, range, isLog }: ChartAxes,
  data: uPlot.AlignedData,
  onDraw: (plot: uPlot) => void,
): uPlot {
  const colorOf = (property: string): string => getComputedStyle(element).getPropertyValue(property).trim();
  const axis: uPlot.Axis = {
    stroke: colorOf('--pico-muted-color'),
    grid: { stroke: colorOf('--chart-grid'), width: 1 },
    ticks: { show: false },
    font: '13px system-ui, sans-serif',
    labelFont: '13px system-ui, sans-serif',
    labelSize: 20,
    size: 44,
  };
  return new uPlot(
    {
      width: element.clientWidth || 300,
      height: HEIGHT,
      legend: { show: false },
      // The pointer is followed by us, so that a finger, a mouse and the keyboard point alike.
      cursor: { y: false, drag: { x: false, y: false }, bind: noHandlers },
      scales: {
        x: { time: false, range: (_, min, max) => (min === max ? [min - 1, max + 1] : [min, max]) },
        y: { distr: isLog ? 3 : 1, ...(range ? { range: [...range] } : {}) },
      },
      axes: [
        {
          ...axis,
          size: 32,
          label: xLabel,
          incrs: isTime ? SPANS : COUNTS,
          ...(isTime ? { values: (_, splits) => splits.map(at => formatDuration(at * 1_000)) } : {}),
        },
        { ...axis, label: yLabel },
      ],
      // The element around it says in words what is drawn.
      hooks: { ready: [hideFromReaders], draw: [onDraw] },
      series: [{ label: xLabel }, ...series.map(one => lineOf(one, colorOf(one.color)))],
    },
    data,
    element,
  );
}

const hideFromReaders = ({ root }: uPlot): void => root.setAttribute('aria-hidden', 'true');

const none = (): null => null;
const noHandlers: uPlot.Cursor.Bind = { mousemove: none, mouseleave: none, mouseenter: none };

const lineOf = ({ label, isDashed }: Series, color: string): uPlot.Series => ({
  label,
  stroke: color,
  width: isDashed ? 1.5 : 2.5,
  spanGaps: true,
  ...(isDashed ? { dash: [6, 6] } : {}),
  points: { show: (plot: uPlot) => !isDashed && plot.data[0].length <= MOST_DOTS, size: 5, fill: color },
});
