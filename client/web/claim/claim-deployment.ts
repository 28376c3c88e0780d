import { sha256Hex } from '../../../shared/math/sha256.ts';
import { encodeUtf8 } from '../../../shared/math/utf8.ts';
import { OWNER_KEY_PREFIX } from '../../../shared/protocol/ownership.ts';
import { platformClient } from '../state/platform-client.ts';

/** 256 random bits in hexadecimal, behind the prefix of such keys. The platform never sees them. */
export const makeDeploymentKey = (): string =>
  OWNER_KEY_PREFIX +
  Array.from(crypto.getRandomValues(new Uint8Array(32)), byte => byte.toString(16).padStart(2, '0')).join('');

/**
 * Makes whoever has the key the owner. To send the same again changes nothing.
 * @throws RefusedError if the claim is not the one of the last deploy, or was used with another key
 */
export const claimDeployment = (claim: string, deploymentKey: string): Promise<void> =>
  platformClient.claim({ claim, keyHash: sha256Hex(encodeUtf8(deploymentKey)) });
