import { createRandom, type Random } from '../../../shared/math/random.ts';
import { faultsSchema } from './faults.ts';

/**
 * Runs inside workerd, around the product, in a Worker that `build-chaos-worker` bundles. So the product knows nothing of
 * it. Worker and objects are in one isolate and share what is here.
 */

type Args = readonly unknown[];
type Method = (...args: Args) => unknown;
type Env = Readonly<Record<string, unknown>>;

interface State {
  readonly abort: (reason: string) => void;
  readonly id: { toString(): string };
  readonly storage: { setAlarm: (at: number | Date, options?: unknown) => Promise<void> };
}

type ObjectClass = new (ctx: State, env: Env) => object;

interface Stub {
  endNow(): Promise<void>;
}

interface Namespace {
  idFromString(id: string): unknown;
  get(id: unknown): Stub;
}

let faults = faultsSchema.parse({});
let abortedPuts = 0;
let random = randomOf(faults.seed);
const awake = new Map<string, Set<string>>();
const realNow = Date.now;
Date.now = () => realNow() + faults.clockMs;
const realTimeout = globalThis.setTimeout;
const hurriedTimeout = (act: () => void, ms = 0): unknown => realTimeout(act, ms / faults.hurry);
Object.assign(globalThis, { setTimeout: hurriedTimeout });

const { subtle } = crypto;
const realSign = subtle.sign.bind(subtle);
const slowSign: typeof realSign = async (...args) => {
  if (faults.signingMs > 0) await new Promise(resolve => realTimeout(() => resolve(null), faults.signingMs));
  return realSign(...args);
};
Object.defineProperty(subtle, 'sign', { value: slowSign });

/** Longer than any test. workerd would end a call that waits for nothing at all. */
const FOR_EVER_MS = 3_600_000;
const neverBack = (): Promise<never> => new Promise(() => realTimeout(() => {}, FOR_EVER_MS));

class FaultError extends Error {}

function randomOf(seed: string): Random {
  return createRandom('chaos-storage', seed);
}

/** Fails before or after it is done. Whoever asked cannot tell which. */
async function mayFail(act: () => unknown): Promise<unknown> {
  const isFailing = random() < faults.storage;
  if (isFailing && random() < 0.5) throw new FaultError('the storage is away');
  const result = await act();
  if (isFailing) throw new FaultError('the reply of the storage got lost');
  return result;
}

const isMethod = (value: unknown): value is Method => typeof value === 'function';

/** What a call comes to before it is made. Null if it is made. */
type Before = (name: string, args: Args) => Promise<never> | null;

/** The same thing, whose methods of these names may fail. Methods of other names give things of the same kind. */
function faulty(thing: object, failing: readonly string[], before: Before): object {
  return new Proxy(thing, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      if (!isMethod(value) || typeof name !== 'string') return value;
      const method = value.bind(target);
      if (!failing.includes(name)) return wrapping(method, failing, before);
      return (...args: Args) => before(name, args) ?? mayFail(() => method(...args));
    },
  });
}

/** A statement of D1 is made by `prepare` and `bind`. It is what fails. */
const wrapping =
  (method: Method, failing: readonly string[], before: Before): Method =>
  (...args) => {
    const made = method(...args);
    return typeof made === 'object' && made !== null && 'bind' in made ? faulty(made, failing, before) : made;
  };

const nothing = (): void => {};

/** @param ctx of the object that has this environment; null in the Worker itself */
export function faultyEnv(env: Env, ctx: State | null): Env {
  const onBlobs: Before = (name, args) => {
    const kind = ctx ? 'hungBlobs' : 'hungUploads';
    const hung = faults[kind].find(prefix => String(args[0]).startsWith(prefix));
    if (hung !== undefined) {
      faults = { ...faults, [kind]: faults[kind].filter(prefix => prefix !== hung) };
      return neverBack();
    }
    if (!ctx) return null;
    if (name !== 'put' || !String(args[0]).startsWith('blobs/') || abortedPuts === 0) return null;
    abortedPuts -= 1;
    ctx.abort('chaos, in the midst of a fold');
    return null;
  };
  const onDirectory: Before = () => {
    if (faults.awayDirectory) return Promise.reject(new FaultError('D1 is away'));
    if (!ctx || faults.hungDirectory === 0) return null;
    faults = { ...faults, hungDirectory: faults.hungDirectory - 1 };
    return neverBack();
  };
  return {
    ...env,
    ...(env.BLOBS !== undefined && {
      BLOBS: faulty(Object(env.BLOBS), ['get', 'put', 'head', 'delete', 'list'], onBlobs),
    }),
    DIRECTORY: faulty(Object(env.DIRECTORY), ['run', 'all', 'first', 'batch'], onDirectory),
  };
}

/** The class, with faults around what it is given, and a method that ends it. */
export function faultyClass(base: ObjectClass, binding: string): ObjectClass {
  class FaultyObject extends base {
    private readonly state: State;

    constructor(ctx: State, env: Env) {
      const setAlarm = ctx.storage.setAlarm.bind(ctx.storage);
      ctx.storage.setAlarm = (at, options) => setAlarm(Number(at) - faults.clockMs, options);
      super(ctx, faultyEnv(env, ctx));
      this.state = ctx;
      const ids = awake.get(binding) ?? new Set();
      awake.set(binding, ids.add(ctx.id.toString()));
    }

    endNow(): void {
      this.state.abort('chaos');
    }
  }
  for (const [name, method] of methodsOf(base)) {
    const value = function (this: object, ...args: Args): unknown {
      if (faults.broken.includes(name)) throw new FaultError(`${name} is broken`);
      return method.apply(this, [...args]);
    };
    Object.defineProperty(FaultyObject.prototype, name, { value });
  }
  return FaultyObject;
}

const methodsOf = ({ prototype }: ObjectClass): (readonly [string, Method])[] =>
  Object.entries(Object.getOwnPropertyDescriptors(prototype)).flatMap(([name, { value }]) =>
    name !== 'constructor' && isMethod(value) ? [[name, value] as const] : [],
  );

const isNamespace = (value: unknown): value is Namespace =>
  typeof value === 'object' && value !== null && 'idFromString' in value && 'get' in value;

/** Does what it is told, and says how many objects were ended. */
export async function obey(request: Request, env: Env): Promise<Response> {
  const { seed } = faults;
  faults = faultsSchema.parse(await request.json());
  abortedPuts = faults.abortedPuts ?? abortedPuts;
  if (faults.seed !== seed) random = randomOf(faults.seed);
  const ended = faults.abortAll ? await abortAll(env) : 0;
  return Response.json({ ended });
}

async function abortAll(env: Env): Promise<number> {
  const ends = [...awake].flatMap(([binding, ids]) => {
    const namespace = env[binding];
    if (!isNamespace(namespace)) return [];
    // Each call ends with the object that it was made to.
    return [...ids].map(id => namespace.get(namespace.idFromString(id)).endNow().catch(nothing));
  });
  awake.clear();
  await Promise.all(ends);
  return ends.length;
}
