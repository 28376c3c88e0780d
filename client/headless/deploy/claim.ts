import { createHash, randomBytes } from 'node:crypto';
import { claimPage } from '../../../shared/protocol/ownership.ts';

/**
 * A claim is good for so long. The log of a deployment is kept for months, and whoever may read it later need not be the owner.
 * Whoever can deploy makes a new one with the next deployment.
 */
const CLAIM_DAYS = 7;

export interface Claim {
  /** 256 random bits in hexadecimal. They are printed once, and stored nowhere. */
  readonly secret: string;
  /** What the Worker is told. It does not help anybody to find the secret. */
  readonly vars: { readonly CLAIM_HASH: string; readonly CLAIM_ENDS: string };
}

export function makeClaim(now: number): Claim {
  const secret = randomBytes(32).toString('hex');
  const hash = createHash('sha256').update(secret).digest('hex');
  return { secret, vars: { CLAIM_HASH: hash, CLAIM_ENDS: String(now + CLAIM_DAYS * 86_400_000) } };
}

/** What is said at the end. The address is not known if wrangler did not tell one. */
export const describeClaim = ({ secret }: Claim, origin: string | null): string =>
  origin === null
    ? `Deployed. Open this page at your Worker's address, to become the owner: ${claimPage(secret)}`
    : `Deployed at ${origin}
To become the owner, open this link within ${CLAIM_DAYS} days. It works once; if you are the owner already, you do not need it.
${origin}${claimPage(secret)}`;
