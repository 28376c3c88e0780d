/**
 * Copies `bytes` (a multiple of four) of every row: concatenation and splitting along the last axis.
 * @param sourceStep, targetStep bytes between rows
 * @param from, to work items: rows
 */
export function copyRows(
  source: usize, target: usize, sourceStep: i32, targetStep: i32, bytes: i32, from: i32, to: i32,
): void {
  source += from * sourceStep;
  target += from * targetStep;
  for (let row = from; row < to; row++) {
    let at = 0;
    for (; at + 16 <= bytes; at += 16) v128.store(target + at, v128.load(source + at));
    for (; at < bytes; at += 4) store<u32>(target + at, load<u32>(source + at));
    source += sourceStep;
    target += targetStep;
  }
}
