import { toOneLine } from '../../../shared/protocol/one-line.ts';
import { RELEASE } from '../../../shared/protocol/release.ts';

/**
 * What a command says if the platform is of another release. Null if both are of the same.
 * @param release left out by a platform that does not tell it
 */
export function describeRelease(release: string | undefined, origin: string): string | null {
  if (release === RELEASE) return null;
  const other = release === undefined ? 'an older release' : `release ${toOneLine(release)}`;
  return `The platform at ${origin} is of ${other} and this command of ${RELEASE}. If anything fails, get homeroom of the same release.`;
}
