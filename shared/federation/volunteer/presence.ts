import { byText, SortedMap } from '../tables/sorted-map.ts';

/** When a volunteer was heard of. Those heard of at once come in the order of their ids. */
type Contact = readonly [at: number, id: string];
const byTime = (one: Contact, other: Contact): number => one[0] - other[0] || byText(one[1], other[1]);

/** Behind every contact of its moment: no id begins with this character. */
const LAST = '\uffff';

/** When a volunteer was heard of last, and whether it has gone since. */
interface Seen {
  readonly volunteer: string;
  readonly seenAt: number;
  readonly isGone: boolean;
  /** [VIEW9] When it left. Left out if it is here, or if it only was not heard of when it should have been. */
  readonly goneAt?: number;
}

/** The same with the group that it is in, gone or not. */
interface Grouped extends Seen {
  readonly group: string;
}

type Contacts = SortedMap<Contact, Seen>;
const nobody: Contacts = SortedMap.empty(byTime);

/** By group. */
type Groups = Readonly<Record<string, Contacts>>;

/** Says of a group whether it is asked about. */
type IsAsked = (group: string) => boolean;
const all: IsAsked = () => true;

/** Those who have not gone, or those who have. */
export type Whereabouts = 'here' | 'gone';

/** All that a presence is made of. */
interface Parts {
  /** What the groups are made by. They are made anew if that changes. */
  readonly groupedBy: string;
  /** Since when it hears of anybody: who was silent before may only not have been heard. */
  readonly since: number;
  readonly seen: SortedMap<string, Grouped>;
  readonly here: Groups;
  readonly gone: Groups;
}

/**
 * Who is here, by groups that whoever keeps them names. It lives in memory: to write a row whenever somebody asks in vain
 * would cost more than all else that a run writes. It is a value, as every table is.
 */
export class Presence {
  private readonly parts: Parts;

  private constructor(parts: Parts) {
    this.parts = parts;
  }

  static of(seen: Iterable<Seen>, since = 0): Presence {
    let all = SortedMap.empty<string, Grouped>(byText);
    for (const one of seen) all = all.set(one.volunteer, { ...one, group: '' });
    return new Presence({ groupedBy: '', since, seen: all, here: {}, gone: {} }).regrouped('', () => '');
  }

  get groupedBy(): string {
    return this.parts.groupedBy;
  }

  get since(): number {
    return this.parts.since;
  }

  regrouped(groupedBy: string, groupOf: (volunteer: string, seenAt: number) => string): Presence {
    const groups: Record<Whereabouts, Record<string, Contacts>> = { here: {}, gone: {} };
    let { seen } = this.parts;
    for (const one of this.parts.seen.values()) {
      const { volunteer, seenAt, isGone } = one;
      const group = groupOf(volunteer, seenAt);
      const others = isGone ? groups.gone : groups.here;
      others[group] = (others[group] ?? nobody).set([seenAt, volunteer], one);
      if (group !== one.group) seen = seen.set(volunteer, { ...one, group });
    }
    return new Presence({ ...this.parts, ...groups, groupedBy, seen });
  }

  /** As if everybody had been heard of so many ms earlier. The groups are to be made anew. */
  earlier(ms: number): Presence {
    const seen = Array.from(this.parts.seen.values(), one => ({ ...one, seenAt: one.seenAt - ms }));
    return Presence.of(seen, this.since - ms);
  }

  /** When a volunteer was heard of last. Undefined if it never was. */
  seenAt(volunteer: string): number | undefined {
    return this.parts.seen.get(volunteer)?.seenAt;
  }

  /** When it left. Null if it is here, or if nobody knows. */
  goneAt(volunteer: string): number | null {
    return this.parts.seen.get(volunteer)?.goneAt ?? null;
  }

  isGone(volunteer: string): boolean {
    return this.parts.seen.get(volunteer)?.isGone ?? false;
  }

  /** How many were heard of after this moment and have not gone since. */
  countHere(after: number, isAsked = all): number {
    return asked(this.parts.here, isAsked).reduce(
      (sum, contacts) => sum + contacts.countFrom([after, LAST]),
      0,
    );
  }

  /** How many there are, here, silent or gone. */
  count(isAsked = all): number {
    const { here, gone } = this.parts;
    return [...asked(here, isAsked), ...asked(gone, isAsked)].reduce((sum, { size }) => sum + size, 0);
  }

  /** Who was heard of after this moment. Of a group, those who have been silent for longest come first. */
  *here(after: number, isAsked = all): Generator<string, void> {
    for (const contacts of asked(this.parts.here, isAsked))
      for (const { volunteer } of contacts.values([after, LAST])) yield volunteer;
  }

  /** Who was not heard of after this moment. Of a group, those who have been silent for longest come first. */
  *silent(which: Whereabouts, until: number, isAsked = all): Generator<string, void> {
    for (const contacts of asked(this.parts[which], isAsked))
      for (const { volunteer, seenAt } of contacts.values()) {
        if (seenAt > until) break;
        yield volunteer;
      }
  }

  see(volunteer: string, seenAt: number, group: string): Presence {
    return this.put({ volunteer, seenAt, isGone: false, group });
  }

  /** It has left. */
  leave(volunteer: string, goneAt: number): Presence {
    const seen = this.parts.seen.get(volunteer);
    return seen ? this.put({ ...seen, isGone: true, goneAt }) : this;
  }

  /** It was not heard of when it should have been. */
  lose(volunteer: string): Presence {
    const seen = this.parts.seen.get(volunteer);
    return !seen || seen.isGone ? this : this.put({ ...seen, isGone: true });
  }

  /** Nobody asks about it any more. */
  forget(volunteer: string): Presence {
    const seen = this.parts.seen.delete(volunteer);
    return new Presence({ ...this.parts, ...this.without(volunteer), seen });
  }

  private put(one: Grouped): Presence {
    const { volunteer, seenAt, isGone, group } = one;
    const others = this.without(volunteer);
    const which = isGone ? 'gone' : 'here';
    const contacts = (others[which][group] ?? nobody).set([seenAt, volunteer], one);
    const seen = this.parts.seen.set(volunteer, one);
    return new Presence({ ...this.parts, ...others, [which]: { ...others[which], [group]: contacts }, seen });
  }

  private without(volunteer: string): Pick<Parts, Whereabouts> {
    const { here, gone } = this.parts;
    const seen = this.parts.seen.get(volunteer);
    if (!seen) return { here, gone };
    const groups = seen.isGone ? gone : here;
    const contacts = (groups[seen.group] ?? nobody).delete([seen.seenAt, volunteer]);
    const left = { ...groups, [seen.group]: contacts };
    return seen.isGone ? { here, gone: left } : { here: left, gone };
  }

  toJSON(): Seen[] {
    return Array.from(this.parts.seen.values(), ({ group: _, ...seen }) => seen);
  }
}

const asked = (groups: Groups, isAsked: IsAsked): readonly Contacts[] =>
  Object.entries(groups).flatMap(([group, contacts]) => (isAsked(group) ? [contacts] : []));
