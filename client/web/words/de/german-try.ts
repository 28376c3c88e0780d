import type { Translation } from '../translation.ts';
import { download } from './download.ts';
import { testHere } from './test.ts';
import { tryIt } from './try.ts';

/** What is said where people try, test and take away a network: parts of the page of a run, which come after it. */
export const germanTry = { download, testHere, tryIt } satisfies Partial<Translation>;
