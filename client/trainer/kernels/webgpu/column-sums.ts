import type { TensorInfo } from '@tensorflow/tfjs-core';
import { type GpuBackend, type GpuProgram, i32, runGpuProgram, type Uniforms } from './gpu-program.ts';

/**
 * Sums over the rows of a matrix [rows, columns], by column: bias gradients, the statistics of norms and their
 * gradients. Memory is the bound, so every value is read once, by neighbouring threads side by side. Several sums
 * that need the same values are taken together. Rows are cut into slabs, one workgroup each, because a single
 * workgroup would leave most of a device idle. A second run adds up the slabs' sums.
 */
export interface ColumnSums {
  readonly name: string;
  readonly inputs: readonly string[];
  /** One name for each sum. */
  readonly outputs: readonly string[];
  /** WGSL that runs once for each thread; it may use `column`. */
  readonly setUp?: string;
  /** WGSL for one row: adds to `sum0`, `sum1`, … ; may use `i`, the element's place, `row` and `column`. */
  readonly add: string;
  /** WGSL, one expression of `total0`, … for each output; the totals themselves if left out. */
  readonly finish?: readonly string[];
}

export interface Matrix {
  readonly rows: number;
  readonly columns: number;
}

/** Workgroups that there are to be at least, so that every core of a large device has some. */
export const WORKGROUPS_WANTED = 512;
const THREADS = 256;
const MAX_COLUMNS = 64;
/** Rows that a thread sums before one more workgroup pays. */
const ROWS_A_THREAD = 8;
/** The second run goes through the slabs in one workgroup for each block of columns. */
const MAX_SLABS = 256;

/** Threads side by side on columns: all of the columns if they are few, so that the other threads share the rows. */
const columnThreads = (columns: number): number =>
  Math.min(MAX_COLUMNS, 2 ** Math.ceil(Math.log2(Math.max(1, columns))));

/** Rows of a slab, so that there are enough workgroups; all rows if the columns alone make enough. */
export function rowsPerSlab({ rows, columns }: Matrix): number {
  const across = columnThreads(columns);
  const slabs = Math.min(MAX_SLABS, Math.ceil(WORKGROUPS_WANTED / Math.ceil(columns / across)));
  return Math.max((THREADS / across) * ROWS_A_THREAD, Math.ceil(rows / slabs));
}

/** Into how many slabs of one size each example's rows are cut: there may be too few examples to fill a device. */
export function slabsPerExample(examples: number, { rows, columns }: Matrix): number {
  const workgroups = examples * Math.ceil(columns / columnThreads(columns));
  const least = (THREADS / columnThreads(columns)) * ROWS_A_THREAD;
  let slabs = Math.max(1, Math.min(Math.ceil(WORKGROUPS_WANTED / workgroups), Math.floor(rows / least)));
  while (rows % slabs !== 0) slabs--;
  return slabs;
}

/** Writes [slabs, columns] into each output. A slab has `slabRows` rows; the last one may have fewer. */
export function runColumnSums(
  backend: GpuBackend,
  sums: ColumnSums,
  { rows, columns }: Matrix,
  slabRows: number,
  inputs: readonly TensorInfo[],
  outputs: readonly TensorInfo[],
  uniforms: Uniforms = {},
): void {
  const across = columnThreads(columns);
  const slabs = Math.ceil(rows / slabRows);
  // A dispatch has at most 65,535 workgroups along an axis.
  const workgroups = [
    Math.ceil(columns / across),
    Math.min(slabs, 32_768),
    Math.ceil(slabs / 32_768),
  ] as const;
  runGpuProgram(backend, programOf(sums, across), workgroups, inputs, outputs, {
    rows: i32(rows),
    columns: i32(columns),
    slabRows: i32(slabRows),
    slabs: i32(slabs),
    ...uniforms,
  });
}

/** Each thread sums its column's share of rows; then halves of the workgroup are added until one row is left. */
function programOf({ name, inputs, outputs, setUp, add, finish }: ColumnSums, across: number): GpuProgram {
  const down = THREADS / across;
  const each = (write: (term: number) => string): string => outputs.map((_, term) => write(term)).join(' ');
  const results = finish ?? outputs.map((_, term) => `total${term}`);
  return {
    key: `columnSums_${name}_${across}`,
    inputs,
    outputs,
    code: `
${each(term => `var<workgroup> shared${term}: array<f32, ${THREADS}>;`)}

@compute @workgroup_size(${THREADS})
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let thread = i32(local);
  let slab = i32(group.z * groups.y + group.y);
  let column = i32(group.x) * ${across} + thread % ${across};
  ${each(term => `var sum${term} = 0.0;`)}
  if (column < uniforms.columns) {
    ${setUp ?? ''}
    let end = min(uniforms.rows, (slab + 1) * uniforms.slabRows);
    for (var row = slab * uniforms.slabRows + thread / ${across}; row < end; row += ${down}) {
      let i = row * uniforms.columns + column;
      ${add}
    }
  }
  ${each(term => `shared${term}[thread] = sum${term};`)}
  for (var half = ${THREADS / 2}; half >= ${across}; half /= 2) {
    workgroupBarrier();
    if (thread < half) { ${each(term => `shared${term}[thread] += shared${term}[thread + half];`)} }
  }
  if (thread < ${across} && column < uniforms.columns && slab < uniforms.slabs) {
    let place = slab * uniforms.columns + column;
    ${each(term => `let total${term} = shared${term}[thread];`)}
    ${outputs.map((output, term) => `${output}[place] = ${results[term]};`).join('\n    ')}
  }
}`,
  };
}
