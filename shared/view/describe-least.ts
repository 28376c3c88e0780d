import type { LeastDevice } from '../protocol/events.ts';

const UNITS = [
  [1e9, 'billion'],
  [1e6, 'million'],
  [1, ''],
] as const;

const rounded = (value: number): string =>
  value.toLocaleString('en', { maximumSignificantDigits: 3, useGrouping: false });

/** What a device must have, in words for people. */
export function describeLeast({ memoryMB, macsPerSecond }: LeastDevice): string {
  const [size, name] = UNITS.find(([least]) => macsPerSecond >= least) ?? [1, ''];
  const speed = [rounded(macsPerSecond / size), name].join(' ').trim();
  return `${rounded(memoryMB)} MB of memory and ${speed} multiply-accumulates a second`;
}
