import { DurableObject } from 'cloudflare:workers';
import { accepted, type Result, refused } from '../../shared/protocol/refusals.ts';
import type { Env } from '../env.ts';
import type { SecretKeeperObject } from '../object-calls.ts';
import { SettingTable } from '../storage/setting-table.ts';
import { StorageVersion } from '../storage/storage-version.ts';
import { createKey } from '../tokens.ts';
import { keeperChanges } from './keeper-changes.ts';

/** Who owns the deployment. */
interface Owner {
  /** SHA-256 of the deployment key. */
  readonly keyHash: string;
  /** Of the claim that made it. */
  readonly claimHash: string;
}

/**
 * Keeps what a deployment has made for itself: the secret that signs its tokens, and the hash of its owner's key. There is one
 * such object. Only the Worker can call it, and it writes no secret anywhere else.
 */
export class SecretKeeper extends DurableObject<Env> implements SecretKeeperObject {
  private readonly settings: SettingTable;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    const version = new StorageVersion(ctx.storage, keeperChanges);
    this.settings = new SettingTable(ctx.storage.sql, 'secrets', () => version.note());
    if (this.settings.exists) version.upgrade(ctx.storage.sql);
  }

  /** Made at the first call, and the same ever after. */
  signingSecret(): string {
    const kept = this.settings.get<string>('signing');
    if (kept !== null) return kept;
    const made = createKey();
    this.settings.put('signing', made);
    return made;
  }

  /**
   * Makes whoever knows the claim the owner. The Worker has compared the claim with the one of the last deploy. A key that an
   * earlier claim made ends here. The same call again changes nothing.
   */
  claim(claimHash: string, keyHash: string): Result<true> {
    const owner = this.owner();
    if (owner?.claimHash === claimHash)
      return owner.keyHash === keyHash ? accepted(true) : refused('claimed');
    this.settings.put('owner', { keyHash, claimHash } satisfies Owner);
    return accepted(true);
  }

  /** @param claimHash of the claim that the last deploy printed */
  ownership(claimHash: string | null): { isOwned: boolean; hasClaim: boolean } {
    const owner = this.owner();
    return { isOwned: owner !== null, hasClaim: claimHash !== null && owner?.claimHash !== claimHash };
  }

  /** Null if nobody has claimed the deployment. */
  ownerKeyHash(): string | null {
    return this.owner()?.keyHash ?? null;
  }

  private owner(): Owner | null {
    return this.settings.get<Owner>('owner');
  }
}
