import { planSettings } from '../../../client/host/plan-settings.ts';
import { planNames } from '../../../shared/protocol/plan-spec.ts';
import type { ArmResult, Comparison } from './comparison.ts';
import type { LearningRow } from './rows.ts';

/** How plans, rates and figures are written in lines, tables and plots. */

/** The control is marked as one beside every claim (shared/plan/README.md, "A fair comparison"). */
export const planLabel = (plan: string): string => (plan === 'student-alone' ? `${plan} (control)` : plan);

export const armLabel = (plan: string, rate: number): string => `${planLabel(plan)} at ${rate}`;

/** The settings of a plan that are not the defaults, and where its model is cut: `freezeAt=0.8 cut=pool3`. */
export function detailOf({ plan, planSettings: text, cut, heads }: LearningRow): string {
  const known = planNames.find(name => name === plan);
  const standard = new Set(
    known ? planSettings(known).map(setting => `${setting.name}=${setting.standard}`) : [],
  );
  const own = text.split(' ').filter(setting => setting !== '' && !standard.has(setting));
  const where = cut === '' ? [] : [/^\d+ segments$/.test(cut) ? cut : `cut=${cut}`];
  return [...own, ...where, ...(heads === null ? [] : [`heads=${heads}`])].join(' ');
}

/** `vgg16-quarter on 10,000 pictures of cifar-10, 4 passes' worth of flops, test split` */
export function titleOf({ sample }: Comparison): string {
  const { model, dataset, trainExamples, budget, match, split, federated, volunteers, partition } = sample;
  const alone = `${model} on ${trainExamples.toLocaleString('en')} pictures of ${dataset}`;
  const equal = `${budget} ${budget === 1 ? "pass's" : "passes'"} worth of ${match === 'bytes' ? 'uploaded bytes' : match}, ${split} split`;
  return federated ? `${alone}, ${volunteers} volunteers, ${partition}, ${equal}` : `${alone}, ${equal}`;
}

/** `52.18 ± 1.40`, in percent; without a spread if there is one seed. */
export function accuracyText({ accuracy: { count, mean, deviation } }: ArmResult): string {
  if (count === 0) return '-';
  return count === 1 ? percent(mean) : `${percent(mean)} ± ${percent(deviation)}`;
}

/** `+5.37 ± 0.85`, in points. */
export function differenceText({ difference, isBaseline }: ArmResult): string {
  if (isBaseline) return 'baseline';
  if (!difference) return '-';
  const { mean, margin } = difference;
  const sign = mean < 0 ? '−' : '+';
  const value = `${sign}${percent(Math.abs(mean))}`;
  return Number.isNaN(margin) ? value : `${value} ± ${percent(margin)}`;
}

/** `0.27 G`, `12.3 T`, multiply-accumulates. */
export function macsText(macs: number): string {
  if (Number.isNaN(macs)) return '-';
  return macs < 1e12 ? `${(macs / 1e9).toPrecision(3)} G` : `${(macs / 1e12).toPrecision(3)} T`;
}

const percent = (share: number): string => (100 * share).toFixed(2);
