import type { VolunteerView } from '../protocol/run-view.ts';

/** A page has room for half as many. */
const MOST_LISTED = 60;

/**
 * One who has been idle for so long makes room for one who works, or for anybody. If the list changed with every lease of
 * a crowd, each look at it would be a whole new list.
 */
const ROOM_FOR_WORK_MS = 10_000;
const ROOM_FOR_ANYBODY_MS = 60_000;

/** [VIEW5] Which volunteers of a crowd are shown: those at work, or seen last. It follows from the ledger alone. */
export class VolunteerList {
  private readonly known: ReadonlyMap<string, VolunteerView>;
  private readonly listed: Set<string>;

  /** @param known everyone, kept up to date by its owner */
  constructor(known: ReadonlyMap<string, VolunteerView>, listed: readonly string[] = firstListed(known)) {
    this.known = known;
    this.listed = new Set(listed);
  }

  get ids(): readonly string[] {
    return [...this.listed];
  }

  /** The volunteer was just heard of. */
  see({ volunteer, role, seenAt }: VolunteerView): void {
    if (this.listed.has(volunteer)) return;
    if (this.listed.size >= MOST_LISTED) {
      const longest = this.longestIdle();
      const idleMs = role === null ? ROOM_FOR_ANYBODY_MS : ROOM_FOR_WORK_MS;
      if (!longest || longest.seenAt > seenAt - idleMs) return;
      this.listed.delete(longest.volunteer);
    }
    this.listed.add(volunteer);
  }

  forget(volunteer: string): void {
    this.listed.delete(volunteer);
  }

  private longestIdle(): VolunteerView | null {
    let longest: VolunteerView | null = null;
    for (const id of this.listed) {
      const volunteer = this.known.get(id);
      if (volunteer?.role !== null) continue;
      if (!longest || volunteer.seenAt < longest.seenAt) longest = volunteer;
    }
    return longest;
  }
}

/** Of a view that was kept before some were listed. */
const firstListed = (known: ReadonlyMap<string, VolunteerView>): readonly string[] =>
  [...known.values()]
    .sort((a, b) => Number(b.role !== null) - Number(a.role !== null) || b.seenAt - a.seenAt)
    .slice(0, MOST_LISTED)
    .map(({ volunteer }) => volunteer);
