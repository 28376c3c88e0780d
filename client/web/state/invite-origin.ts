import type { RunInfo } from '../../../shared/protocol/messages.ts';

/** By these names a browser reaches the computer that it runs on, and no other one. */
const isLoopback = (hostname: string): boolean => /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);

/**
 * The origin for links and pictures by which others join: that of this page, unless only this computer knows it and the
 * platform knows one for others. Another name of this computer is none: this browser would not be the host there.
 */
export const inviteOriginOf = (
  { inviteOrigin }: Pick<RunInfo, 'inviteOrigin'>,
  page: Pick<Location, 'hostname' | 'origin'> = location,
): string =>
  isLoopback(page.hostname) && inviteOrigin !== undefined && !isForThisComputer(inviteOrigin)
    ? inviteOrigin
    : page.origin;

/** Whether other devices cannot open that origin. */
export function isForThisComputer(origin: string): boolean {
  return isLoopback(new URL(origin).hostname);
}

/**
 * A browser keeps what it holds by the name in the address: a host key that is kept at localhost is not there at 127.0.0.1.
 * @returns the same page by this computer's other name; null if the page came from elsewhere
 */
export function otherNameOf({
  hostname,
  href,
}: Pick<Location, 'hostname' | 'href'> = location): string | null {
  if (!isLoopback(hostname)) return null;
  const other = new URL(href);
  other.hostname = hostname === 'localhost' ? '127.0.0.1' : 'localhost';
  return other.href;
}
