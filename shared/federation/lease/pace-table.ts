import type { Role } from '../../protocol/identifiers.ts';
import type { Device } from '../../protocol/messages.ts';
import { byText, SortedMap } from '../tables/sorted-map.ts';
import type { VolunteerState } from '../volunteer/volunteer-state.ts';
import { ownPace } from './own-pace.ts';

type Place = readonly [pace: number, volunteer: string];
const byPace = (one: Place, other: Place): number => one[0] - other[0] || byText(one[1], other[1]);

/** Of a group one pace for each volunteer, the quickest first. So nobody counts twice, however much it returns. */
type Group = SortedMap<Place, number>;
const nobody: Group = SortedMap.empty(byPace);

/** The slowest tenth is left out: one device that slept must not set the time of all. */
const QUANTILE = 0.9;

const allOf = (role: Role): string => role;
/** Devices of one backend whose told speeds are of the same power of two. */
const likeOf = (role: Role, { backend, macsPerSecond }: Device): string =>
  `${role} ${macsPerSecond > 0 ? Math.floor(Math.log2(macsPerSecond)) : 'untold'} ${backend}`;
const EVERYBODY = '';

/** The groups in which a volunteer has its pace in a role. */
const keysOf = (role: Role, { identity: { device } }: VolunteerState): readonly string[] => [
  EVERYBODY,
  allOf(role),
  likeOf(role, device),
];

/** Some volunteers' paces. */
export interface Paces {
  readonly count: number;
  /** Nine of ten are as quick as this, or quicker. Zero if there are none. */
  readonly most: number;
}

/**
 * [LEASE17] How quick the volunteers are, in groups. It follows from their rows, so it is not stored. It is a value, as
 * every table is.
 */
export class PaceTable {
  private readonly groups: SortedMap<string, Group>;

  private constructor(groups: SortedMap<string, Group>) {
    this.groups = groups;
  }

  static of(volunteers: Iterable<VolunteerState>): PaceTable {
    let table = new PaceTable(SortedMap.empty(byText));
    for (const volunteer of volunteers)
      for (const role of Object.keys(volunteer.paces ?? {}) as Role[])
        table = table.put(null, volunteer, role);
    return table;
  }

  /**
   * @param before the volunteer's row until now, if its pace in this role was in the table
   * @param volunteer its row from now on, if it has one
   */
  put(before: VolunteerState | null, volunteer: VolunteerState | null, role: Role): PaceTable {
    let { groups } = this;
    // Among everybody a volunteer has a pace for each of its roles.
    const id = `${(volunteer ?? before)?.id} ${role}`;
    const change = (of: VolunteerState, act: (group: Group, pace: number) => Group): void => {
      const pace = ownPace(of, role);
      if (pace === null) return;
      for (const key of keysOf(role, of)) groups = groups.set(key, act(groups.get(key) ?? nobody, pace));
    };
    if (before) change(before, (group, pace) => group.delete([pace, id]));
    if (volunteer) change(volunteer, (group, pace) => group.set([pace, id], pace));
    return new PaceTable(groups);
  }

  /** [CROWD3] The volunteer's row goes. */
  without(volunteer: VolunteerState): PaceTable {
    const roles = Object.keys(volunteer.paces ?? {}) as Role[];
    return roles.reduce<PaceTable>((table, role) => table.put(volunteer, null, role), this);
  }

  /** The volunteer's device is another one now, so it is like others. */
  changed(before: VolunteerState, volunteer: VolunteerState): PaceTable {
    const roles = Object.keys(volunteer.paces ?? {}) as Role[];
    return roles.reduce<PaceTable>((table, role) => table.put(before, volunteer, role), this);
  }

  /** Of the volunteers like this device. */
  like(role: Role, device: Device): Paces {
    return this.pacesOf(likeOf(role, device));
  }

  all(role: Role): Paces {
    return this.pacesOf(allOf(role));
  }

  inAnyRole(): Paces {
    return this.pacesOf(EVERYBODY);
  }

  private pacesOf(key: string): Paces {
    const group = this.groups.get(key) ?? nobody;
    return { count: group.size, most: group.at(Math.ceil(QUANTILE * group.size) - 1) ?? 0 };
  }
}
