import type { ByteStore } from './byte-store.ts';

/** What an update leaves behind for later ones, by its name in the store. */
export type Leavings = Readonly<Record<string, Uint8Array<ArrayBuffer>>>;

/**
 * Whether the platform has an update. `unknown` if it was sent and no reply ever came. `open` if it is decided another
 * time, by whoever sends it then.
 */
export type Decision = 'taken' | 'refused' | 'unknown' | 'open';

/** Reads as nothing that was kept. */
const NOTHING = new Uint8Array(0);

/**
 * What a volunteer keeps from update to update. What an update leaves is kept only if the platform has taken that update,
 * and whoever asks for it waits for that decision. So the next lease of the same segments is downloaded meanwhile, but not
 * trained. Drift steers the training from its first step on, and which of two values is right only the decision says. A
 * residual is needed no sooner than its update is encoded. But no codec of today keeps one, and to hand it to a training
 * under way would take one more call between the trainer and the loop.
 */
export class DecidedStore {
  private readonly store: ByteStore;
  /** By name: the end of an update that is on its way. */
  private readonly undecided = new Map<string, Promise<void>>();

  constructor(store: ByteStore) {
    this.store = store;
  }

  async get(name: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    await this.undecided.get(name);
    return this.store.get(name);
  }

  /**
   * Keeps what an update leaves if it is taken. If it is refused, all stays as it was: what went with it goes with the
   * next one. If nobody knows, what went with it may be with the platform already. It must not go twice, so it is dropped.
   * @param decided never rejects
   */
  async keepIf(decided: Promise<Decision>, leavings: Leavings): Promise<void> {
    const kept = this.afterThose(leavings, decided).then(async decision => {
      for (const [name, bytes] of Object.entries(leavings))
        if (decision === 'taken') await this.store.put(name, bytes);
        else if (decision === 'unknown') await this.store.put(name, NOTHING);
    });
    for (const name of Object.keys(leavings)) this.undecided.set(name, kept);
    await kept;
    for (const name of Object.keys(leavings))
      if (this.undecided.get(name) === kept) this.undecided.delete(name);
  }

  /** The decision, after those on earlier updates that leave something of the same name. */
  private async afterThose(leavings: Leavings, decided: Promise<Decision>): Promise<Decision> {
    await Promise.all(Object.keys(leavings).map(name => this.undecided.get(name)));
    return decided;
  }
}
