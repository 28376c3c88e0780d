/** An update that is kept, without its bytes. */
export interface KeptEntry {
  readonly name: string;
  readonly bytes: number;
  /** When it was kept, by the clock of this device: it says which is older and nothing else. */
  readonly keptAt: number;
}

/** Lets a claim go. */
export type LetGo = () => void;

/**
 * Where trained updates are kept on this device until the platform has decided on them: IndexedDB in a browser, a folder
 * in Node. All tabs of a profile, and all processes of a machine, share one. Whoever sends an update claims it first.
 */
export interface OutboxStore {
  list(): Promise<readonly KeptEntry[]>;
  /** Undefined if it is not there, or cannot be read. */
  get(name: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** @throws Error that says why it is not kept: the disk is full, the browser grants no more */
  put(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** Never rejects: what cannot be removed is sent again one day, and refused as a duplicate. */
  remove(name: string): Promise<void>;
  /**
   * Makes an update that is kept, or will be, one's own, until it is let go or its holder is gone, however.
   * @returns null if somebody else has it
   * @throws if nothing can be claimed here
   */
  claim(name: string): Promise<LetGo | null>;
}

/** For a device that is to keep nothing. */
export const keepsNoUpdates: OutboxStore = {
  list: async () => [],
  get: async () => undefined,
  put: async () => {
    throw new Error('nothing is kept here');
  },
  remove: async () => {},
  claim: async () => () => {},
};
