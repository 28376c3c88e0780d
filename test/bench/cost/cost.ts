/** What one kind of call uses of what the platform bills. */
export interface Cost {
  /** Calls of this kind. */
  readonly calls: number;
  /** Rows of the objects' SQLite, as `SqlStorageCursor` counts them: entries of indexes and deletions included. */
  readonly rowsWritten: number;
  readonly rowsRead: number;
  /** Alarms set or taken back. The platform bills each as a row written. */
  readonly alarms: number;
  /** Requests to objects: calls, sockets, and alarms that rang. */
  readonly requests: number;
  /** What sockets told an object. Twenty are billed as one request, and the heartbeats, which it sleeps through, as none. */
  readonly messages: number;
  /** Requests that reached the Worker. Those for files of pages do not. */
  readonly workerRequests: number;
  readonly r2ClassA: number;
  readonly r2ClassB: number;
  readonly d1RowsWritten: number;
  readonly d1RowsRead: number;
}

export type Figure = keyof Cost;

export const noCost: Cost = {
  ...{ calls: 0, rowsWritten: 0, rowsRead: 0, alarms: 0, requests: 0, messages: 0, workerRequests: 0 },
  ...{ r2ClassA: 0, r2ClassB: 0, d1RowsWritten: 0, d1RowsRead: 0 },
};

/**
 * Kinds of call, in the order of the table. `publish` is what a coordinator does once its cohorts have folded. `tell` is a
 * batch from the coordinator to a relay, and `socket` all else of the event sockets: they open, close and show who is here.
 */
export const kinds = [
  ...(['create', 'join', 'poll in vain', 'grant', 'update', 'report', 'fold', 'publish'] as const),
  ...(['evaluate', 'view', 'tell', 'socket', 'alarm', 'blob'] as const),
] as const;
export type Kind = (typeof kinds)[number];

export type Costs = Readonly<Partial<Record<Kind, Cost>>>;

const combine = (a: Cost, b: Cost, by: (a: number, b: number) => number): Cost => {
  const combined: Record<Figure, number> = { ...noCost };
  for (const figure of Object.keys(noCost) as Figure[]) combined[figure] = by(a[figure], b[figure]);
  return combined;
};

export const addCosts = (a: Cost, b: Cost): Cost => combine(a, b, (x, y) => x + y);

/** What came since `b`. */
export const subtractCosts = (a: Cost, b: Cost): Cost => combine(a, b, (x, y) => x - y);

/** Rows as they are billed. */
export const billedRows = ({ rowsWritten, alarms }: Cost): number => rowsWritten + alarms;
