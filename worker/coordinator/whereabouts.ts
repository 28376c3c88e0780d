/**
 * At which relay each volunteer's event socket is. One who comes back may come to another relay, and the first one tells
 * only later that it lost the volunteer. Such a word is stale. It is all in memory: after the object has slept, every word
 * counts.
 */
export class Whereabouts {
  private readonly slots = new Map<string, number>();
  private isTold = false;

  /** How many are here, as far as is known. */
  get count(): number {
    return this.slots.size;
  }

  /** The same. Null if nobody has told since the object woke. */
  get known(): number | null {
    return this.isTold ? this.count : null;
  }

  has(volunteer: string): boolean {
    return this.slots.has(volunteer);
  }

  /** Takes a relay's word. @returns who has really left */
  move(slot: number, here: readonly string[], gone: readonly string[]): string[] {
    this.isTold = true;
    const left = gone.filter(volunteer => (this.slots.get(volunteer) ?? slot) === slot);
    for (const volunteer of left) this.slots.delete(volunteer);
    for (const volunteer of here) this.slots.set(volunteer, slot);
    return left;
  }
}
