import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import type { BenchModel } from './bench-models.ts';
import { LineProcess } from './line-process.ts';

export const BACKENDS = ['cpu', 'wasm', 'webgpu', 'webgpu-stock', 'pytorch'] as const;
export type Backend = (typeof BACKENDS)[number];

/** What trains: a backend with so many threads. */
export interface SideSpec {
  readonly backend: Backend;
  readonly threads: number;
}

const loadedSchema = z.object({
  parameters: z.number(),
  /** Multiply-accumulates of one sample's forward pass. */
  macs: z.number(),
  /** What the side chose for this model, such as its memory layout. */
  detail: z.string().optional(),
});
export type LoadedModel = z.infer<typeof loadedSchema>;

const ranSchema = z.object({
  seconds: z.number().nullable(),
  /** Mean over the steps, each before its update. Null stands for NaN and infinity, which JSON lacks. */
  loss: z.number().nullable(),
});
export type Ran = z.infer<typeof ranSchema>;

const profileSchema = z.object({
  /** Time of the profiled steps, in kernels and outside them; profiling costs a little. */
  totalMs: z.number(),
  kernels: z.array(z.object({ kernel: z.string(), ms: z.number(), calls: z.number() })),
});
export type Profile = z.infer<typeof profileSchema>;

const startedSchema = z.object({ name: z.string(), gpu: z.string().nullish() });

/** One side of a comparison, in a process of its own: a process has one WASM backend with one number of threads. */
export interface Side extends SideSpec {
  /** For people: which version, on which device. */
  readonly name: string;
  readonly gpu: string | null;
  /** Builds the model with a fixed batch; the model before it is disposed of. */
  load(model: BenchModel, batch: number): Promise<LoadedModel>;
  /** Training steps, from forward pass to update. Returns when all of them are done on the device. */
  run(steps: number): Promise<Ran>;
  /** Time by kernel. @throws if this side cannot measure it */
  profile(steps: number): Promise<Profile>;
  close(): void;
}

export interface SideOptions {
  /** A Python that has PyTorch, if there is one. */
  readonly python: string | null;
  /**
   * Whether a WebGPU adapter that computes on the processor is allowed: it is right, but a hundred times slower than
   * WASM.
   */
  readonly allowsSoftware: boolean;
}

/** Starts a side. @throws with the reason if it does not work on this machine */
export async function openSide(spec: SideSpec, { python, allowsSoftware }: SideOptions): Promise<Side> {
  const child = startProcess(spec, python);
  try {
    const { name, gpu = null } = startedSchema.parse(
      await child.request({ do: 'start', ...spec, allowsSoftware }),
    );
    return {
      ...spec,
      name,
      gpu,
      load: async (model, batch) => loadedSchema.parse(await child.request({ do: 'load', ...model, batch })),
      run: async steps => ranSchema.parse(await child.request({ do: 'run', steps })),
      profile: async steps => profileSchema.parse(await child.request({ do: 'profile', steps })),
      close: () => child.close(),
    };
  } catch (error) {
    child.close();
    throw error;
  }
}

function startProcess({ backend, threads }: SideSpec, python: string | null): LineProcess {
  if (backend !== 'pytorch') return new LineProcess(process.execPath, [pathOf('./tfjs-side.ts')]);
  if (python === null) throw new Error('PyTorch is not installed: apt-get install python3-torch');
  // The libraries read these when they load, before anything can be asked of them.
  const env = { OMP_NUM_THREADS: `${threads}`, MKL_NUM_THREADS: `${threads}` };
  return new LineProcess(python, ['-B', pathOf('./pytorch/side.py')], env);
}

const pathOf = (file: string): string => fileURLToPath(new URL(file, import.meta.url));
