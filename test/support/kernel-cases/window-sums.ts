/**
 * Convolution and pooling by plain loops in float64 that share nothing with tfjs: what the CPU backend is checked
 * against, because it is wrong in places itself. Pictures of one, two or three axes are seen as blocks of three.
 */

/** One axis of a picture, under a filter that moves along it. */
export interface WindowAxis {
  readonly input: number;
  readonly output: number;
  readonly filter: number;
  readonly stride: number;
  readonly dilation: number;
  /** Places of padding before the first one. */
  readonly before: number;
}

interface AxisSetting {
  readonly input: number;
  readonly filter: number;
  readonly stride: number;
  readonly dilation: number;
  readonly pad: 'same' | 'valid';
}

/** As TensorFlow defines it: with `same` the output is ⌈input / stride⌉, and the larger half of the padding is behind. */
export function windowAxis({ pad, ...axis }: AxisSetting): WindowAxis {
  const reach = (axis.filter - 1) * axis.dilation + 1;
  if (pad === 'valid')
    return { ...axis, output: Math.ceil((axis.input - reach + 1) / axis.stride), before: 0 };
  const output = Math.ceil(axis.input / axis.stride);
  const padding = Math.max(0, (output - 1) * axis.stride + reach - axis.input);
  return { ...axis, output, before: Math.floor(padding / 2) };
}

type Visit = (input: number, tap: number, output: number) => void;

/** Visits every place of the input that a tap of the filter reads, with the tap's and the output's place. */
export function forEachTap(axes: readonly WindowAxis[], visit: Visit): void {
  const [axis, ...inner] = axes;
  if (!axis) {
    visit(0, 0, 0);
    return;
  }
  const [inputs, taps, outputs] = (['input', 'filter', 'output'] as const).map(size =>
    inner.reduce((product, { [size]: count }) => product * count, 1),
  ) as [number, number, number];
  for (let output = 0; output < axis.output; output++)
    for (let tap = 0; tap < axis.filter; tap++) {
      const input = output * axis.stride + tap * axis.dilation - axis.before;
      if (input < 0 || input >= axis.input) continue;
      forEachTap(inner, (i, t, o) => visit(input * inputs + i, tap * taps + t, output * outputs + o));
    }
}

export const placesOf = (axes: readonly WindowAxis[], size: 'input' | 'filter' | 'output'): number =>
  axes.reduce((product, axis) => product * axis[size], 1);

/** y, and the gradients of Σ y · dy for x and w. */
export interface Convolved {
  readonly y: Float64Array;
  readonly dx: Float64Array;
  readonly dw: Float64Array;
}

type Numbers = ArrayLike<number>;

interface ConvSizes {
  readonly axes: readonly WindowAxis[];
  readonly batch: number;
  readonly channels: number;
  /** Output channels; for a depthwise convolution so many for each channel. */
  readonly outputs: number;
  readonly isDepthwise: boolean;
}

/** Channels last; filters are [taps, channels, outputs]. */
export function convolveByHand(sizes: ConvSizes, x: Numbers, w: Numbers, dy: Numbers): Convolved {
  const { axes, batch, channels, outputs, isDepthwise } = sizes;
  const [ins, outs] = [placesOf(axes, 'input'), placesOf(axes, 'output')];
  const width = isDepthwise ? channels * outputs : outputs;
  const y = new Float64Array(batch * outs * width);
  const dx = new Float64Array(batch * ins * channels);
  const dw = new Float64Array(placesOf(axes, 'filter') * channels * outputs);
  const add = (to: Float64Array, place: number, value: number): void => {
    to[place] = (to[place] ?? 0) + value;
  };
  for (let n = 0; n < batch; n++)
    forEachTap(axes, (i, t, o) => {
      for (let c = 0; c < channels; c++)
        for (let k = 0; k < outputs; k++) {
          const xAt = (n * ins + i) * channels + c;
          const wAt = (t * channels + c) * outputs + k;
          const yAt = (n * outs + o) * width + (isDepthwise ? c * outputs + k : k);
          add(y, yAt, (x[xAt] ?? 0) * (w[wAt] ?? 0));
          add(dx, xAt, (dy[yAt] ?? 0) * (w[wAt] ?? 0));
          add(dw, wAt, (dy[yAt] ?? 0) * (x[xAt] ?? 0));
        }
    });
  return { y, dx, dw };
}

/** Of each window of one channel. */
export interface Pooled {
  readonly y: Float64Array;
  readonly dx: Float64Array;
}

interface PoolSizes {
  readonly axes: readonly WindowAxis[];
  readonly batch: number;
  readonly channels: number;
}

/** The places of the input in each window, by the output's place, in order; channels last. */
function windowsOf({ axes, batch, channels }: PoolSizes): number[][] {
  const [ins, outs] = [placesOf(axes, 'input'), placesOf(axes, 'output')];
  const windows: number[][] = Array.from({ length: batch * outs * channels }, () => []);
  for (let n = 0; n < batch; n++)
    forEachTap(axes, (i, _, o) => {
      for (let c = 0; c < channels; c++)
        windows[(n * outs + o) * channels + c]?.push((n * ins + i) * channels + c);
    });
  return windows;
}

/** The largest value of each window, or its mean; the gradient goes to the first largest one, or to all alike. */
export function poolByHand(kind: 'max' | 'mean', sizes: PoolSizes, x: Numbers, dy: Numbers): Pooled {
  const windows = windowsOf(sizes);
  const dx = new Float64Array(sizes.batch * placesOf(sizes.axes, 'input') * sizes.channels);
  const y = windows.map((window, o) => {
    const values = window.map(place => x[place] ?? Number.NaN);
    const largest = Math.max(...values);
    const chosen = kind === 'max' ? window.slice(values.indexOf(largest)).slice(0, 1) : window;
    for (const place of chosen) dx[place] = (dx[place] ?? 0) + (dy[o] ?? 0) / chosen.length;
    return kind === 'max' ? largest : values.reduce((sum, value) => sum + value, 0) / values.length;
  });
  return { y: Float64Array.from(y), dx };
}
