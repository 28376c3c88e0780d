import * as z from 'zod';
import { readStored, writeStored } from '../state/local-store.ts';

/** The setting is for the device, so all runs share it. */
const KEY = 'homeroom:threads';

/** With more threads a kernel's share of the work would be too small to gain anything. */
const MOST_THREADS = 16;
const MOST_UNASKED = 8;

/**
 * The most threads that can train here: one for each core. It is one thread if the page is not isolated from other sites
 * (http from another device), because threads cannot share memory there.
 */
export const threadsHere = (): number =>
  globalThis.crossOriginIsolated ? Math.min(MOST_THREADS, navigator.hardwareConcurrency) : 1;

/** What the volunteer allows. If they have not chosen, it is half of the cores. */
export function allowedThreads(): number {
  const chosen = readStored(localStorage, KEY, z.number().int().min(1));
  const unasked = Math.min(MOST_UNASKED, Math.ceil(navigator.hardwareConcurrency / 2));
  return Math.min(chosen ?? unasked, threadsHere());
}

export const allowThreads = (threads: number): void => writeStored(localStorage, KEY, threads);
