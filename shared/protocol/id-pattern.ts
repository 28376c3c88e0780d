/** Of the id of a run, a volunteer or a lease. */
export const ID_PATTERN = /^[a-z0-9]{6,32}$/;

/** Tells apart two runs of one name in a list. */
export const shortRunId = (run: string): string => run.slice(0, 4);
