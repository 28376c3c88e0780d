import { sha256 as hash } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

/** SHA-256, 32 bytes (FIPS 180-4). In plain code, because `crypto.subtle` is asynchronous and absent over http. */
export const sha256 = (bytes: Uint8Array): Uint8Array => hash(bytes);

/** SHA-256 as 64 lower-case hexadecimal digits: the name of a blob. */
export const sha256Hex = (bytes: Uint8Array): string => bytesToHex(hash(bytes));
