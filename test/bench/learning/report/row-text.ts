import { planSettings } from '../../../../client/host/plan-settings.ts';
import { planNames } from '../../../../shared/protocol/plan-spec.ts';
import type { LearningRow } from '../rows.ts';
import type { ArmResult, Comparison } from './comparison.ts';
import type { Difference } from './statistics.ts';

/** How plans, rates and figures are written in lines, tables and plots. */

/** The control is marked as one beside every claim (shared/plan/README.md, "A fair comparison"). */
export const planLabel = (plan: string): string => (plan === 'student-alone' ? `${plan} (control)` : plan);

/** Its own name, if the arm has one. */
export const armLabel = ({ arm, plan }: Pick<LearningRow, 'arm' | 'plan'>): string => arm ?? planLabel(plan);

/** The settings of a plan that are not the defaults, and where its model is cut: `freezeAt=0.8 cut=pool3`. */
export function detailOf({ plan, planSettings: text, cut, heads, allStrong }: LearningRow): string {
  const known = planNames.find(name => name === plan);
  const standard = new Set(
    known ? planSettings(known).map(setting => `${setting.name}=${setting.standard}`) : [],
  );
  const own = text.split(' ').filter(setting => setting !== '' && !standard.has(setting));
  const where = cut === '' ? [] : [/^\d+ segments$/.test(cut) ? cut : `cut=${cut}`];
  const others = [...(heads === null ? [] : [`heads=${heads}`]), ...(allStrong ? ['devices=all'] : [])];
  return [...own, ...where, ...others].join(' ');
}

/** `vgg16-quarter on 10,000 pictures of cifar-10, 4 passes' worth of flops, test split` */
export function titleOf({ sample }: Comparison): string {
  const { model, dataset, trainExamples, split } = sample;
  const alone = `${model} on ${trainExamples.toLocaleString('en')} pictures of ${dataset}`;
  return [alone, ...crowdOf(sample), `${budgetText(sample)}, ${split} split`].join(', ');
}

function crowdOf({ federated, volunteers, partition, devices, ownPictures }: LearningRow): string[] {
  if (!federated) return [];
  const crowd = `${volunteers} volunteers${ownPictures ? ' with pictures of their own' : ''}`;
  return [crowd, `${partition}`, ...(devices === null ? [] : [`devices ${devices}`])];
}

function budgetText({ budget, match, ownPictures }: LearningRow): string {
  if (match === 'rounds' && ownPictures) return `${budget} ${budget === 1 ? 'round' : 'rounds'}`;
  const passes = `${budget} ${budget === 1 ? "pass's" : "passes'"}`;
  return `${passes} worth of ${match === 'bytes' ? 'uploaded bytes' : match}`;
}

/** `52.18 ± 1.40`, in percent; without a spread if there is one seed. */
export function accuracyText({ accuracy: { count, mean, deviation } }: ArmResult): string {
  if (count === 0) return '-';
  return count === 1 ? percent(mean) : `${percent(mean)} ± ${percent(deviation)}`;
}

/** `+5.37 ± 0.85`, in points. */
export function differenceText({ difference, isBaseline }: ArmResult): string {
  if (isBaseline) return 'baseline';
  return difference ? differenceOf(difference) : '-';
}

export function differenceOf({ mean, margin }: Difference): string {
  const sign = mean < 0 ? '−' : '+';
  const value = `${sign}${percent(Math.abs(mean))}`;
  return Number.isNaN(margin) ? value : `${value} ± ${percent(margin)}`;
}

/** `0.27 G`, `12.3 T`, multiply-accumulates. */
export function macsText(macs: number): string {
  if (Number.isNaN(macs)) return '-';
  return macs < 1e12 ? `${(macs / 1e9).toPrecision(3)} G` : `${(macs / 1e12).toPrecision(3)} T`;
}

export const percent = (share: number): string => (100 * share).toFixed(2);
