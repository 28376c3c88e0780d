/** A tensor of a layer has its name and its own, of at most 200 signs together. */
const LONGEST = 120;

/** Hands out names for layers. tf.layers takes letters of English, digits and few signs, and each name once. */
export class LayerNames {
  private readonly taken: Set<string>;

  /** @param taken names that layers have */
  constructor(taken: Iterable<string> = []) {
    this.taken = new Set(taken);
  }

  /** The wanted name as tf.layers takes it, or a longer one if a layer has it. */
  free(wanted: string): string {
    const name = asName(wanted);
    for (let count = 1; ; count++) {
      const candidate = count === 1 ? name : `${name}-${count}`;
      if (this.taken.has(candidate)) continue;
      this.taken.add(candidate);
      return candidate;
    }
  }
}

/** tf.layers looks a layer up by its name in plain objects, which have some names already. */
function asName(wanted: string): string {
  const name = wanted
    .replaceAll(/[^-A-Za-z0-9._/]/g, '_')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, LONGEST);
  return name === '' || name in {} ? `layer-${name}` : name;
}
