import {
  ResizeBilinearGrad,
  type ResizeBilinearGradAttrs,
  type ResizeBilinearGradInputs,
  ResizeNearestNeighborGrad,
  type ResizeNearestNeighborGradAttrs,
  type ResizeNearestNeighborGradInputs,
  util,
} from '@tensorflow/tfjs-core';
import { cpuKernel, makeTensor, valuesOf } from './cpu-kernel.ts';

/** What tfjs hands a gradient over: all that the forward pass was told. */
export interface Corners {
  readonly alignCorners: boolean;
  readonly halfPixelCenters?: boolean;
}

/** For each place of an enlarged axis: the places of the input that it was made of, and how much of each. */
export type Reads = readonly (readonly (readonly [place: number, weight: number])[])[];

/** The place of the input, perhaps between two, that an output place lies over. */
function placeOver(output: number, input: number, size: number, corners: Corners, half: number): number {
  const isAligned = corners.alignCorners && size > 1;
  const scale = isAligned ? (input - 1) / (size - 1) : input / size;
  return corners.halfPixelCenters ? (output + 0.5) * scale - half : output * scale;
}

const placesOf = (size: number): number[] => Array.from({ length: size }, (_, place) => place);

export function nearestReads(input: number, size: number, corners: Corners): Reads {
  return placesOf(size).map(output => {
    const over = placeOver(output, input, size, corners, 0);
    const nearest = corners.alignCorners ? Math.round(over) : Math.floor(over);
    return [[Math.min(input - 1, nearest), 1]];
  });
}

export function bilinearReads(input: number, size: number, corners: Corners): Reads {
  return placesOf(size).map(output => {
    const over = placeOver(output, input, size, corners, 0.5);
    const before = Math.floor(over);
    const weight = over - before;
    return [
      [Math.max(0, before), 1 - weight],
      [Math.min(input - 1, before + 1), weight],
    ];
  });
}

/**
 * dx [n, h, w, c]: each output's gradient goes back to the places that it was made of. tfjs's kernels are wrong for
 * batches of more than one picture or for pictures that are not square, forget half-pixel centres, and never end for a
 * picture of one pixel with aligned corners.
 */
function scatter(dy: Float32Array, shape: readonly number[], rows: Reads, columns: Reads): Float32Array {
  const [batch = 0, height = 0, width = 0, channels = 0] = shape;
  const dx = new Float32Array(batch * height * width * channels);
  let from = 0;
  for (let n = 0; n < batch; n++)
    for (const row of rows)
      for (const column of columns) {
        for (const [y, yWeight] of row)
          for (const [x, xWeight] of column) {
            const to = ((n * height + y) * width + x) * channels;
            const weight = yWeight * xWeight;
            for (let c = 0; c < channels; c++)
              dx[to + c] = (dx[to + c] as number) + weight * (dy[from + c] as number);
          }
        from += channels;
      }
  return dx;
}

type Inputs = ResizeBilinearGradInputs & ResizeNearestNeighborGradInputs;
type Attrs = (ResizeBilinearGradAttrs | ResizeNearestNeighborGradAttrs) & Corners;

const gradientBy = (name: string, reads: typeof nearestReads) =>
  cpuKernel<Inputs, Attrs>(name, ({ inputs: { images, dy }, attrs, backend }) => {
    const [, height = 0, width = 0] = images.shape;
    const [, outHeight = 0, outWidth = 0] = dy.shape;
    util.assert(dy.shape.length === 4, () => `${name}: expected pictures, got shape [${dy.shape}]`);
    const [rows, columns] = [reads(height, outHeight, attrs), reads(width, outWidth, attrs)];
    return makeTensor(backend, images.shape, scatter(valuesOf(backend, dy), images.shape, rows, columns));
  });

export const resizeGradientConfigs = [
  gradientBy(ResizeNearestNeighborGrad, nearestReads),
  gradientBy(ResizeBilinearGrad, bilinearReads),
];
