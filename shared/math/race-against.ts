/** Who waits for each promise that lives long. */
const races = new WeakMap<Promise<never>, Race>();

/**
 * Waits for one promise, but no longer than until another one rejects, as `Promise.race` does. That other one may outlive
 * thousands of these: `Promise.race` would leave a reaction on it for each, with all that the reaction holds, until it
 * settles. This leaves one.
 */
export function raceAgainst<T>(end: Promise<never>, promise: Promise<T>): Promise<T> {
  const known = races.get(end);
  const race = known ?? new Race(end);
  if (!known) races.set(end, race);
  return race.run(promise);
}

class Race {
  private readonly waiting = new Set<(error: unknown) => void>();
  private ended: { readonly error: unknown } | null = null;

  constructor(end: Promise<never>) {
    end.catch(error => {
      this.ended = { error };
      for (const reject of this.waiting) reject(error);
      this.waiting.clear();
    });
  }

  run<T>(promise: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.ended) reject(this.ended.error);
      else this.waiting.add(reject);
      const leave = (): void => void this.waiting.delete(reject);
      promise.then(resolve, reject).finally(leave);
    });
  }
}
