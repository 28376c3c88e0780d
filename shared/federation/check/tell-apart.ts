import { excess, isAbove, type LossLimits, type RootLosses } from './root-loss.ts';

/** What the mean of some updates makes of the version before: the losses at the exits that are checked. */
export type MeasureGroup<Update> = (group: readonly Update[]) => Promise<RootLosses>;

/** An update that hurts alone. */
interface Suspect<Update> {
  readonly update: Update;
  readonly losses: RootLosses;
}

/**
 * Alone, an update with so many times the loss that hurts is no bad luck. What honest training does to a loss in one round
 * is far less.
 */
const BEYOND_LUCK = 2;

/** Fewer updates than this say too little of each other: of two whose pictures are of few classes each may hurt alone. */
const ENOUGH = 3;

/**
 * [CHECK7] Which updates of a role make a candidate worse. Groups are told apart by halves: one whose mean does not hurt is
 * clear as a whole, so k suspects of n updates take about k · log₂ n measurements. A suspect hurts alone. That an honest
 * one may do too, if its pictures are of few classes. So suspects are given up from the worst on, and only until the mean
 * of those that are left does not hurt. If that would be more than half of all, the round was a bad one for everybody, and
 * only those are named that are beyond all luck.
 * @returns those that are to be refused, the worst first. None if their mean does not hurt
 */
export async function tellApart<Update>(
  updates: readonly Update[],
  { limits: all, badly }: LossLimits,
  measure: MeasureGroup<Update>,
): Promise<Update[]> {
  if (updates.length === 0) return [];
  const limits = updates.length < ENOUGH ? badly : all;
  const found = await findHurting(updates, limits, measure);
  const suspects = found.toSorted((a, b) => excess(b.losses, limits) - excess(a.losses, limits));
  const harmful: Update[] = [];
  for (const { update } of suspects.slice(0, Math.floor(updates.length / 2))) {
    harmful.push(update);
    const left = updates.filter(one => !harmful.includes(one));
    if (!isAbove(await measure(left), limits)) return harmful;
  }
  const beyond = badly.map(limit => BEYOND_LUCK * limit);
  return suspects.filter(({ losses }) => isAbove(losses, beyond)).map(({ update }) => update);
}

async function findHurting<Update>(
  group: readonly Update[],
  limits: RootLosses,
  measure: MeasureGroup<Update>,
): Promise<Suspect<Update>[]> {
  const losses = await measure(group);
  if (!isAbove(losses, limits)) return [];
  const [update, ...others] = group;
  if (update !== undefined && others.length === 0) return [{ update, losses }];
  const half = Math.ceil(group.length / 2);
  return [
    ...(await findHurting(group.slice(0, half), limits, measure)),
    ...(await findHurting(group.slice(half), limits, measure)),
  ];
}
