/**
 * [EVENT7] Tells of entries that this release cannot read, in words for people, if there are any. What they say may concern
 * what was recomputed.
 */
export function tellUnknown(unknown: Readonly<Record<string, number>>): string[] {
  const types = Object.entries(unknown).map(([type, count]) => `${count} of type ${type}`);
  if (types.length === 0) return [];
  return [`the ledger has entries that this release cannot read and passes over: ${types.join(', ')}`];
}
