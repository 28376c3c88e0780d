const two = (value: number): string => String(value).padStart(2, '0');

/** A moment in the time zone of this machine, as `2026-11-28 14:05`: the same in every language, and in order if sorted. */
export function formatMoment(at: number): string {
  const date = new Date(at);
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}
