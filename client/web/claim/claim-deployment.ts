import { sha256Hex } from '../../../shared/math/sha256.ts';
import { encodeUtf8 } from '../../../shared/math/utf8.ts';
import { OWNER_KEY_PREFIX } from '../../../shared/protocol/ownership.ts';
import { ownershipCalls } from './ownership-calls.ts';

/** 256 random bits in hexadecimal, behind the prefix of such keys. The platform never sees them. */
export const makeDeploymentKey = (): string =>
  OWNER_KEY_PREFIX +
  Array.from(crypto.getRandomValues(new Uint8Array(32)), byte => byte.toString(16).padStart(2, '0')).join('');

/** Makes whoever has the key the owner. */
export const claimWith = (claim: string, deploymentKey: string): Promise<void> =>
  ownershipCalls.claim({ claim, keyHash: sha256Hex(encodeUtf8(deploymentKey)) });
