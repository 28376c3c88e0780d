import * as z from 'zod';
import { type ClaimRequest, type Ownership, ownershipSchema } from '../../shared/protocol/ownership.ts';
import { paths } from '../../shared/protocol/paths.ts';
import { PlatformCalls } from './platform-calls.ts';

/** Who owns a deployment. These calls stand apart from the others, because few pages make them. */
export class OwnershipCalls extends PlatformCalls {
  read = (): Promise<Ownership> => this.get(paths.owner, ownershipSchema);

  /**
   * To send the same again changes nothing.
   * @throws RefusedError if the claim is not the one of the last deploy, or was used with another key
   */
  claim = async (request: ClaimRequest): Promise<void> => {
    await this.post(paths.claim, request, z.unknown(), { isRepeatable: true });
  };
}
