import { type ConvInfo, columnCount, outputCells } from './conv-info.ts';
import { transposeMatrix } from './transpose-matrix.ts';
import { outputsInside } from './window.ts';

/**
 * Writes x [N, H, W, C] as the transposed column matrix [Kh * Kw * C, N * Ho * Wo], every cell of it. It is
 * transposed because the filter gradient is columns^T * dY, and a matMul with transposeA is some 12 times slower on
 * the WASM backend than a plain one.
 */
export function im2colTransposed(x: Float32Array, info: ConvInfo, columns: Float32Array): void {
  if (isAligned(info)) shiftPlanes(x, info, columns);
  else gatherTaps(x, info, columns);
}

/** Stride 1 and an output of the input's size ("same"), with the tap at (top, left) over the output's cell. */
function isAligned(info: ConvInfo): boolean {
  const { top, left } = info.padInfo;
  const isUnitStride = info.strideHeight === 1 && info.strideWidth === 1;
  const isUndilated = info.dilationHeight === 1 && info.dilationWidth === 1;
  const isSameSize = info.outHeight === info.inHeight && info.outWidth === info.inWidth;
  return isUnitStride && isUndilated && isSameSize && top < info.filterHeight && left < info.filterWidth;
}

/**
 * The aligned case, two to three times faster. The tap over the cell itself is x transposed to one plane for each
 * channel. Every other tap is those planes moved by a constant number of cells, in one memmove. The move takes some
 * cells over the edge of a row, an image or a plane. They are exactly those on padding, and are cleared afterwards.
 */
function shiftPlanes(x: Float32Array, info: ConvInfo, columns: Float32Array): void {
  const { top, left } = info.padInfo;
  const size = outputCells(info) * info.inChannels;
  const center = (top * info.filterWidth + left) * size;
  transposeMatrix(x, 0, outputCells(info), info.inChannels, columns, center);
  for (let kh = 0; kh < info.filterHeight; kh++) {
    for (let kw = 0; kw < info.filterWidth; kw++) {
      const tap = (kh * info.filterWidth + kw) * size;
      if (tap === center) continue;
      const shift = (kh - top) * info.outWidth + (kw - left);
      columns.copyWithin(
        tap + Math.max(0, -shift),
        center + Math.max(0, shift),
        center + size + Math.min(0, shift),
      );
      clearPadding(columns.subarray(tap, tap + size), info, kh - top, kw - left);
    }
  }
}

/** Zeroes, in every plane [Ho, Wo], the cells from which (rowShift, columnShift) leads out of the image. */
function clearPadding(planes: Float32Array, info: ConvInfo, rowShift: number, columnShift: number): void {
  const { outHeight, outWidth } = info;
  const rows = outputsInside(outHeight, outHeight, 1, 0, rowShift);
  const { start, end } = outputsInside(outWidth, outWidth, 1, 0, columnShift);
  const planeSize = outHeight * outWidth;
  for (let plane = 0; plane < planes.length; plane += planeSize) {
    planes.fill(0, plane, plane + rows.start * outWidth);
    planes.fill(0, plane + rows.end * outWidth, plane + planeSize);
    for (let column = 0; column < start; column++) clearColumn(planes, plane + column, info);
    for (let column = end; column < outWidth; column++) clearColumn(planes, plane + column, info);
  }
}

function clearColumn(planes: Float32Array, from: number, { outHeight, outWidth }: ConvInfo): void {
  for (let row = 0; row < outHeight; row++) planes[from + row * outWidth] = 0;
}

/**
 * Any convolution. The loops are nested in one function, because it moves Kh * Kw times the input, in runs of one
 * row.
 */
function gatherTaps(x: Float32Array, info: ConvInfo, columns: Float32Array): void {
  const { batchSize, inChannels, inHeight, inWidth, outHeight, outWidth, strideHeight, strideWidth } = info;
  const { top, left } = info.padInfo;
  const cells = outputCells(info);
  const xStep = strideWidth * inChannels;
  for (let kh = 0; kh < info.filterHeight; kh++) {
    const rows = outputsInside(outHeight, inHeight, strideHeight, top, kh * info.dilationHeight);
    for (let kw = 0; kw < info.filterWidth; kw++) {
      const tapColumn = kw * info.dilationWidth;
      const { start, end } = outputsInside(outWidth, inWidth, strideWidth, left, tapColumn);
      const tapRow = (kh * info.filterWidth + kw) * inChannels;
      // Padding stays zero; only taps that reach over an edge have any.
      const isClipped = rows.end - rows.start < outHeight || end - start < outWidth;
      if (isClipped) columns.fill(0, tapRow * cells, (tapRow + inChannels) * cells);
      for (let n = 0; n < batchSize; n++) {
        for (let oh = rows.start; oh < rows.end; oh++) {
          const ih = oh * strideHeight - top + kh * info.dilationHeight;
          const xRow = ((n * inHeight + ih) * inWidth + start * strideWidth - left + tapColumn) * inChannels;
          const cellRow = (n * outHeight + oh) * outWidth;
          for (let c = 0; c < inChannels; c++) {
            const to = (tapRow + c) * cells + cellRow;
            for (let ow = start, from = xRow + c; ow < end; ow++, from += xStep) {
              columns[to + ow] = x[from] as number;
            }
          }
        }
      }
    }
  }
}

/**
 * The adjoint of im2col in the plain layout: clears dx [N, H, W, C] and adds the columns [N * Ho * Wo, Kh * Kw * C]
 * into it.
 */
export function col2im(columns: Float32Array, info: ConvInfo, dx: Float32Array): void {
  const { batchSize, inChannels, inHeight, inWidth, outHeight, outWidth, strideHeight, strideWidth } = info;
  const { top, left } = info.padInfo;
  const rowSize = columnCount(info);
  dx.fill(0);
  for (let kh = 0; kh < info.filterHeight; kh++) {
    const rows = outputsInside(outHeight, inHeight, strideHeight, top, kh * info.dilationHeight);
    for (let kw = 0; kw < info.filterWidth; kw++) {
      const tapColumn = kw * info.dilationWidth;
      const { start, end } = outputsInside(outWidth, inWidth, strideWidth, left, tapColumn);
      const tap = (kh * info.filterWidth + kw) * inChannels;
      for (let n = 0; n < batchSize; n++) {
        for (let oh = rows.start; oh < rows.end; oh++) {
          const ih = oh * strideHeight - top + kh * info.dilationHeight;
          for (let ow = start; ow < end; ow++) {
            const from = ((n * outHeight + oh) * outWidth + ow) * rowSize + tap;
            const iw = ow * strideWidth - left + tapColumn;
            const to = ((n * inHeight + ih) * inWidth + iw) * inChannels;
            for (let c = 0; c < inChannels; c++)
              dx[to + c] = (dx[to + c] as number) + (columns[from + c] as number);
          }
        }
      }
    }
  }
}
