/** So much JSON lies in a row at most. SQLite takes no row of more than 2 MB, and a character may have three bytes. */
export const MOST_CHARACTERS = 600_000;
