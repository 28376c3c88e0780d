import { languageNow } from '../words/language.ts';

/** Figures as people read them, in the language of the page. */

/** The units are decimal, because storage and networks are sold in them. */
const units = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

const fixed = (value: number, digits: number): string =>
  value.toLocaleString(languageNow(), {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
    useGrouping: false,
  });

export function formatBytes(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1_000 ** power;
  const digits = power === 0 || value >= 100 ? 0 : 1;
  return `${fixed(value, digits)} ${units[power]}`;
}

export const formatPercent = (share: number | null, digits = 1): string =>
  share === null ? '–' : `${fixed(share * 100, digits)} %`;

export const formatFactor = (factor: number): string => fixed(factor, 1);

export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60];
  const two = (value: number): string => String(value).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

export const formatCount = (count: number): string =>
  count.toLocaleString(languageNow(), { maximumFractionDigits: 0 });

export const formatShortCount = (count: number): string =>
  count.toLocaleString(languageNow(), { notation: 'compact', maximumFractionDigits: 1 });

export const formatLoss = (loss: number | null | undefined): string =>
  loss === null || loss === undefined ? '–' : fixed(loss, 3);

export const formatDate = (at: number): string =>
  new Date(at).toLocaleDateString(languageNow(), { day: 'numeric', month: 'short', year: 'numeric' });

export const formatTime = (at: number): string =>
  new Date(at).toLocaleTimeString(languageNow(), {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  });

/** Hours and minutes of today. Of another day, the day too. */
export function formatClock(at: number, now = Date.now()): string {
  const isToday = new Date(at).toDateString() === new Date(now).toDateString();
  return isToday
    ? new Date(at).toLocaleTimeString(languageNow(), { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
    : formatDay(at);
}

export const formatDay = (at: number): string =>
  new Date(at).toLocaleString(languageNow(), {
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });

/** As many digits as a setting needs to be told. */
export const formatSetting = (value: number): string =>
  value.toLocaleString(languageNow(), { maximumSignificantDigits: 6 });

/** @param many left out if the plural is the singular with an s, as in most English words */
export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${formatCount(count)} ${count === 1 ? one : many}`;
