import { expect, test } from 'vitest';
import { packageVersion } from '../../../client/headless/package-version.ts';
import { describeRelease } from '../../../client/headless/terminal/describe-release.ts';
import { RELEASE } from '../../../shared/protocol/release.ts';

test('what the platform tells as its release is that of package.json', () => {
  expect(RELEASE).toBe(packageVersion());
});

test('a command of another release than the platform says so, and one of the same says nothing', () => {
  expect(describeRelease(RELEASE, 'http://platform')).toBeNull();
  expect(describeRelease('9.9.9', 'http://platform')).toBe(
    `The platform at http://platform is of release 9.9.9 and this command of ${RELEASE}. If anything fails, get homeroom of the same release.`,
  );
  expect(describeRelease(undefined, 'http://platform')).toContain('an older release');
});
