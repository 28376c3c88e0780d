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
}

/** The same with the group that it is in, if it has not gone. */
interface Grouped extends Seen {
  readonly group: string;
}

type Contacts = SortedMap<Contact, string>;
const nobody: Contacts = SortedMap.empty(byTime);

/** Says of a group whether it is asked about. */
type IsAsked = (group: string) => boolean;
const all: IsAsked = () => true;

/**
 * Who is here, by groups that whoever keeps them names. It lives in memory: to write a row whenever somebody asks in vain
 * would cost more than all else that a run writes. It is a value, as every table is.
 */
export class Presence {
  /** What the groups are made by. They are made anew if that changes. */
  readonly groupedBy: string;
  private readonly seen: SortedMap<string, Grouped>;
  /** Those who have not gone, in the order of time. */
  private readonly groups: Readonly<Record<string, Contacts>>;

  private constructor(
    groupedBy: string,
    seen: SortedMap<string, Grouped>,
    groups: Readonly<Record<string, Contacts>>,
  ) {
    this.groupedBy = groupedBy;
    this.seen = seen;
    this.groups = groups;
  }

  static of(seen: Iterable<Seen>): Presence {
    let all = SortedMap.empty<string, Grouped>(byText);
    for (const one of seen) all = all.set(one.volunteer, { ...one, group: '' });
    return new Presence('', all, {}).regrouped('', () => '');
  }

  regrouped(groupedBy: string, groupOf: (volunteer: string) => string): Presence {
    const groups: Record<string, Contacts> = {};
    let { seen } = this;
    for (const one of this.seen.values()) {
      if (one.isGone) continue;
      const { volunteer, seenAt } = one;
      const group = groupOf(volunteer);
      groups[group] = (groups[group] ?? nobody).set([seenAt, volunteer], volunteer);
      if (group !== one.group) seen = seen.set(volunteer, { ...one, group });
    }
    return new Presence(groupedBy, seen, groups);
  }

  /** As if everybody had been heard of so many ms earlier. The groups are to be made anew. */
  earlier(ms: number): Presence {
    return Presence.of(Array.from(this.seen.values(), one => ({ ...one, seenAt: one.seenAt - ms })));
  }

  /** When a volunteer was heard of last. Undefined if it never was. */
  seenAt(volunteer: string): number | undefined {
    return this.seen.get(volunteer)?.seenAt;
  }

  isGone(volunteer: string): boolean {
    return this.seen.get(volunteer)?.isGone ?? false;
  }

  /** How many were heard of after this moment and have not gone since. */
  countHere(after: number, isAsked = all): number {
    return this.asked(isAsked).reduce((sum, contacts) => sum + contacts.countFrom([after, LAST]), 0);
  }

  /** Who they are. Of a group, those who have been silent for longest come first. */
  *here(after: number, isAsked = all): Generator<string, void> {
    for (const contacts of this.asked(isAsked)) yield* contacts.values([after, LAST]);
  }

  private asked(isAsked: IsAsked): readonly Contacts[] {
    return Object.entries(this.groups).flatMap(([group, contacts]) => (isAsked(group) ? [contacts] : []));
  }

  see(volunteer: string, seenAt: number, group: string): Presence {
    const others = this.without(volunteer);
    const contacts = (others[group] ?? nobody).set([seenAt, volunteer], volunteer);
    const seen = this.seen.set(volunteer, { volunteer, seenAt, isGone: false, group });
    return new Presence(this.groupedBy, seen, { ...others, [group]: contacts });
  }

  /** It has left, or was not heard of when it should have been. */
  lose(volunteer: string): Presence {
    const seen = this.seen.get(volunteer);
    if (!seen || seen.isGone) return this;
    const gone = this.seen.set(volunteer, { ...seen, isGone: true });
    return new Presence(this.groupedBy, gone, this.without(volunteer));
  }

  private without(volunteer: string): Readonly<Record<string, Contacts>> {
    const seen = this.seen.get(volunteer);
    if (!seen || seen.isGone) return this.groups;
    const { group, seenAt } = seen;
    const contacts = (this.groups[group] ?? nobody).delete([seenAt, volunteer]);
    return { ...this.groups, [group]: contacts };
  }

  toJSON(): Seen[] {
    return Array.from(this.seen.values(), ({ group: _, ...seen }) => seen);
  }
}
