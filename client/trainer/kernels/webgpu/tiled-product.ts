import type { TensorInfo } from '@tensorflow/tfjs-core';
import {
  type GpuBackend,
  type GpuProgram,
  i32,
  runGpuProgram,
  type Uniforms,
  type Workgroups,
} from './gpu-program.ts';

/**
 * A batch of matrix products c[m, n] = Σ_k a[m, k]·b[k, n] whose factors are read by functions, so that a convolution
 * needs no im2col in memory. A workgroup makes one tile of c: it brings strips of a and b into workgroup memory, each
 * value once, and each thread multiplies a block of them in registers; a naive kernel reads two values from memory for
 * every multiplication. Where m and n are small and k is long, as in filter gradients, k is cut into `splits` parts whose
 * tiles are summed by the caller, or a few workgroups would do all the work.
 */
export interface TiledProduct {
  readonly name: string;
  readonly inputs: readonly string[];
  readonly output: string;
  /**
   * WGSL functions: `rowOf(m) -> vec4<i32>`, made once a thread; `stepOf(k) -> vec4<i32>`; `loadA(batch, row, step)` and
   * `loadB(batch, k, n)`, called for places inside only; `place(batch, split, m, n)`, the result's index.
   */
  readonly functions: string;
  /** The index along which neighbours of a lie side by side in memory. */
  readonly aAlong: 'm' | 'k';
  readonly bAlong: 'n' | 'k';
}

export interface ProductSize {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly batches: number;
  /** 1 where k is not cut. */
  readonly splits: number;
}

/** Rows of a tile. 64 rows by up to 64 columns keep 16 multiplications a value read, in 8 KB of workgroup memory. */
const TILE_ROWS = 64;

/** A vector: one read of workgroup memory serves four multiplications a row. */
const BLOCK_COLUMNS = 4;

interface Tile {
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
  /** Of a thread's block, `BLOCK_COLUMNS` wide. */
  readonly blockRows: number;
  readonly threads: number;
}

/** As wide as the result is, 4 to 64 columns; lower where there are few rows. Never fewer than 64 threads. */
export function tileOf({ m, n }: Pick<ProductSize, 'm' | 'n'>): Tile {
  const columns = n <= 4 ? 4 : n <= 8 ? 8 : n <= 16 ? 16 : n <= 32 ? 32 : 64;
  const threadColumns = columns / BLOCK_COLUMNS;
  const tallest = Math.min(4, threadColumns);
  const threads = (TILE_ROWS / tallest) * threadColumns;
  const needed = m <= TILE_ROWS / 4 ? tallest / 4 : m <= TILE_ROWS / 2 ? tallest / 2 : tallest;
  const blockRows = Math.max(1, needed);
  return {
    rows: (threads / threadColumns) * blockRows,
    columns,
    depth: columns >= 32 ? 16 : 8,
    blockRows,
    threads,
  };
}

/** A dispatch has at most 65,535 workgroups along an axis. */
const MAX_ROW = 32_768;

/**
 * Rows of tiles are as many as places in a batch of pictures, and may be too many for one axis: the rest stands beside
 * the columns of tiles, on the second: workgroup (x, y) of X makes row y div columns · X + x and column y mod columns.
 */
export const tileWorkgroups = (rowTiles: number, columnTiles: number, products: number): Workgroups => [
  Math.min(rowTiles, MAX_ROW),
  columnTiles * Math.ceil(rowTiles / MAX_ROW),
  products,
];

export function runTiledProduct(
  backend: GpuBackend,
  product: TiledProduct,
  { m, n, k, batches, splits }: ProductSize,
  inputs: readonly TensorInfo[],
  output: TensorInfo,
  uniforms: Uniforms,
): void {
  const tile = tileOf({ m, n });
  const columnTiles = Math.ceil(n / tile.columns);
  const workgroups = tileWorkgroups(Math.ceil(m / tile.rows), columnTiles, batches * splits);
  runGpuProgram(backend, programOf(product, tile), workgroups, inputs, [output], {
    m: i32(m),
    n: i32(n),
    k: i32(k),
    columnTiles: i32(columnTiles),
    splits: i32(splits),
    splitDepth: i32(Math.ceil(k / splits)),
    ...uniforms,
  });
}

