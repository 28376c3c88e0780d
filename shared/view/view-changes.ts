import type { ViewChanges } from '../protocol/frames.ts';
import type { RoundView, RunView } from '../protocol/run-view.ts';
import { SHOWN_REFUSALS } from './live-view.ts';

/** What is sent whole if it changed. The detail of a pause is apart, since it may also go. */
type Fields = Omit<RunView, 'seq' | 'rounds' | 'volunteers' | 'refusals' | 'whyDetail'>;
type SomeFields = { [K in keyof Fields]?: Fields[K] | undefined };

/**
 * What came to a view since an earlier one of the same run, in as few words as hold it. It costs what the views list,
 * which is bounded.
 */
export function viewChanges(before: RunView, after: RunView): ViewChanges {
  const known = new Map(before.rounds.map(round => [round.round, round]));
  const kept = new Set(after.rounds.map(({ round }) => round));
  return {
    seq: after.seq,
    fields: changedFields(before, after),
    volunteers: Object.values(after.volunteers).filter(
      volunteer => !isSame(before.volunteers[volunteer.volunteer], volunteer),
    ),
    unlisted: Object.keys(before.volunteers).filter(id => after.volunteers[id] === undefined),
    rounds: after.rounds.filter(round => !isSame(known.get(round.round), round)),
    leftOut: before.rounds.map(({ round }) => round).filter(round => !kept.has(round)),
    refusals: after.refusals.filter(({ seq }) => seq > (before.refusals[0]?.seq ?? 0)),
  };
}

/** Makes the later view of `viewChanges` of the earlier one. Both stay as they are. */
export function applyChanges(view: RunView, changes: ViewChanges): RunView {
  const { whyDetail: change, ...fields } = changes.fields;
  const { whyDetail: before, ...kept } = view;
  const whyDetail = change === undefined ? before : change;
  const next: RunView = {
    ...kept,
    ...(whyDetail === undefined || whyDetail === null ? {} : { whyDetail }),
    seq: changes.seq,
    rounds: changeRounds(view.rounds, changes),
    volunteers: changeVolunteers(view.volunteers, changes),
    refusals: [...changes.refusals, ...view.refusals].slice(0, SHOWN_REFUSALS),
  };
  for (const key of namesOf(fields)) setField(next, fields, key);
  return next;
}

function changedFields(before: RunView, after: RunView): ViewChanges['fields'] {
  const { seq: _s, rounds: _r, volunteers: _v, refusals: _f, whyDetail, ...fields } = after;
  const changed: SomeFields = {};
  for (const key of namesOf(fields)) if (!isSame(before[key], fields[key])) setField(changed, fields, key);
  return whyDetail === before.whyDetail ? changed : { ...changed, whyDetail: whyDetail ?? null };
}

/** The parameter's type has no other names. */
const namesOf = (fields: SomeFields): (keyof Fields)[] => Object.keys(fields) as (keyof Fields)[];

function setField<K extends keyof Fields>(to: SomeFields, from: SomeFields, key: K): void {
  if (from[key] !== undefined) to[key] = from[key];
}

function changeRounds(rounds: RoundView[], { rounds: changed, leftOut }: ViewChanges): RoundView[] {
  if (changed.length === 0 && leftOut.length === 0) return rounds;
  const byNumber = new Map(rounds.map(round => [round.round, round]));
  for (const round of changed) byNumber.set(round.round, round);
  for (const round of leftOut) byNumber.delete(round);
  return [...byNumber.values()].sort((a, b) => a.round - b.round);
}

function changeVolunteers(
  volunteers: RunView['volunteers'],
  { volunteers: changed, unlisted }: ViewChanges,
): RunView['volunteers'] {
  if (changed.length === 0 && unlisted.length === 0) return volunteers;
  const next = { ...volunteers, ...Object.fromEntries(changed.map(each => [each.volunteer, each])) };
  for (const id of unlisted) delete next[id];
  return next;
}

/** Plain JSON, made by the same code. What did not change is the same object, unless it came over a wire. */
const isSame = (a: unknown, b: unknown): boolean =>
  a === b || (typeof a === 'object' && typeof b === 'object' && JSON.stringify(a) === JSON.stringify(b));
