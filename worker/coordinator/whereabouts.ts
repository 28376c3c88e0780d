/**
 * At which relay each volunteer's event socket is. One who comes back may come to another relay, and the first one tells
 * only later that it lost the volunteer. Such a word is stale. It is all in memory: after the object has slept, every word
 * counts.
 */
export class Whereabouts {
  private readonly slots = new Map<string, number>();

  /** How many are here, as far as is known. */
  get count(): number {
    return this.slots.size;
  }

  /** Takes a relay's word. @returns who has really left */
  move(slot: number, here: readonly string[], gone: readonly string[]): string[] {
    const left = gone.filter(volunteer => (this.slots.get(volunteer) ?? slot) === slot);
    for (const volunteer of left) this.slots.delete(volunteer);
    for (const volunteer of here) this.slots.set(volunteer, slot);
    return left;
  }
}
