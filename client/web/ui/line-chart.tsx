import { useEffect, useRef } from 'preact/hooks';
import type { Chart } from './draw-chart.ts';
import type { Series } from './series.ts';

export interface LineChartProps {
  readonly title: string;
  /** What the picture says, in words. */
  readonly summary: string;
  readonly x: readonly number[];
  readonly series: readonly Series[];
  readonly range?: readonly [number, number];
}

/** Lines over whole numbers. The chart library comes when the first chart is shown. */
export function LineChart({ title, summary, x, series, range }: LineChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<Promise<Chart> | null>(null);
  const names = series.map(({ label }) => label).join();

  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const drawn = import('./draw-chart.ts').then(({ drawChart }) => drawChart(element, series, range));
    chart.current = drawn;
    // If the library does not load, the legend and the figures say the same.
    drawn.catch(() => {});
    return () => void drawn.then(({ destroy }) => destroy()).catch(() => {});
  }, [names]);
  useEffect(() => {
    chart.current?.then(({ setData }) => setData(x, series)).catch(() => {});
  });

  return (
    <figure class="chart">
      <figcaption>
        <strong>{title}</strong>
        <ul class="legend">
          {series.map(({ label, color, isDashed }) => (
            <li key={label}>
              <span
                class={isDashed ? 'swatch dashed' : 'swatch'}
                style={{ '--swatch': `var(${color})` }}
                aria-hidden="true"
              />
              {label}
            </li>
          ))}
        </ul>
      </figcaption>
      <div ref={box} class="chart-box" role="img" aria-label={`${title}: ${summary}`} />
    </figure>
  );
}
