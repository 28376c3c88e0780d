import { createNonce } from './create-nonce.ts';

/** 256 random bits in hexadecimal: a key that this device makes, and of which a platform gets the hash. */
export const createKey = (): string => createNonce() + createNonce();
