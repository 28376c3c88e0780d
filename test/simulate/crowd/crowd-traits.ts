import { createRandom, type Random, randomNormal } from '../../../shared/math/random.ts';
import type { Device } from '../../../shared/protocol/messages.ts';

/** How a device and its owner are. All of it is drawn from the seed and the volunteer's number. */
export interface CrowdTraits {
  readonly joinsAtMs: number;
  readonly device: Device;
  readonly uploadBytesPerMs: number;
  readonly downloadBytesPerMs: number;
  /** One way. */
  readonly latencyMs: number;
  readonly habit: Habit;
  readonly isHostile: boolean;
}

/**
 * When its tab is open: always; for a while, and then it comes back or does not; or by day and not by night.
 */
export type Habit = 'steady' | 'visitor' | 'daily';

/** Four of five come in the first half minute, the others in the first ten. */
const FIRST_MS = 30_000;
const LAST_MS = 600_000;

/** The medians of a laptop with SIMD on a home's line, and the spread of their logarithms. */
const MACS_PER_SECOND = { median: 2e9, spread: 0.8 };
const UPLOAD_BYTES_PER_MS = { median: 1_250, spread: 0.9 };
const DOWNLOAD_BYTES_PER_MS = { median: 6_000, spread: 0.9 };
const LATENCY_MS = { median: 40, spread: 0.6 };

/** @param malice chance that a volunteer is hostile */
export function drawTraits(seed: number, number: number, malice: number): CrowdTraits {
  const random = createRandom('crowd', seed, number);
  const isEarly = random() < 0.8;
  const habit = random();
  return {
    joinsAtMs: random() * (isEarly ? FIRST_MS : LAST_MS),
    device: { backend: 'wasm', macsPerSecond: logNormal(random, MACS_PER_SECOND), memoryMB: 0 },
    uploadBytesPerMs: logNormal(random, UPLOAD_BYTES_PER_MS),
    downloadBytesPerMs: logNormal(random, DOWNLOAD_BYTES_PER_MS),
    latencyMs: logNormal(random, LATENCY_MS),
    habit: habit < 0.7 ? 'steady' : habit < 0.85 ? 'visitor' : 'daily',
    isHostile: random() < malice,
  };
}

const logNormal = (random: Random, { median, spread }: { median: number; spread: number }): number =>
  median * Math.exp(spread * randomNormal(random));

/** Exponentially distributed, with this mean. */
export const drawMs = (random: Random, meanMs: number): number => -meanMs * Math.log(1 - random());
