import * as z from 'zod/mini';
import { readStored, writeStored } from '../state/local-store.ts';

const KEY = 'homeroom:agreed-to-train';

/**
 * Whether somebody has pressed a button of this platform to train in this browser. Before that no link makes a stranger's
 * device work.
 */
export const hasAgreed = (): boolean => readStored(localStorage, KEY, z.literal(true)) ?? false;

export const agreeToTrain = (): void => writeStored(localStorage, KEY, true);
