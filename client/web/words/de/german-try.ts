import type { Translation } from '../translation.ts';
import { download } from './download.ts';
import { settings } from './settings.ts';
import { testHere } from './test.ts';
import { tryIt } from './try.ts';

/** What is said where people try, test and take away a network, and of the settings: parts of the page of a run that come after it. */
export const germanTry = { download, settings, testHere, tryIt } satisfies Partial<Translation>;
