import type { HashStream } from '../../shared/cohort/passing-hash.ts';

/** The platform's own SHA-256, which hashes ten times as fast as ours and needs not all bytes at once. */
export function platformHash(): HashStream {
  const stream = new crypto.DigestStream('SHA-256');
  const writer = stream.getWriter();
  return {
    add: async bytes => {
      if (bytes.length > 0) await writer.write(bytes);
    },
    digest: async () => {
      await writer.close();
      return new Uint8Array(await stream.digest);
    },
  };
}
