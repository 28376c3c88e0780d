/** A version is fetched no sooner after the one before: a run may publish one every second. */
export const FRESH_MS = 10_000;
