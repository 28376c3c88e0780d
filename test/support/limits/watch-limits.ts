import { AsyncLocalStorage } from 'node:async_hooks';
import type { Figure, Most, Seen } from './platform-limits.ts';

/**
 * Runs inside workerd, around the deployable bundle, and notes what each invocation asks of the platform. An invocation is a
 * request to the Worker, or a call of an object, its alarm or its timer. What goes on after its reply still belongs to it.
 */

type Args = readonly unknown[];
type Method = (...args: Args) => unknown;
type Env = Readonly<Record<string, unknown>>;

interface Invocation {
  readonly where: string;
  readonly counts: Partial<Record<Figure, number>>;
  open: number;
}

const current = new AsyncLocalStorage<Invocation>();
const nobody: Invocation = { where: 'no invocation', counts: {}, open: 0 };
const most: Partial<Record<Figure, Most>> = {};
const slicesMs: Record<string, number> = {};
let invocations = 0;

const now = (): Invocation => current.getStore() ?? nobody;

function note(figure: Figure, value: number, what: string): void {
  if (value > (most[figure]?.value ?? -1)) most[figure] = { value, where: `${now().where}: ${what}` };
}

function count(figure: Figure, what: string, by = 1): void {
  const { counts } = now();
  const value = (counts[figure] ?? 0) + by;
  counts[figure] = value;
  note(figure, value, what);
}

/** All that was seen so far. */
export const seen = (): Seen => ({ most, invocations, slicesMs });

/** Runs something as an invocation of its own. */
export function asInvocation<T>(where: string, start: () => T): T {
  invocations += 1;
  const from = performance.now();
  try {
    return current.run({ where, counts: {}, open: 0 }, start);
  } finally {
    slicesMs[where] = Math.max(slicesMs[where] ?? 0, performance.now() - from);
  }
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
const isMethod = (value: unknown): value is Method => typeof value === 'function';

/** A call of another service, which waits for its reply. */
function connected(what: string, call: () => unknown, figure: Figure = 'services'): unknown {
  count(figure, what);
  const invocation = now();
  invocation.open += 1;
  note('connections', invocation.open, what);
  const end = (): void => {
    invocation.open -= 1;
  };
  const reply = call();
  if (reply instanceof Promise) reply.then(end, end);
  else end();
  return reply;
}

const encoder = new TextEncoder();

/** About so many bytes it takes to pass a value on. Streams are passed on by themselves. */
function bytesOf(value: unknown): number {
  if (typeof value === 'string') return encoder.encode(value).length;
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return value.byteLength;
  if (value instanceof ReadableStream || value instanceof Request || value instanceof Response) return 0;
  if (value instanceof Map || value instanceof Set) return bytesOf([...value]);
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + bytesOf(item), 0);
  if (isObject(value)) return bytesOf(Object.entries(value));
  return 8;
}

/** The same thing, whose methods pass through here. */
const watched = <T extends object>(
  target: T,
  call: (name: string, method: Method, args: Args) => unknown,
): T =>
  new Proxy(target, {
    get: (_, name) => {
      const value: unknown = Reflect.get(target, name, target);
      if (!isMethod(value)) return value;
      const method: Method = (...args) => Reflect.apply(value, target, args);
      return (...args: Args) => call(String(name), method, args);
    },
  });

const shown = (query: string): string => query.trim().slice(0, 60).replaceAll(/\s+/g, ' ');

const noteStatement = (query: string, values: Args): void => {
  const what = shown(query);
  note('statementBytes', encoder.encode(query).length, what);
  note('parameters', values.length, what);
  note(
    'rowBytes',
    values.reduce<number>((sum, value) => sum + bytesOf(value), 0),
    what,
  );
};

const BUCKET_CALLS = [
  'get',
  'put',
  'head',
  'delete',
  'list',
  'createMultipartUpload',
  'uploadPart',
  'complete',
  'abort',
];

function watchedBucket<T extends object>(bucket: T): T {
  return watched(bucket, (name, method, args) => {
    const reply = BUCKET_CALLS.includes(name)
      ? connected(`bucket.${name}`, () => method(...args))
      : method(...args);
    if (name === 'resumeMultipartUpload' && isObject(reply)) return watchedBucket(reply);
    return name === 'createMultipartUpload' && reply instanceof Promise
      ? reply.then((upload: unknown) => (isObject(upload) ? watchedBucket(upload) : upload))
      : reply;
  });
}

