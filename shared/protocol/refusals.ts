/**
 * The one table of refusals. A refusal is an expected reply, not a failure of the system. It is returned as a value and
 * mapped to HTTP once, in `worker/routes`. If it concerns an update, it is written in the ledger.
 */
export const refusals = {
  malformed: { status: 400, text: 'the message does not have the agreed form' },
  'bad-spec': { status: 400, text: 'the run cannot be created as described' },
  unauthorised: { status: 401, text: 'the token is missing, forged, expired or made for something else' },
  'other-site': { status: 403, text: 'the platform takes this from its own pages and from programs only' },
  forbidden: { status: 403, text: 'this key does not allow it' },
  'creation-closed': { status: 403, text: 'on this deployment you need the deployment key to create runs' },
  claimed: {
    status: 409,
    text: 'this claim was used already: whoever can deploy gets a new one with the next deploy',
  },
  'wrong-claim': {
    status: 409,
    text: 'this is not the claim that the last deploy printed, or it has ended: open the newest link in the log of the deploy, or deploy again',
  },
  misconfigured: { status: 500, text: 'the owner of this platform has to set it up first' },
  'newer-release': {
    status: 500,
    text: 'a newer release of this platform has written what is stored here, and this one leaves it as it is: its owner has to deploy the newer one again',
  },
  'wrong-code': { status: 403, text: 'the join code is not right' },
  'not-checked': {
    status: 403,
    text: 'this platform asks whoever joins to pass a check that only a page can show: open the link in a browser, or join with a key',
  },
  archived: {
    status: 409,
    text: 'the run is archived, so nothing in it can change: its host can take it out of the archive',
  },
  deleted: { status: 410, text: 'the host has deleted this run' },
  removed: { status: 403, text: 'the host has removed this volunteer from the run' },
  'not-found': { status: 404, text: 'it is not here, or not any more: check the link or the name' },
  'run-not-open': { status: 409, text: 'the run is in a phase that does not allow this' },
  'unknown-lease': { status: 409, text: 'this volunteer has no such task in hand' },
  duplicate: { status: 409, text: 'an update of this task came already' },
  late: { status: 410, text: 'the deadline of this task has passed' },
  stale: { status: 410, text: 'the round of this task is closed: take a new task' },
  'taken-back': {
    status: 410,
    text: 'the run went back to an older version, so what was trained since then counts no more: take a new task',
  },
  'name-taken': {
    status: 409,
    text: 'there is one of this name already, and only the owner of the platform may replace it: choose another',
  },
  'in-use': {
    status: 409,
    text: 'runs use these data still: delete those runs first, or keep the data',
  },
  harmful: {
    status: 410,
    text: 'the version was worse with this update, as the referee measured on held-out data, so it counts no more',
  },
  'too-large': { status: 413, text: 'the body is larger than this call allows' },
  'wrong-type': { status: 415, text: 'the body is not sent as application/json' },
  'other-name': { status: 421, text: 'the platform does not answer to this name' },
  'wrong-hash': { status: 422, text: 'the bytes do not have the SHA-256 that was sent with them' },
  'wrong-table': { status: 422, text: 'the tensors are not those of the segments that this task trains' },
  'wrong-codec': { status: 422, text: 'the update is not in the codec that the task asks for' },
  'bad-payload': { status: 422, text: 'the values of a tensor cannot be decoded' },
  'not-finite': { status: 422, text: 'the update holds a value that is not a finite number' },
  'out-of-range': { status: 422, text: 'a weight changes by more than an update may hold' },
  'bad-statistics': { status: 422, text: 'a statistic of batch norm has a value that it cannot have' },
  'bad-metrics': { status: 422, text: 'the metrics are not possible for this task' },
  damaged: { status: 500, text: 'what is stored here is damaged' },
  busy: { status: 503, text: 'too much at once: try again later' },
} as const satisfies Record<string, { status: number; text: string }>;

export type RefusalReason = keyof typeof refusals;

/** An expected "no": the reason from the table and, if it helps, what exactly was wrong. */
export interface Refusal {
  readonly ok: false;
  readonly reason: RefusalReason;
  readonly detail?: string;
  /** If it is known when the same may be asked again. */
  readonly retryAfterMs?: number;
}

export type Result<T> = { readonly ok: true; readonly value: T } | Refusal;

export const accepted = <T>(value: T): Result<T> => ({ ok: true, value });

export const refused = (reason: RefusalReason, detail?: string): Refusal =>
  detail === undefined ? { ok: false, reason } : { ok: false, reason, detail };

/** One line for people: what was refused and why. */
export const describeRefusal = ({ reason, detail }: Omit<Refusal, 'ok'>): string =>
  `${reason}: ${refusals[reason].text}${detail ? ` (${detail})` : ''}`;
