import { type Partition, partitionSchema } from '../../../../shared/protocol/dataset.ts';
import { errorText } from '../../../../shared/protocol/error-text.ts';

/** Values of flags. Each refuses a wrong one with one line that names the flag and what it takes. */

export function readChoice<T extends string>(flag: string, text: string, known: readonly T[]): T {
  const found = known.find(name => name === text);
  if (found !== undefined) return found;
  throw new Error(`--${flag} takes ${known.join(', ')}, got '${text}'`);
}

export function readCount(flag: string, text: string, most: number): number {
  const count = Number(text);
  if (/^[1-9]\d{0,5}$/.test(text) && count <= most) return count;
  throw new Error(`--${flag} takes whole numbers from 1 to ${most}, got '${text}'`);
}

export function readPositive(flag: string, text: string, most: number): number {
  const value = Number(text);
  if (text.trim() !== '' && value > 0 && value <= most) return value;
  throw new Error(`--${flag} takes a number above 0 and at most ${most}, got '${text}'`);
}

export function readPartition(flag: string, text: string): Partition {
  const [kind, alpha] = text.split(':');
  const parsed = partitionSchema.safeParse(
    alpha === undefined ? { kind } : { kind, alpha: alpha === '' ? Number.NaN : Number(alpha) },
  );
  if (parsed.success) return parsed.data;
  throw new Error(`--${flag} takes iid or dirichlet:ALPHA with ALPHA from 0.001 to 1000, got '${text}'`);
}

/** `3`: seeds 1 to 3; `1,5`: these; `5,`: this one. */
export function readSeeds(text: string): number[] {
  if (!text.includes(',')) {
    const count = readCount('seeds', text, 100);
    return Array.from({ length: count }, (_, i) => i + 1);
  }
  const seeds = itemsOf(text).map(item => readCount('seeds', item, 999_999));
  if (seeds.length > 0) return seeds;
  throw new Error(`--seeds takes a count or a list of seeds, got '${text}'`);
}

export function readPath(flag: string, path: string | undefined): string | null {
  if (path === '') throw new Error(`--${flag} takes a file's name`);
  return path ?? null;
}

/** Each once, in the given order. */
export const itemsOf = (text: string): string[] => [
  ...new Set(
    text
      .split(',')
      .map(item => item.trim())
      .filter(item => item !== ''),
  ),
];

/**
 * Does a piece of reading, and says the place if it is refused.
 * @throws with one line that begins with the place; what was refused may name a flag, which is no flag there
 */
export function atPlace<T>(place: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const reason = errorText(error);
    throw new Error(`${place}: ${reason.replace(/^--(?:[a-z-]+: )?/, '')}`);
  }
}
