/**
 * Who may do what on a platform. Routes and objects ask here and nowhere else; worker/README.md has the same table for
 * people, and a test walks every route as every caller.
 */

/**
 * Who calls, by what they show. `visitor`: nothing. `volunteer`: a token of the run. `referee`: a referee's key, or the token
 * of a volunteer who joined with one. `host`: the run's host key. `owner`: the deployment key.
 */
export const callers = ['visitor', 'volunteer', 'referee', 'host', 'owner'] as const;
export type Caller = (typeof callers)[number];

const everyone: readonly Caller[] = callers;
const hosts: readonly Caller[] = ['host', 'owner'];

export const access = {
  /** Runs, views, ledgers, versions, archives, blobs and data sets: what a run does is public. */
  look: everyone,
  /** If the run has a join code, whoever may not judge shows it. */
  join: everyone,
  judge: ['referee', ...hosts],
  /** To check versions before they are out. */
  check: ['referee'],
  /** Leases and updates, each volunteer for itself. */
  train: ['volunteer', 'referee'],
  /** Runs, and the blobs and data sets that they need, if creation is open. */
  create: everyone,
  createIfClosed: ['owner'],
  /** To become the owner. Whoever does so shows the claim that the last deploy printed. */
  claim: everyone,
  replaceDataset: ['owner'],
  /** To delete a data set. Whoever shows the key that it was uploaded with may too: that is no key of a run. */
  removeDataset: ['owner'],
  /** To see who has how much in the storage. */
  seeStorage: ['owner'],
  /** To open, pause, resume and finish a run. */
  control: hosts,
  /** To ask whether a key is the host's, and to read the join code. */
  lookAsHost: hosts,
  /** To hide a run from the list and shut it to changes, and to take it out again. */
  archive: hosts,
  /** To say whether the list of runs shows it to everybody. */
  setVisibility: hosts,
  /** To find in the list the runs that are not public. */
  listAll: ['owner'],
  /** To keep the updates of a run that has ended for longer, or to delete them now. */
  keepArchives: hosts,
  deleteRun: hosts,
  /** To return a run to an older version. */
  takeBack: hosts,
  removeVolunteer: hosts,
  renameVolunteer: hosts,
  /** To make, list and revoke keys, and to renew the host key. */
  manageKeys: hosts,
} as const satisfies Readonly<Record<string, readonly Caller[]>>;

export type Action = keyof typeof access;

export const isAllowed = (action: Action, caller: Caller): boolean => {
  const allowed: readonly Caller[] = access[action];
  return allowed.includes(caller);
};
