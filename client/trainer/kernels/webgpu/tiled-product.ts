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
 * needs no im2col in memory. A workgroup makes one tile of c. It brings strips of a and b into workgroup memory, each
 * value once, and each thread multiplies a block of them in registers. A naive kernel reads two values from memory
 * for every multiplication. In filter gradients m and n are small and k is long, and a few workgroups would do all
 * the work. There k is cut into `splits` pieces, and the caller sums their tiles.
 */
export interface TiledProduct {
  readonly name: string;
  readonly inputs: readonly string[];
  readonly output: string;
  /**
   * WGSL functions: `rowOf(m) -> vec4<i32>`, made once for each thread; `stepOf(k) -> vec4<i32>`; `loadA(batch, row,
   * step)` and `loadB(batch, k, n)`, called only for places inside; `place(batch, split, m, n)`, the result's index.
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
  /** 1 if k is not cut. */
  readonly splits: number;
}

/**
 * Rows of a tile. 64 rows by up to 64 columns make 16 multiplications for each value read, in 8 KB of workgroup
 * memory.
 */
const TILE_ROWS = 64;

/** A vector: one read of workgroup memory serves four multiplications in each row. */
const BLOCK_COLUMNS = 4;

interface Tile {
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
  /** Rows of a thread's block, which is `BLOCK_COLUMNS` wide. */
  readonly blockRows: number;
  readonly threads: number;
}

/** As wide as the result, 4 to 64 columns; lower if there are few rows. It never has fewer than 64 threads. */
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
 * There are as many rows of tiles as places in a batch of pictures, which may be too many for one axis. The rest goes
 * to the second axis, beside the columns of tiles: workgroup (x, y) of X makes row y div columns · X + x and column y
 * mod columns.
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

/** Finding a row's picture and place takes divisions, so it is done once, before the loop over k. */
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

/** One thread writes four columns at a time: two threads that write into one vector would disturb each other. */
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
