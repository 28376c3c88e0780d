import type { Settings } from './layer-kinds.ts';
import type { Sketcher } from './sketch.ts';

/** Pieces that several networks have in common. Each follows the last layer and returns its own last one. */

interface ConvSettings {
  readonly size?: number;
  readonly stride?: number;
  readonly padding?: 'same' | 'valid';
  readonly bias?: boolean;
  readonly activation?: string;
}

const windowOf = ({
  size = 3,
  stride = 1,
  padding = 'same',
  bias = true,
  activation = 'linear',
}: ConvSettings) => ({
  kernel_size: [size, size],
  strides: [stride, stride],
  padding,
  use_bias: bias,
  activation,
});

export const conv = (
  net: Sketcher,
  name: string,
  filters: number,
  settings: ConvSettings = {},
  ...from: readonly string[]
): string => net.add('Conv2D', name, { ...windowOf(settings), filters }, ...from);

export const depthwise = (net: Sketcher, name: string, settings: ConvSettings = {}): string =>
  net.add('DepthwiseConv2D', name, windowOf(settings));

export const pool = (net: Sketcher, name: string, size = 2, stride = size, settings: Settings = {}): string =>
  net.add('MaxPooling2D', name, { pool_size: [size, size], strides: [stride, stride], ...settings });

export const pad = (net: Sketcher, name: string, before: number, after: number): string =>
  net.add('ZeroPadding2D', name, {
    padding: [
      [before, after],
      [before, after],
    ],
  });

export const norm = (net: Sketcher, name: string, ...from: readonly string[]): string =>
  net.add('BatchNormalization', name, { momentum: 0.9 }, ...from);

export const relu = (net: Sketcher, name: string, ...from: readonly string[]): string =>
  net.add('Activation', name, { activation: 'relu' }, ...from);

export const relu6 = (net: Sketcher, name: string): string => net.add('ReLU', name, { max_value: 6 });

export const dense = (net: Sketcher, name: string, units: number, activation = 'linear'): string =>
  net.add('Dense', name, { units, activation });
