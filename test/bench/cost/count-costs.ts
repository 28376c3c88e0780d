import { addCosts, type Cost, type Costs, type Figure, type Kind, noCost } from './cost.ts';

/**
 * Counts inside workerd what the Worker and its objects use. It stands around the product, in a Worker that
 * `build-counting-worker` bundles, so the product knows nothing of it.
 */

/** One call, while it lasts and afterwards. Its kind may depend on what it replies. */
interface Call {
  kind: Kind;
  cost: Cost;
}

type Args = readonly unknown[];
type Method = (...args: Args) => unknown;

/** What the counters need to know of an object's class. */
export interface Watched {
  /** Calls from outside. Everything else is the object's own affair. */
  readonly methods: readonly string[];
  readonly kindOf: (method: string, args: Args, reply: unknown) => Kind;
  /** Of what happens while no call is under way. */
  readonly otherwise: Kind;
}

interface Cursor {
  readonly rowsRead: number;
  readonly rowsWritten: number;
}

interface Storage {
  readonly sql: { readonly exec: (query: string, ...values: Args) => Cursor };
  readonly setAlarm: Method;
  readonly deleteAlarm: Method;
}

const calls: Call[] = [];
/** Cursors are read again when the figures are asked for, since a cursor counts on while it is read. */
const cursors: { readonly call: Call; readonly cursor: Cursor }[] = [];

const count = (call: Call, figure: Figure, by = 1): void => {
  call.cost = { ...call.cost, [figure]: call.cost[figure] + by };
};

function open(kind: Kind): Call {
  const call = { kind, cost: noCost };
  calls.push(call);
  return call;
}

/** All that was counted so far, by kind. */
export function costs(): Costs {
  for (const { call, cursor } of cursors.splice(0)) {
    count(call, 'rowsRead', cursor.rowsRead);
    count(call, 'rowsWritten', cursor.rowsWritten);
  }
  const byKind: Partial<Record<Kind, Cost>> = {};
  for (const { kind, cost } of calls) byKind[kind] = addCosts(byKind[kind] ?? noCost, cost);
  return byKind;
}

/** The calls of one object that are under way, and whose turn it is. */
class Turns {
  private readonly under = new Set<Call>();
  private current: Call | null = null;
  private readonly idle: Call;

  constructor(otherwise: Kind) {
    this.idle = open(otherwise);
  }

  /** The call that does something now. After an `await` it is the newest one that is still under way. */
  get now(): Call {
    return this.current ?? [...this.under].at(-1) ?? this.idle;
  }

  /** Runs a call, which ends when its reply is there. */
  run(call: Call, start: () => unknown, onReply: (reply: unknown) => void): unknown {
    this.under.add(call);
    const outer = this.current;
    this.current = call;
    const end = (): void => {
      this.under.delete(call);
    };
    try {
      const reply = start();
      if (!(reply instanceof Promise)) {
        end();
        return reply;
      }
      return reply
        .then(onReply)
        .then(end, end)
        .then(() => reply);
    } finally {
      this.current = outer;
    }
  }
}

/** Counts what an object does to its storage. */
function watchStorage(storage: Storage, turns: Turns): void {
  const { exec } = storage.sql;
  Object.assign(storage.sql, {
    exec: (query: string, ...values: Args): Cursor => {
      const cursor = exec.call(storage.sql, query, ...values);
      cursors.push({ call: turns.now, cursor });
      return cursor;
    },
  });
  for (const name of ['setAlarm', 'deleteAlarm'] as const) {
    const set = storage[name];
    Object.assign(storage, {
      [name]: (...args: Args) => {
        count(turns.now, 'alarms');
        return set.apply(storage, [...args]);
      },
    });
  }
}

type ObjectClass = new (context: { readonly storage: Storage }, env: Bindings) => object;

/** The same class of object, counted. The platform reaches only what lies in a prototype. */
export function countedClass(Base: ObjectClass, { methods, kindOf, otherwise }: Watched): ObjectClass {
  const turnsOf = new WeakMap<object, Turns>();
  class Counted extends Base {
    constructor(context: { readonly storage: Storage }, env: Bindings) {
      const turns = new Turns(otherwise);
      watchStorage(context.storage, turns);
      super(context, countedEnv(env, turns));
      turnsOf.set(this, turns);
    }
  }
  for (const name of methods) {
    const method: unknown = Reflect.get(Base.prototype, name);
    if (typeof method !== 'function') continue;
    Object.defineProperty(Counted.prototype, name, {
      value: function counted(this: object, ...args: Args): unknown {
        const start = (): unknown => Reflect.apply(method, this, args);
        const call = open(kindOf(name, args, null));
        count(call, 'calls');
        count(call, name.startsWith('webSocket') ? 'messages' : 'requests');
        const turns = turnsOf.get(this);
        return turns ? turns.run(call, start, reply => (call.kind = kindOf(name, args, reply))) : start();
      },
    });
  }
  return Counted;
}

/** A binding whose calls are counted. What it returns is counted too if `again` says so. */
const counting = <T extends object>(
  target: T,
  onCall: (method: string) => void,
  again: (method: string, result: unknown) => unknown = (_, result) => result,
): T =>
  new Proxy(target, {
    get: (_, name) => {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      return (...args: Args): unknown => {
        onCall(String(name));
        return again(String(name), Reflect.apply(value, target, args));
      };
    },
  });

/** https://developers.cloudflare.com/r2/pricing: which calls are of which class. To delete is free. */
const r2Classes: Readonly<Record<string, Figure>> = {
  ...{ put: 'r2ClassA', list: 'r2ClassA', createMultipartUpload: 'r2ClassA' },
  ...{ uploadPart: 'r2ClassA', complete: 'r2ClassA', get: 'r2ClassB', head: 'r2ClassB' },
};

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

function countingBucket<T extends object>(bucket: T, now: () => Call): T {
  const onCall = (method: string): void => {
    const figure = r2Classes[method];
    if (figure) count(now(), figure);
  };
  return counting(bucket, onCall, (method, result) =>
    method === 'createMultipartUpload' && result instanceof Promise
      ? result.then((upload: unknown) => (isObject(upload) ? counting(upload, onCall) : upload))
      : result,
  );
}

interface Meta {
  readonly meta?: { readonly rows_read?: number; readonly rows_written?: number };
}

function countingDatabase<T extends object>(database: T, now: () => Call): T {
  const noted = (result: unknown): unknown => {
    const { rows_read = 0, rows_written = 0 } = (isObject(result) ? (result as Meta).meta : undefined) ?? {};
    count(now(), 'd1RowsRead', rows_read);
    count(now(), 'd1RowsWritten', rows_written);
    return result;
  };
  const again = (_: string, result: unknown): unknown => {
    if (result instanceof Promise) return result.then(noted);
    return isObject(result) ? counting(result, () => {}, again) : result;
  };
  return counting(database, () => {}, again);
}

interface Bindings {
  readonly BLOBS?: object;
  readonly DIRECTORY: object;
}

/** The bindings of an object, or of the Worker if nobody's turn is given. */
export function countedEnv<T extends Bindings>(env: T, turns: Turns | null): T {
  const route = open('blob');
  if (turns === null) count(route, 'workerRequests');
  const now = (): Call => turns?.now ?? route;
  const bucket = env.BLOBS && { BLOBS: countingBucket(env.BLOBS, now) };
  return { ...env, ...bucket, DIRECTORY: countingDatabase(env.DIRECTORY, now) };
}
