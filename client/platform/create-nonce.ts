const BYTES = 16;

/**
 * Names one wish of this device, for a call that would do harm if it was done twice. A call that is sent again, since its
 * reply was lost, shows the same nonce. Nobody can guess it, for whoever shows it gets what the first call got.
 */
export const createNonce = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(BYTES)), byte => byte.toString(16).padStart(2, '0')).join(
    '',
  );
