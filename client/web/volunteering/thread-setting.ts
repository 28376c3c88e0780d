import * as z from 'zod';
import { readStored, writeStored } from '../state/local-store.ts';

/** One setting for the device, whatever the run. */
const KEY = 'homeroom:threads';

/** Beyond that a kernel's share of the work is too small to be worth a thread. */
const MOST_THREADS = 16;
const MOST_UNASKED = 8;

/**
 * Threads that can train here: no more than cores, and one where the page is not isolated from other sites (http from
 * another device), since threads cannot share memory there.
 */
export const threadsHere = (): number =>
  globalThis.crossOriginIsolated ? Math.min(MOST_THREADS, navigator.hardwareConcurrency) : 1;

/** What the volunteer allows: half of the cores, unless they chose. */
export function allowedThreads(): number {
  const chosen = readStored(localStorage, KEY, z.number().int().min(1));
  const unasked = Math.min(MOST_UNASKED, Math.ceil(navigator.hardwareConcurrency / 2));
  return Math.min(chosen ?? unasked, threadsHere());
}

export const allowThreads = (threads: number): void => writeStored(localStorage, KEY, threads);
