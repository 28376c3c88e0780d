import { type Signal, useSignal } from '@preact/signals';
import { useEffect, useId, useRef } from 'preact/hooks';
import type { Chart } from './draw-chart.ts';
import type { ChartAxes, Series } from './series.ts';

export interface LineChartProps {
  readonly title: string;
  /** What the picture says, in words. */
  readonly summary: string;
  readonly axes: ChartAxes;
  readonly x: readonly number[];
  readonly series: readonly Series[];
  /** Names the place along x. Without an index, that of the latest values. */
  readonly placeOf: (index: number | null) => string;
  readonly format: (value: number | null) => string;
  /** A value that is the latest of its line, but not of the latest place: it is told with its own. */
  readonly withPlace: (value: string, index: number) => string;
  /** How the keys work, and what a chart is called. */
  readonly keys: string;
  readonly kind: string;
}

/**
 * Lines with the values of one place beside their names: of the place that a pointer, a finger or the arrow keys choose,
 * or else the latest. The chart library comes when the first chart is shown.
 */
export function LineChart(props: LineChartProps) {
  const { title, summary, x, series, placeOf, format, withPlace, keys, kind } = props;
  const id = useId();
  const chosen = useSignal<number | null>(null);
  const said = useSignal('');
  const index = chosen.value === null ? null : Math.min(chosen.value, x.length - 1);
  const box = useChart(props, chosen, index);
  const valueAt = ({ values }: Series): string => {
    const at =
      index ??
      Math.max(
        0,
        values.findLastIndex(value => value !== null),
      );
    const value = values[at] ?? null;
    const isOlder = index === null && value !== null && at < x.length - 1;
    return isOlder ? withPlace(format(value), at) : format(value);
  };
  const readingAt = (at: number): string =>
    [placeOf(at), ...series.map(one => `${one.label} ${format(one.values[at] ?? null)}`)].join(', ');
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = nextIndex(event.key, index, x.length);
    if (next === undefined) return;
    event.preventDefault();
    chosen.value = next;
    said.value = next === null ? '' : readingAt(next);
  };
  return (
    <figure class="chart">
      <h3>{title}</h3>
      <div
        ref={box}
        class="chart-box"
        role="application"
        aria-roledescription={kind}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys go from value to value
        tabIndex={0}
        aria-label={`${title}: ${summary}`}
        aria-describedby={`${id}-keys`}
        onKeyDown={onKeyDown}
        onBlur={() => (chosen.value = null)}
      />
      <p class="visually-hidden" id={`${id}-keys`}>
        {keys}
      </p>
      <p class="visually-hidden" aria-live="polite" data-testid="chart-said">
        {said.value}
      </p>
      <div class="reading" data-testid="chart-reading">
        <p>{placeOf(index)}</p>
        <dl class="legend">
          {series.map(one => (
            <div key={one.label}>
              <dt>
                <Swatch of={one} />
                {one.label}
              </dt>
              <dd>{valueAt(one)}</dd>
            </div>
          ))}
        </dl>
      </div>
      <figcaption>{summary}</figcaption>
    </figure>
  );
}

function Swatch({ of: { color, isDashed } }: { of: Series }) {
  return (
    <span
      class={isDashed ? 'swatch dashed' : 'swatch'}
      style={{ '--swatch': `var(${color})` }}
      aria-hidden="true"
    />
  );
}

/** Where a key leads. Null leads away from the values, and undefined is a key that is not the chart's. */
function nextIndex(key: string, index: number | null, length: number): number | null | undefined {
  const last = length - 1;
  if (length === 0) return undefined;
  switch (key) {
    case 'ArrowLeft':
      return index === null ? last : Math.max(0, index - 1);
    case 'ArrowRight':
      return index === null ? last : Math.min(last, index + 1);
    case 'Home':
      return 0;
    case 'End':
      return last;
    case 'Escape':
      return null;
    default:
      return undefined;
  }
}

/** Draws in the element of the ref that it returns, and keeps the drawing up to date. */
function useChart({ axes, x, series }: LineChartProps, chosen: Signal<number | null>, index: number | null) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<Promise<Chart> | null>(null);
  const drawnBy = JSON.stringify([axes, series.map(({ label }) => label)]);
  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const onPoint = (at: number | null): void => {
      chosen.value = at;
    };
    const drawn = import('./draw-chart.ts').then(({ drawChart }) =>
      drawChart(element, series, axes, onPoint),
    );
    chart.current = drawn;
    // If the library does not load, the captions and the table say the same.
    drawn.catch(() => {});
    return () => void drawn.then(({ destroy }) => destroy()).catch(() => {});
  }, [drawnBy]);
  useEffect(() => {
    chart.current?.then(({ setData }) => setData(x, series)).catch(() => {});
  }, [drawnBy, x, series]);
  useEffect(() => {
    chart.current?.then(({ point }) => point(index)).catch(() => {});
  }, [drawnBy, index]);
  return box;
}
