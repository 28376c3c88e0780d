/** How long the client waits for the platform, in one table. A test or a special network may have others. */
export interface TimeLimits {
  /** From the moment a request is sent to the beginning of its reply, and between any two pieces of the reply. */
  readonly replyMs: number;
  /** The same until the beginning of a reply to a call that lets the platform look through the files of a whole run. */
  readonly workMs: number;
  /** The slowest line that an upload is waited for: its size at this rate comes on top of `replyMs`. */
  readonly uploadBytesPerSecond: number;
  /** From the opening of a socket to its first sign of life. */
  readonly socketOpenMs: number;
  /** A socket sends a heartbeat so often, which asks whether the platform still lives. */
  readonly pingMs: number;
  /** The platform replies to that question within this, or the connection is dead. */
  readonly pongMs: number;
  /** A person who creates a run, or uploads a data set, waits so long for a platform that is away. */
  readonly personMs: number;
  /** Whoever stops after a task waits so long for a platform that does not answer. Then the update is sent the next time. */
  readonly lastSendMs: number;
  /** Rests between attempts at a call. */
  readonly callRetry: Backoff;
  /** Rests between attempts to open the socket again. */
  readonly socketRetry: Backoff;
}

/** The shortest and the longest rest, in ms. */
export type RestRange = readonly [shortestMs: number, longestMs: number];

/** The rests after the first failure, and after many. */
export interface Backoff {
  readonly first: RestRange;
  readonly last: RestRange;
}

export const timeLimits: TimeLimits = {
  // TCP sends a lost packet again after about 1, 2, 4 and 8 s, which makes 15 s. The platform's slowest replies, those to
  // a new run and to an update in a crowd, take some seconds. Twice the sum, so that no live connection is cut off.
  replyMs: 30_000,
  // To make a run, the platform looks up every file of its network, one after another. A network of 100 million weights
  // has about 300 files. If the platform is a laptop whose cores are all busy, allow a third of a second for each, which
  // makes 100 s, and leave 20 s for the rest. If the reply is lost, nobody has the run's host key, so it is waited for.
  workMs: 120_000,
  // 64 kbit/s. A slower line needs more than the two minutes of a usual lease for an update of 1 MB.
  uploadBytesPerSecond: 8_000,
  // As for a reply, but a socket that opens later is opened again, so a shorter wait costs little.
  socketOpenMs: 15_000,
  // Under the idle limits of proxies on the way, which are 60 s and more. The platform takes a volunteer for gone after
  // three of them, so that one may be lost.
  pingMs: 20_000,
  pongMs: 15_000,
  // A restart takes some seconds. If it takes longer, then mostly the address is wrong, and they want to know.
  personMs: 20_000,
  // A platform that restarts is back within some seconds, and a few attempts fit in.
  lastSendMs: 30_000,
  callRetry: { first: [250, 500], last: [7_500, 15_000] },
  // After a short break the pages should live again at once, so the first rest is short. It is drawn, and a crowd spreads
  // its rests further (`reconnecting-socket.ts`): all listeners of a platform that restarts lose it in the same moment.
  socketRetry: { first: [125, 250], last: [10_000, 15_000] },
};

/** What a call may take until its reply begins, for a request body of so many bytes. */
export const replyLimitMs = ({ replyMs, uploadBytesPerSecond }: TimeLimits, bodyBytes: number): number =>
  replyMs + (1_000 * bodyBytes) / uploadBytesPerSecond;
