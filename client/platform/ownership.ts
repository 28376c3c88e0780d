import * as z from 'zod';
import { type ClaimRequest, type Ownership, ownershipSchema } from '../../shared/protocol/ownership.ts';
import { paths } from '../../shared/protocol/paths.ts';
import { type StorageUsage, storageUsageSchema } from '../../shared/protocol/storage-usage.ts';
import { PlatformCalls } from './platform-calls.ts';
import { authorise, readAs } from './read-as.ts';

/** Who owns a deployment. These calls stand apart from the others, because few pages make them. */
export class OwnershipCalls extends PlatformCalls {
  read = (): Promise<Ownership> => this.get(paths.owner, ownershipSchema);

  /** @param key the deployment key. @throws RefusedError if it is another */
  storage = (key: string): Promise<StorageUsage> =>
    this.call(paths.storage, { headers: authorise(key) }, readAs(this, storageUsageSchema));

  /** Has the platform count anew. */
  countStorage = async (key: string): Promise<void> => {
    await this.post(paths.storage, {}, z.unknown(), { key, isRepeatable: true });
  };

  /**
   * To send the same again changes nothing.
   * @throws RefusedError if the claim is not the one of the last deploy, or was used with another key
   */
  claim = async (request: ClaimRequest): Promise<void> => {
    await this.post(paths.claim, request, z.unknown(), { isRepeatable: true });
  };
}
