/** Side of the square that is transposed at a time: 16 floats are one cache line of each matrix. */
const TILE = 16;

/** Writes the row-major [rows, columns] matrix at `from` in `source` as [columns, rows] at `to` in `target`. */
export function transposeMatrix(
  source: Float32Array,
  from: number,
  rows: number,
  columns: number,
  target: Float32Array,
  to: number,
): void {
  for (let row0 = 0; row0 < rows; row0 += TILE) {
    const rowEnd = Math.min(row0 + TILE, rows);
    for (let column0 = 0; column0 < columns; column0 += TILE) {
      const columnEnd = Math.min(column0 + TILE, columns);
      for (let column = column0; column < columnEnd; column++) {
        for (let row = row0; row < rowEnd; row++) {
          target[to + column * rows + row] = source[from + row * columns + column] as number;
        }
      }
    }
  }
}
