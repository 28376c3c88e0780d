const OWN_KEYS = [/^homeroom:host-key:([a-z0-9]+)$/, /^homeroom:volunteer:([a-z0-9]+):/];

/**
 * The runs that this browser hosts, and then those that it takes or took part in, as far as storage has kept them. The list of
 * runs shows them to it, although they may not be public.
 */
export function knownRuns(): string[] {
  try {
    const keys = Object.keys(localStorage);
    const runs = OWN_KEYS.flatMap(pattern => keys.flatMap(key => pattern.exec(key)?.[1] ?? []));
    return [...new Set(runs)];
  } catch {
    // If storage is forbidden, even naming it throws.
    return [];
  }
}
