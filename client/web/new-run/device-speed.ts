import { signal } from '@preact/signals';
import * as z from 'zod';
import { readStored, writeStored } from '../state/local-store.ts';
import { allowedThreads } from '../volunteering/thread-setting.ts';
import { startTrainer, wasmPaths } from '../volunteering/trainer-bridge.ts';
import { problemText } from '../words/problem-text.ts';

const KEY = 'homeroom:device-speed';

export type DeviceSpeed =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'measuring' }
  | { readonly kind: 'failed'; readonly why: string }
  /** Multiply-accumulates a second in training. */
  | { readonly kind: 'known'; readonly macsPerSecond: number };

function remembered(): DeviceSpeed {
  const macsPerSecond = readStored(localStorage, KEY, z.number().positive());
  return macsPerSecond === null ? { kind: 'unknown' } : { kind: 'known', macsPerSecond };
}

const speed = signal<DeviceSpeed | null>(null);

/** How fast this device trains, as it was measured in this browser. */
export const deviceSpeed = (): DeviceSpeed => speed.value ?? remembered();

/** Measures it in a trainer of its own, off the page's thread, as a volunteer's preflight does. */
export async function measureDevice(): Promise<void> {
  if (deviceSpeed().kind === 'measuring') return;
  speed.value = { kind: 'measuring' };
  try {
    speed.value = await measure();
  } catch (error) {
    speed.value = { kind: 'failed', why: problemText(error) };
  }
}

async function measure(): Promise<DeviceSpeed> {
  const { trainer, broken, terminate } = startTrainer();
  try {
    const options = { backend: 'auto', wasmPaths, threads: allowedThreads() } as const;
    const { macsPerSecond } = await Promise.race([trainer.start(options), broken]);
    writeStored(localStorage, KEY, macsPerSecond);
    return { kind: 'known', macsPerSecond };
  } finally {
    terminate();
  }
}
