/** Of the id of a run, a volunteer or a lease. */
export const ID_PATTERN = /^[a-z0-9]{6,32}$/;