/** What a watched statement of D1 stands for. The database takes its own ones only. */
const statements = new WeakMap<object, object>();

function watchedStatement(statement: object, query: string): object {
  const proxy = watched(statement, (name, method, args) => {
    if (name === 'bind') {
      noteStatement(query, args);
      return watchedStatement(Object(method(...args)), query);
    }
    count('queries', shown(query));
    return connected(`directory.${name}`, () => method(...args));
  });
  statements.set(proxy, statement);
  return proxy;
}

function watchedDatabase<T extends object>(database: T): T {
  return watched(database, (name, method, args) => {
    const [first] = args;
    if (name === 'prepare') return watchedStatement(Object(method(...args)), String(first));
    const batch = Array.isArray(first) ? first.map(item => statements.get(Object(item)) ?? item) : null;
    count('queries', name, batch?.length ?? 1);
    return connected(`directory.${name}`, () => (batch ? method(batch) : method(...args)));
  });
}

/** A call of an object takes none of the connections. What it returns is a promise of the platform's own kind. */
const watchedStub = (stub: object, binding: string): object =>
  watched(stub, (name, method, args) => {
    const what = `${binding}.${name}`;
    count('services', what);
    note('callBytes', bytesOf(args), what);
    const reply = method(...args);
    void Promise.resolve(reply).then(
      value => note('callBytes', bytesOf(value), `reply of ${what}`),
      () => {},
    );
    return reply;
  });

const watchedNamespace = (namespace: object, binding: string): object =>
  watched(namespace, (name, method, args) => {
    const made = method(...args);
    return name === 'get' || name === 'getByName' ? watchedStub(Object(made), binding) : made;
  });

function watchedBinding(name: string, binding: unknown): unknown {
  if (!isObject(binding)) return binding;
  if ('idFromName' in binding) return watchedNamespace(binding, name);
  if ('prepare' in binding) return watchedDatabase(binding);
  if ('createMultipartUpload' in binding) return watchedBucket(binding);
  return watched(binding, (method, call, args) => connected(`${name}.${method}`, () => call(...args)));
}

const envs = new WeakMap<object, Env>();

/** The bindings, watched. One environment has one, by which the Worker knows its database again. */
export function watchedEnv(env: Env): Env {
  const made =
    envs.get(env) ??
    Object.fromEntries(Object.entries(env).map(([name, binding]) => [name, watchedBinding(name, binding)]));
  envs.set(env, made);
  return made;
}

interface ObjectContext {
  readonly storage: { readonly sql: { exec: (query: string, ...values: Args) => unknown } };
}

type ObjectClass = new (context: ObjectContext, env: Env) => object;

/** The same class of object, whose calls are invocations. The platform reaches only what lies in a prototype. */
export function watchedClass(Base: ObjectClass, className: string): ObjectClass {
  class Watched extends Base {
    constructor(context: ObjectContext, env: Env) {
      const { sql } = context.storage;
      const exec = sql.exec.bind(sql);
      Object.assign(sql, {
        exec: (query: string, ...values: Args) => {
          noteStatement(query, values);
          return exec(query, ...values);
        },
      });
      super(context, watchedEnv(env));
    }
  }
  for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(Base.prototype)))
    if (name !== 'constructor' && isMethod(value))
      Object.defineProperty(Watched.prototype, name, {
        value(this: object, ...args: Args): unknown {
          const start = (): unknown => Reflect.apply(value, this, args);
          // What an object calls of itself belongs to the invocation that it is in.
          return current.getStore()?.where.startsWith(`${className}.`)
            ? start()
            : asInvocation(`${className}.${name}`, start);
        },
      });
  return Watched;
}

const { fetch: realFetch, setTimeout: realTimeout } = globalThis;
Object.assign(globalThis, {
  fetch: (...args: Parameters<typeof realFetch>) => connected('fetch', () => realFetch(...args), 'fetches'),
  // An object has new allowances with each event. One that sets timers has events all the time, and lives on.
  setTimeout: (act: () => void, ms?: number) => {
    const { where } = now();
    const isOfObject = /^\w+\./.test(where);
    return realTimeout(isOfObject ? () => asInvocation(where.replace(/( later)?$/, ' later'), act) : act, ms);
  },
});
