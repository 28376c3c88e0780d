import { type Language, languageNow } from '../words/language.ts';

/** Figures as people read them, in the language of the page. */

/**
 * In the language of the page, made once for each: to make one takes longer than to use it a hundred times, and a page of
 * a crowd has hundreds of figures.
 */
function inLanguageNow<Format>(make: (language: Language) => Format): () => Format {
  const made = new Map<Language, Format>();
  return () => {
    const language = languageNow();
    const format = made.get(language) ?? make(language);
    made.set(language, format);
    return format;
  };
}

const numbers = (options: Intl.NumberFormatOptions) =>
  inLanguageNow(language => new Intl.NumberFormat(language, options));

/** In English the day comes first too, as in the texts of these pages. */
const datesLike: Readonly<Record<Language, string>> = { en: 'en-GB', de: 'de' };

const times = (options: Intl.DateTimeFormatOptions) =>
  inLanguageNow(language => new Intl.DateTimeFormat(datesLike[language], { ...options, hourCycle: 'h23' }));

const withDigits = (digits: number) =>
  numbers({ minimumFractionDigits: digits, maximumFractionDigits: digits, useGrouping: false });

/** The units are decimal, because storage and networks are sold in them. */
const units = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

const fixedBy = [0, 1, 2, 3].map(withDigits);

const fixed = (value: number, digits: number): string =>
  (fixedBy[digits] ?? withDigits(digits))().format(value);

/** A figure and its unit stay on one line. */
const NO_BREAK = '\u00a0';

export function formatBytes(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1_000 ** power;
  const digits = power === 0 || value >= 100 ? 0 : 1;
  return `${fixed(value, digits)}${NO_BREAK}${units[power]}`;
}

export const formatPercent = (share: number | null, digits = 1): string =>
  share === null ? '–' : `${fixed(share * 100, digits)} %`;

const dollars = numbers({ style: 'currency', currency: 'USD' });
/** To the cent. What is less than a cent and more than nothing is said so. */
export const formatDollars = (usd: number): string =>
  usd > 0 && usd < 0.01 ? `< ${dollars().format(0.01)}` : dollars().format(usd);

export const formatFactor = (factor: number): string => fixed(factor, 1);

export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60];
  const two = (value: number): string => String(value).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

const counts = numbers({ maximumFractionDigits: 0 });
export const formatCount = (count: number): string => counts().format(count);

const shortCounts = numbers({ notation: 'compact', maximumFractionDigits: 1 });
export const formatShortCount = (count: number): string => shortCounts().format(count);

/** A day, as `28 November`. */
export const formatDay = (at: number | Date): string => namedDays().format(at);

const typedNumbers = numbers({ maximumFractionDigits: 4, useGrouping: false });
const typedShares = numbers({ maximumSignificantDigits: 4, useGrouping: false });
/** As somebody would type it. A small one keeps its first digits: a learning rate may be 0.00002. */
export const formatNumber = (value: number): string =>
  (Math.abs(value) < 1 ? typedShares : typedNumbers)().format(value);

export const formatLoss = (loss: number | null | undefined): string =>
  loss === null || loss === undefined ? '–' : fixed(loss, 3);

const namedDays = times({ day: 'numeric', month: 'long' });
const days = times({ day: 'numeric', month: 'short', year: 'numeric' });
export const formatDate = (at: number): string => days().format(at);

const minutes = { hour: '2-digit', minute: '2-digit' } as const;
const timesOfDay = times({ ...minutes, second: '2-digit' });
export const formatTime = (at: number): string => timesOfDay().format(at);

const clocks = times(minutes);
/** Hours and minutes of today. Of another day, the day too. */
export function formatClock(at: number, now = Date.now()): string {
  const isToday = new Date(at).toDateString() === new Date(now).toDateString();
  return isToday ? clocks().format(at) : formatMoment(at);
}

const moments = times({ year: 'numeric', month: 'short', day: 'numeric', ...minutes });
export const formatMoment = (at: number): string => moments().format(at);

const settings = numbers({ maximumSignificantDigits: 6 });
/** As many digits as a setting needs to be told. */
export const formatSetting = (value: number): string => settings().format(value);
