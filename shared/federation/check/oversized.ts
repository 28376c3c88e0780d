import { type CheckingRound, rolesOf } from '../round/round-state.ts';
import { type RoleUpdate, updatesIn } from './refuse-updates.ts';

/** Honest leases of a role do about the same work, so their updates are about as long. */
const TIMES = 8;

/** Of fewer updates nobody can say which one is too long. */
const ENOUGH = 3;

/** [CHECK13] The updates of a candidate that are far longer than most others of their role, as the rule has cut them. */
export function oversizedUpdates(round: CheckingRound): RoleUpdate[] {
  const all = updatesIn(round);
  return rolesOf(round).flatMap(role => oversizedOf(all.filter(update => update.role === role)));
}

/** What a cohort of an older release tells no length of is neither too long nor shorter than others. */
function oversizedOf(all: readonly RoleUpdate[]): RoleUpdate[] {
  const updates = all.filter(({ norm }) => norm !== undefined);
  if (updates.length < ENOUGH) return [];
  const isFarShorter = (one: RoleUpdate, than: RoleUpdate): boolean => TIMES * lengthOf(one) < lengthOf(than);
  return updates.filter(one => updates.filter(other => isFarShorter(other, one)).length > updates.length / 2);
}

const lengthOf = ({ norm = 0, scale }: RoleUpdate): number => norm * scale;
