/** A hue in degrees. FNV-1a (32 bit) of the id spreads volunteers over the circle, and one always has the same hue. */
export function hueOf(volunteer: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < volunteer.length; i++)
    hash = Math.imul(hash ^ volunteer.charCodeAt(i), 0x01000193) >>> 0;
  return hash % 360;
}
