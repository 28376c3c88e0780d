import * as z from 'zod';
import { sha256Schema } from './identifiers.ts';

/**
 * Who owns a deployment. A deploy prints a claim, and whoever shows it first becomes the owner. The page of the claim makes the
 * deployment key and sends its hash, so the platform never sees the key, and the same call may be sent again.
 */

/** Before each deployment key that a claim has made, so that no other key is taken for one. */
export const OWNER_KEY_PREFIX = 'owner-';

/** A claim and the part of a key behind its prefix: 256 random bits in hexadecimal. */
const SECRET = /^[0-9a-f]{64}$/;

export const claimRequestSchema = z.object({
  claim: z.string().regex(SECRET, 'it is no claim: copy the whole link that the deploy printed'),
  /** SHA-256 of the deployment key. */
  keyHash: sha256Schema,
});
export type ClaimRequest = z.infer<typeof claimRequestSchema>;

export const ownershipSchema = z.object({
  /** Whether anybody may create runs, or the owner alone. */
  creation: z.enum(['open', 'closed']),
  isOwned: z.boolean(),
  /** Whether the last deploy printed a claim that can still be used. */
  hasClaim: z.boolean(),
});
export type Ownership = z.infer<typeof ownershipSchema>;

/** The page of a claim. The claim stands behind the `#`, which browsers send to nobody. */
export const claimPage = (claim: string): string => `/#/claim/${claim}`;
