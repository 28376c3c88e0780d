import { loadLanes, storeLanes } from './vector';

/** Output channels of panel `p` in a group of `outputs`: 8, or 4 where no more than 4 are left. */
@inline
export function panelWidth(outputs: i32, panel: i32): i32 {
  return outputs - panel * 8 > 4 ? 8 : 4;
}

/** Bytes of one group's packed weights: `rows` × the outputs rounded up to four. */
@inline
export function groupBytes(rows: i32, outputs: i32): i32 {
  return rows * ((outputs + 3) & ~3) * 4;
}

/**
 * Lays a filter out in panels, so that `convolve` reads it straight through: for each group, for each panel of 8 output
 * channels (the last of 4 where no more are left), for each tap and input channel, the panel's weights side by side,
 * zero where the group has no such output. Any filter with regular steps: as it is, turned and transposed, or every
 * other tap of it.
 * @param tapRowStep, tapColumnStep, channelStep, outputStep, groupStep bytes between neighbours in the source; may be negative
 * @param from, to work items: groups × panels a group
 */
export function packWeights(
  source: usize, target: usize, tapRows: i32, tapColumns: i32, channels: i32, outputs: i32,
  tapRowStep: i32, tapColumnStep: i32, channelStep: i32, outputStep: i32, groupStep: i32,
  from: i32, to: i32,
): void {
  const panels = (outputs + 7) >> 3;
  const rows = tapRows * tapColumns * channels;
  for (let item = from; item < to; item++) {
    const group = item / panels;
    const panel = item % panels;
    const width = panelWidth(outputs, panel);
    const valid = outputs - panel * 8;
    let write = target + group * groupBytes(rows, outputs) + panel * rows * 32;
    const start = source + group * groupStep + panel * 8 * outputStep;
    for (let tapRow = 0; tapRow < tapRows; tapRow++) {
      for (let tapColumn = 0; tapColumn < tapColumns; tapColumn++) {
        let read = start + tapRow * tapRowStep + tapColumn * tapColumnStep;
        for (let channel = 0; channel < channels; channel++) {
          packRow(read, write, outputStep, valid, width);
          read += channelStep;
          write += width * 4;
        }
      }
    }
  }
}

@inline
function packRow(read: usize, write: usize, step: i32, valid: i32, width: i32): void {
  if (step == 4) {
    v128.store(write, loadLanes(read, valid));
    if (width == 8) v128.store(write, loadLanes(read + 16, valid - 4), 16);
  } else {
    for (let lane = 0; lane < width; lane++) {
      store<f32>(write + lane * 4, lane < valid ? load<f32>(read + lane * step) : 0);
    }
  }
}
