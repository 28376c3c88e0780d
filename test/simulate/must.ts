/**
 * Fails if a run does not keep a rule. It is no `expect` of vitest: it is called a million times, and its message is
 * the rule.
 */
export function must(isKept: boolean, rule: string): void {
  if (!isKept) throw new Error(`broken: ${rule}`);
}
