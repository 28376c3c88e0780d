/**
 * How much is tested. `npm test` takes the common part, which is quick; `npm run test:all` takes everything. The files
 * `*.long.test.ts` run in the second alone; a test whose cost goes by a number asks here how large that number is.
 */
export const isEverything = process.env.HOMEROOM_TESTS === 'all';

/** How often a property is tried: so often in the common part, ten times as often in everything. */
export const propertyRuns = (common: number): number => (isEverything ? 10 * common : common);

/** What a test is repeated for: the first so many in the common part, the whole list in everything. */
export const firstOf = <T>(count: number, list: readonly T[]): readonly T[] =>
  isEverything ? list : list.slice(0, count);
