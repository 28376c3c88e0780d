/**
 * Works through the items, at most so many at once, each begun in its turn. If one fails, no further one is begun, and
 * those in work are waited for before this fails too. So whoever tries again finds nothing still running.
 */
export async function atOnce<T>(
  limit: number,
  items: Iterable<T>,
  work: (item: T, number: number) => Promise<void>,
): Promise<void> {
  const iterator = items[Symbol.iterator]();
  const failures: unknown[] = [];
  let number = 0;
  const lane = async (): Promise<void> => {
    for (;;) {
      const next = failures.length === 0 ? iterator.next() : null;
      if (!next || next.done) return;
      await work(next.value, number++);
    }
  };
  const noting = (): Promise<void> =>
    lane().catch(failure => {
      failures.push(failure);
    });
  await Promise.all(Array.from({ length: limit }, noting));
  if (failures.length > 0) throw failures[0];
}
