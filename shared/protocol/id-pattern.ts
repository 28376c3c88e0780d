/** Of the id of a run, a volunteer or a lease. */
export const ID_PATTERN = /^[a-z0-9]{6,32}$/;

/** So many characters tell two runs of one name apart. */
const SHORT_ID_LENGTH = 4;

/** The beginning of a run's id, to be read beside a name that several runs have. */
export const shortRunId = (run: string): string => run.slice(0, SHORT_ID_LENGTH);
