import { type Dataset, datasetClasses } from '../../protocol/dataset.ts';
import { type CheckingRound, rolesOf } from '../round/round-state.ts';
import { type RoleUpdate, updatesIn } from './refuse-updates.ts';
import type { RootLosses } from './root-loss.ts';

/** Honest leases of a role do about the same work, so their updates are about as long. */
const TIMES = 8;

/** Of fewer updates nobody can say which one is too long. */
const ENOUGH = 3;

/** Of the loss of chance, which a ruined network has. The classes of a root set are about equally many. */
const NEAR_CHANCE = 0.9;

/** [CHECK13] Above one of these losses a candidate may be ruined: it is worse than the version before, and no better than chance. */
export const ruinedLimits = (dataset: Dataset, before: RootLosses): RootLosses =>
  before.map(loss => Math.max(loss, NEAR_CHANCE * Math.log(datasetClasses(dataset))));

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
