import { formatNumber } from '../ui/format.ts';
import { newRunWords } from '../words/new-run-words.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A length of time as people say one that they estimate: two figures at most. */
export function formatLength(seconds: number): string {
  const { estimate } = newRunWords();
  if (seconds < 90) return estimate.seconds(rounded(Math.max(1, seconds)));
  if (seconds < 90 * MINUTE) return estimate.minutes(rounded(seconds / MINUTE));
  if (seconds < 2 * DAY) return estimate.hours(rounded(seconds / HOUR));
  return estimate.days(rounded(seconds / DAY));
}

function rounded(value: number): string {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(value)) - 1);
  return formatNumber(Math.round(value / step) * step);
}
