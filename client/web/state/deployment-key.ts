import * as z from 'zod/mini';
import { readStored, removeStored, writeStored } from './local-store.ts';

const KEY = 'homeroom:deployment-key';
const keySchema = z.string().check(z.minLength(1));

/** The deployment key, if the owner has said that this browser shall keep it. */
export const keptDeploymentKey = (): string | undefined =>
  readStored(localStorage, KEY, keySchema) ?? undefined;

export const keepDeploymentKey = (key: string): void => writeStored(localStorage, KEY, key);

export const forgetDeploymentKey = (): void => removeStored(localStorage, KEY);
