import { UsageError } from '../terminal/usage-error.ts';

/**
 * The address of a platform, of whichever of its pages somebody has copied it.
 * @throws UsageError if the text is no address of a platform
 */
export function requireOrigin(url: string): string {
  if (URL.canParse(url) && /^https?:\/\//.test(url)) return new URL(url).origin;
  throw new UsageError(`'${url}' is not an address of a platform, which looks like http://localhost:8787`);
}
