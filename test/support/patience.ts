/**
 * Bounds of waits, in one place. Every wait of a test ends as soon as its condition holds; its bound only ends a wait for
 * what never comes. So bounds may be generous: they cost time only in a test that fails. A bound is written down as what a
 * quiet machine needs at the very most. `HOMEROOM_TEST_PATIENCE` multiplies all of them: more for a machine that is slow
 * or busy with other work, less to see a hanging test fail sooner.
 */
const DEFAULT_PATIENCE = 4;

function readPatience(text: string | undefined): number {
  if (!text) return DEFAULT_PATIENCE;
  const factor = Number(text);
  if (factor > 0 && Number.isFinite(factor)) return factor;
  throw new Error(`HOMEROOM_TEST_PATIENCE=${text}: give a number above 0, such as 4`);
}

const patience = readPatience(process.env.HOMEROOM_TEST_PATIENCE);

/** The bound of a wait that takes a quiet machine so long at the very most. */
export const boundMs = (quietMs: number): number => quietMs * patience;
