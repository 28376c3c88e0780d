/**
 * What makes one JSON value of another. A step changes little of a run's state, so its patch is small whatever the
 * state's size. Parts of a state are never changed in place: the same object is the same content, and is not looked into.
 */
export type Patch =
  | { readonly to: unknown }
  /** Of an object: patches of fields, and fields that are gone. A field that was not there comes last. */
  | { readonly fields: Readonly<Record<string, Patch>>; readonly gone?: readonly string[] }
  /** Of a list: from place `at` on, `cut` elements give way to others. */
  | { readonly at: number; readonly cut: number; readonly add: readonly unknown[] };

type Fields = Readonly<Record<string, unknown>>;

/** Null if both are the same. Both are plain JSON; a field that is undefined counts as missing. */
export function patchOf(before: unknown, after: unknown): Patch | null {
  if (before === after) return null;
  if (Array.isArray(before) && Array.isArray(after)) return patchOfList(before, after);
  if (isFields(before) && isFields(after)) return patchOfFields(before, after);
  return { to: after };
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function patchOfList(before: readonly unknown[], after: readonly unknown[]): Patch | null {
  const shorter = Math.min(before.length, after.length);
  let at = 0;
  while (at < shorter && before[at] === after[at]) at++;
  let same = 0;
  while (same < shorter - at && before.at(-1 - same) === after.at(-1 - same)) same++;
  const cut = before.length - same - at;
  const add = after.slice(at, after.length - same);
  return cut === 0 && add.length === 0 ? null : { at, cut, add };
}

function patchOfFields(before: Fields, after: Fields): Patch | null {
  const [old, now] = [keysOf(before), keysOf(after)];
  const stay = old.filter(key => after[key] !== undefined);
  const come = now.filter(key => before[key] === undefined);
  // The order of fields counts too: it is the order of roles, for instance.
  if ([...stay, ...come].join() !== now.join()) return { to: after };
  const changed = now.flatMap(key => {
    const patch = before[key] === undefined ? { to: after[key] } : patchOf(before[key], after[key]);
    return patch ? [[key, patch] as const] : [];
  });
  const gone = old.filter(key => after[key] === undefined);
  if (changed.length === 0 && gone.length === 0) return null;
  const fields = Object.fromEntries(changed);
  return gone.length > 0 ? { fields, gone } : { fields };
}

const keysOf = (fields: Fields): string[] => Object.keys(fields).filter(key => fields[key] !== undefined);

/** @throws if the patch is of a value of another form */
export function applyPatch(before: unknown, patch: Patch): unknown {
  if ('to' in patch) return patch.to;
  if ('at' in patch) {
    if (!Array.isArray(before)) throw new Error('this is a patch of a list');
    return [...before.slice(0, patch.at), ...patch.add, ...before.slice(patch.at + patch.cut)];
  }
  if (!isFields(before)) throw new Error('this is a patch of an object');
  const changed = Object.entries(patch.fields).map(([key, of]) => [key, applyPatch(before[key], of)]);
  const kept = Object.entries({ ...before, ...Object.fromEntries(changed) });
  return Object.fromEntries(kept.filter(([key]) => !patch.gone?.includes(key)));
}
