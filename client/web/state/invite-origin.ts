import type { RunInfo } from '../../../shared/protocol/messages.ts';

/** By these names a browser reaches the computer that it runs on, and no other one. */
const isLoopback = (hostname: string): boolean => /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);

/**
 * The origin for links and pictures by which others join: that of this page, unless only this computer knows it and the
 * platform knows another one.
 */
export const inviteOriginOf = (
  { inviteOrigin }: Pick<RunInfo, 'inviteOrigin'>,
  page: Pick<Location, 'hostname' | 'origin'> = location,
): string => (isLoopback(page.hostname) && inviteOrigin !== undefined ? inviteOrigin : page.origin);

/** Whether other devices cannot open that origin. */
export const isForThisComputer = (origin: string): boolean => isLoopback(new URL(origin).hostname);
