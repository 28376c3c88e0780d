import { BACKENDS, type Backend, type SideSpec } from './side.ts';

/** The small model, and the four families in the widths for a browser. */
export const DEFAULT_MODELS = ['two-conv', 'cnn-5', 'vgg16-quarter', 'resnext29-8x4', 'densenet-40-12'];
const DEFAULT_BACKENDS: readonly Backend[] = ['cpu', 'wasm', 'webgpu', 'pytorch'];

/** More than any device that this is for has. */
const MAX_THREADS = 64;
const MAX_COUNT = 9_999;

export interface KernelsSettings {
  readonly models: readonly string[];
  readonly backends: readonly Backend[];
  readonly threads: readonly number[];
  readonly batch: number;
  readonly repeats: number;
  readonly profile: boolean;
  /** Whether WebGPU may run without a graphics card: only if it was asked for by name. */
  readonly allowsSoftware: boolean;
  readonly json: string | null;
}

export const KERNELS_HELP = `npm run bench:kernels -- [flags]

Training samples a second, model by model, on every backend that works here and on PyTorch.

  --models NAME[,NAME…]    (${DEFAULT_MODELS.join(',')})
  --backends NAME[,NAME…]  of ${BACKENDS.join(', ')} (${DEFAULT_BACKENDS.join(',')})
  --threads N[,N…]         of a backend that has threads (1,2)
  --batch N                pictures of a step (32)
  --repeats N              (7)
  --profile                where the time goes, kernel by kernel
  --stock                  WebGPU with the kernels that tfjs ships, too
  --json FILE              the rows as JSON`;

/** As `parseArgs` returns them. */
export interface KernelsFlags {
  readonly models?: string | undefined;
  readonly backends?: string | undefined;
  readonly threads?: string | undefined;
  readonly batch?: string | undefined;
  readonly repeats?: string | undefined;
  readonly json?: string | undefined;
  readonly profile?: boolean | undefined;
  readonly stock?: boolean | undefined;
}

/**
 * Reads the bench's settings from its flags.
 * @throws with one line that names the flag and what it takes
 */
export function readSettings(flags: KernelsFlags, knownModels: readonly string[]): KernelsSettings {
  const backends = readBackends(flags.backends, flags.stock ?? false);
  if (flags.json === '') throw new Error("--json takes a file's name");
  return {
    models: readList('models', flags.models ?? DEFAULT_MODELS.join(','), knownModels),
    backends,
    threads: items(flags.threads ?? '1,2').map(text => readCount('threads', text, MAX_THREADS)),
    batch: readCount('batch', flags.batch ?? '32', MAX_COUNT),
    repeats: readCount('repeats', flags.repeats ?? '7', MAX_COUNT),
    profile: flags.profile ?? false,
    allowsSoftware: flags.backends !== undefined,
    json: flags.json ?? null,
  };
}

function readBackends(text: string | undefined, withStock: boolean): Backend[] {
  const backends = text === undefined ? DEFAULT_BACKENDS : readList('backends', text, BACKENDS);
  return BACKENDS.filter(backend => backends.includes(backend) || (withStock && backend === 'webgpu-stock'));
}

function readList<T extends string>(flag: string, text: string, known: readonly T[]): T[] {
  return items(text).map(item => {
    const found = known.find(name => name === item);
    if (found === undefined)
      throw new Error(`--${flag}: there is no '${item}', there are ${known.join(', ')}`);
    return found;
  });
}

function readCount(flag: string, text: string, most: number): number {
  const count = Number(text);
  if (/^[1-9]\d{0,5}$/.test(text) && count <= most) return count;
  throw new Error(`--${flag} takes whole numbers from 1 to ${most}, got '${text}'`);
}

/** Each once, in the given order. */
const items = (text: string): string[] => [...new Set(text.split(',').map(item => item.trim()))];

/** One side for each backend; if the backend has a choice, one for each number of threads too. */
export const sidesOf = ({ backends, threads }: KernelsSettings): SideSpec[] =>
  backends.flatMap(backend => threadsOf(backend, threads).map(count => ({ backend, threads: count })));

const threadsOf = (backend: Backend, threads: readonly number[]): readonly number[] =>
  backend === 'wasm' || backend === 'pytorch' ? threads : [1];

/** `wasm, 2 threads` */
export const labelOf = ({ backend, threads }: SideSpec): string =>
  `${backend}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`;