function programOf(product: TiledProduct, tile: Tile): GpuProgram {
  const { rows, columns, depth, blockRows, threads } = tile;
  const strideB = columns / BLOCK_COLUMNS;
  return {
    key: `${product.name}_${rows}x${columns}`,
    inputs: product.inputs,
    outputs: [product.output],
    code: `
${product.functions}
var<workgroup> stripA: array<f32, ${rows * depth}>;
var<workgroup> stripB: array<vec4<f32>, ${strideB * depth}>;

fn readB(batch: i32, k: i32, n: i32) -> f32 {
  if (n >= uniforms.n) { return 0.0; }
  return loadB(batch, k, n);
}

fn store(batch: i32, split: i32, row: i32, column: i32, sums: vec4<f32>) {
  if (row >= uniforms.m) { return; }
  for (var c = 0; c < min(${BLOCK_COLUMNS}, uniforms.n - column); c++) {
    ${product.output}[place(batch, split, row, column + c)] = sums[c];
  }
}

@compute @workgroup_size(${threads})
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let thread = i32(local);
  let rowTile = i32(group.y) / uniforms.columnTiles * i32(groups.x) + i32(group.x);
  let firstRow = rowTile * ${rows};
  if (firstRow >= uniforms.m) { return; }
  let firstColumn = i32(group.y) % uniforms.columnTiles * ${columns};
  let batch = i32(group.z) / uniforms.splits;
  let split = i32(group.z) % uniforms.splits;
  let end = min(uniforms.k, (split + 1) * uniforms.splitDepth);
  let blockRow = thread / ${strideB} * ${blockRows};
  let block = thread % ${strideB};
  ${prepareRows(product, tile)}
  ${each(blockRows, r => `var sums${r} = vec4<f32>();`)}
  for (var k0 = split * uniforms.splitDepth; k0 < end; k0 += ${depth}) {
    ${fillA(product, tile)}
    ${fillB(product, tile)}
    workgroupBarrier();
    for (var d = 0; d < ${depth}; d++) {
      let b = stripB[d * ${strideB} + block];
      ${each(blockRows, r => `sums${r} += stripA[d * ${rows} + blockRow + ${r}] * b;`)}
    }
    workgroupBarrier();
  }
  let column = firstColumn + block * ${BLOCK_COLUMNS};
  ${each(blockRows, r => `store(batch, split, firstRow + blockRow + ${r}, column, sums${r});`)}
}`,
  };
}

const each = (count: number, write: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => write(i)).join(' ');

const loadsOfA = ({ rows, depth, threads }: Tile): number => (rows * depth) / threads;

/** Which picture and place a row is takes divisions; they are done once, before the loop over k. */
function prepareRows({ aAlong }: TiledProduct, tile: Tile): string {
  const { rows, depth, threads } = tile;
  if (aAlong === 'm')
    return `let aRow = thread % ${rows}; let isRow = firstRow + aRow < uniforms.m; let row = rowOf(firstRow + aRow);`;
  return each(
    loadsOfA(tile),
    j => `let aRow${j} = thread / ${depth} + ${(j * threads) / depth};
  let isRow${j} = firstRow + aRow${j} < uniforms.m;
  let row${j} = rowOf(firstRow + aRow${j});`,
  );
}

function fillA({ aAlong }: TiledProduct, tile: Tile): string {
  const { rows, depth, threads } = tile;
  if (aAlong === 'k')
    return `let aStep = thread % ${depth};
    let isStep = k0 + aStep < end;
    let step = stepOf(k0 + aStep);
    ${each(
      loadsOfA(tile),
      j => `var a${j} = 0.0;
    if (isRow${j} && isStep) { a${j} = loadA(batch, row${j}, step); }
    stripA[aStep * ${rows} + aRow${j}] = a${j};`,
    )}`;
  return each(
    loadsOfA(tile),
    j => `let aStep${j} = thread / ${rows} + ${(j * threads) / rows};
    var a${j} = 0.0;
    if (isRow && k0 + aStep${j} < end) { a${j} = loadA(batch, row, stepOf(k0 + aStep${j})); }
    stripA[aStep${j} * ${rows} + aRow] = a${j};`,
  );
}

/** Four columns at a time, each by one thread: two threads that write parts of one vector would be in each other's way. */
function fillB({ bAlong }: TiledProduct, { columns, depth, threads }: Tile): string {
  const vectors = columns / BLOCK_COLUMNS;
  const [step, vector] =
    bAlong === 'n' ? [`i / ${vectors}`, `i % ${vectors}`] : [`i % ${depth}`, `i / ${depth}`];
  return `for (var i = thread; i < ${vectors * depth}; i += ${threads}) {
      let k = k0 + ${step};
      let n = firstColumn + ${vector} * ${BLOCK_COLUMNS};
      var b = vec4<f32>();
      if (k < end) {
        b = vec4<f32>(readB(batch, k, n), readB(batch, k, n + 1), readB(batch, k, n + 2), readB(batch, k, n + 3));
      }
      stripB[(${step}) * ${vectors} + ${vector}] = b;
    }`;
}
