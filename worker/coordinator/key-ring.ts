import { type Action, type Caller, isAllowed } from '../../shared/protocol/access.ts';
import type { KeyListing, KeyRequest, MadeKey } from '../../shared/protocol/keys.ts';
import { accepted, type Result, refused } from '../../shared/protocol/refusals.ts';
import { createId, createKey, hashKey, sameKey } from '../tokens.ts';
import { ItemTable } from './store/item-table.ts';
import type { RunIdentity } from './store/run-store.ts';

/** Each is looked at whenever somebody shows a key. */
const MOST_KEYS = 50;

const KEY_ID_LENGTH = 8;

interface StoredKey extends KeyListing {
  readonly hash: string;
}

/** Left out while nothing of it was ever changed. */
interface StoredKeys {
  /** If the host key was renewed. Else the run's identity has it. */
  readonly hostKeyHash?: string;
  readonly keys: readonly StoredKey[];
}

/** Who shows a key, and which one of those that end. */
export interface Shown {
  readonly caller: Caller;
  readonly key?: KeyListing;
}

/** The keys of one run: the host's, and those that the host gave away. Only their hashes are kept. */
export class KeyRing {
  private readonly items: ItemTable;
  private readonly firstHostKeyHash: string;

  constructor(sql: SqlStorage, { hostKeyHash }: Pick<RunIdentity, 'hostKeyHash'>) {
    this.items = new ItemTable(sql);
    this.firstHostKeyHash = hostKeyHash;
  }

  /** @param isOwner whether the route has seen the deployment key */
  async shownBy(text: string | null, isOwner = false): Promise<Shown> {
    if (isOwner) return { caller: 'owner' };
    if (!text) return { caller: 'visitor' };
    if (await sameKey(text, this.hostKeyHash)) return { caller: 'host' };
    for (const { hash, ...key } of this.live(Date.now()))
      if (await sameKey(text, hash)) return { caller: key.caller, key };
    return { caller: 'visitor' };
  }

  async mayDo(action: Action, text: string | null, isOwner?: boolean): Promise<Result<true>> {
    const { caller } = await this.shownBy(text, isOwner);
    return isAllowed(action, caller)
      ? accepted(true)
      : refused('forbidden', 'this is not the host key of the run');
  }

  list(): KeyListing[] {
    return this.live(Date.now()).map(({ hash: _, ...key }) => key);
  }

  async make({ label, lastsMs }: KeyRequest): Promise<Result<MadeKey>> {
    const text = createKey();
    const hash = await hashKey(text);
    const now = Date.now();
    const keys = this.live(now);
    if (keys.length >= MOST_KEYS) return refused('busy', `${MOST_KEYS} keys: revoke one of them first`);
    const key: KeyListing = {
      id: createId(KEY_ID_LENGTH),
      caller: 'referee',
      label,
      madeAt: now,
      endsAt: now + lastsMs,
    };
    this.write({ keys: [...keys, { ...key, hash }] });
    return accepted({ ...key, key: text });
  }

  /** @returns whether there was such a key */
  revoke(id: string): boolean {
    const keys = this.live(Date.now());
    this.write({ keys: keys.filter(key => key.id !== id) });
    return keys.some(key => key.id === id);
  }

  /** Whether it has neither ended nor been revoked since it was shown. */
  has({ id }: KeyListing): boolean {
    return this.live(Date.now()).some(key => key.id === id);
  }

  isHostKey(text: string): Promise<boolean> {
    return sameKey(text, this.hostKeyHash);
  }

  async renewHostKey(text: string): Promise<void> {
    this.write({ hostKeyHash: await hashKey(text) });
  }

  private get hostKeyHash(): string {
    return this.read().hostKeyHash ?? this.firstHostKeyHash;
  }

  /** Those that have ended are gone. */
  private live(now: number): StoredKey[] {
    return this.read().keys.filter(({ endsAt }) => endsAt > now);
  }

  private read(): StoredKeys {
    return this.items.get<StoredKeys>('keys') ?? { keys: [] };
  }

  /** It reads and writes in one turn, so nothing is lost between two callers. */
  private write(change: Partial<StoredKeys>): void {
    this.items.put('keys', '', { ...this.read(), ...change });
  }
}
