/** A rule that a run has to keep. Not vitest's `expect`: it is asked a million times, and says so with its own words. */
export function must(isKept: boolean, rule: string): void {
  if (!isKept) throw new Error(`broken: ${rule}`);
}
