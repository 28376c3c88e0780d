/**
 * The version of everything that decides what a run's training gives: the trainer, the plans, the round machine, the
 * data and the bench itself. Raise it with a change after which the same run, from the same seed, would give another
 * accuracy. Rows of different versions are not compared: a file of rows takes no others than its own.
 */
export const LEARNING_VERSION = 1;
