import { type ConvInfo, columnCount, outputCells } from './conv-info.ts';
import { outputsInside } from './window.ts';

/**
 * Writes x [N, H, W, C] as the transposed column matrix [Kh * Kw * C, N * Ho * Wo], every cell of it.
 *
 * Transposed, because the filter gradient is columns^T * dY and a matMul with transposeA is some 15 times
 * slower on the WASM backend than a plain one. One function with five nested loops: it moves Kh * Kw times
 * the input, and a call per row would cost more than the row.
 */
export function im2colTransposed(x: Float32Array, info: ConvInfo, columns: Float32Array): void {
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
 * The adjoint of im2col in the plain layout: adds columns [N * Ho * Wo, Kh * Kw * C] into dx [N, H, W, C],
 * which it clears first.
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
