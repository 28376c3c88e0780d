import { checkAggregation } from '../../../shared/cohort/check-aggregation.ts';
import { checkCoverage } from '../../../shared/plan/check-coverage.ts';
import { checkPlan, networkFor } from '../../../shared/plan/plan-tasks.ts';
import { datasetClasses, datasetShape } from '../../../shared/protocol/dataset.ts';
import type { ModelOutline } from '../../../shared/protocol/model-outline.ts';
import type { Result } from '../../../shared/protocol/refusals.ts';
import type { RunSpec } from '../../../shared/protocol/run-spec.ts';
import { unfitFor } from '../../host/zoo/suited-network.ts';
import { mostZooSegments, zooOutline } from '../../host/zoo/zoo-outline.ts';
import { inPageLanguage } from '../words/language.ts';
import { networksWords } from '../words/networks-words.ts';
import { newRunWords } from '../words/new-run-words.ts';
import type { FieldErrors } from './field-names.ts';
import type { FormValues } from './form-values.ts';
import type { OwnModel } from './own-model/read-own-model.ts';

interface ChosenNetwork {
  readonly model: string;
  /** Null if the network is one of the zoo. Of another one nothing is known before the trainer has built it. */
  readonly own: OwnModel | null;
  readonly segments: number;
  readonly holdsBack: boolean;
}

/** What is wrong between the network, its pictures, its plan and how updates are combined. */
export function checkNetworkFields(spec: RunSpec, network: ChosenNetwork, values: FormValues): FieldErrors {
  const words = newRunWords();
  // [CHECK1] Nobody can measure a version on pictures that there are not.
  const check =
    spec.policy.check === 'always' && !network.holdsBack ? { check: words.checkNeedsHeldBack } : {};
  const needsRoot =
    values.aggregation === 'fltrust' && !network.holdsBack ? { aggregation: words.ruleNeedsHeldBack } : {};
  return { ...(network.own ? {} : zooErrors(spec, network, values)), ...check, ...needsRoot };
}

/** Too few rounds are fewer than this. The form is read at every key that is pressed, and all rounds are planned. */
const MOST_PLANNED = 100;

function zooErrors(spec: RunSpec, { model, segments }: ChosenNetwork, values: FormValues): FieldErrors {
  const words = newRunWords();
  const unfit = unfitFor(model, spec.dataset);
  if (unfit) return { model: networksWords().unfit(unfit) };
  const shape = datasetShape(spec.dataset);
  const most = mostZooSegments(model, shape, datasetClasses(spec.dataset));
  if (segments > most) return { segments: words.mostSegments(model, String(most)) };
  const outline = outlineOf(spec, model, segments);
  if (!outline || spec.plan.name === 'sub-networks') return subNetworkErrors(spec, model);
  const short = { ...spec, rounds: Math.min(spec.rounds, MOST_PLANNED) };
  return {
    ...atField('plan', checkPlan(spec.plan, outline)),
    ...atField('rounds', checkCoverage(short, outline), words.tooFewRounds),
    ...(values.aggregation ? ruleErrors(short, outline) : {}),
  };
}

/** The costs of a network as this run cuts it. Null if it cannot be cut so. */
export const outlineOf = (spec: RunSpec, name: string, segments: number): ModelOutline | null =>
  zooOutline({
    name,
    shape: datasetShape(spec.dataset),
    classes: datasetClasses(spec.dataset),
    segments,
    heads: networkFor(spec.plan).heads,
  });

/** Statistics of batch norm are of all channels. */
const subNetworkErrors = ({ plan }: RunSpec, model: string): FieldErrors =>
  plan.name === 'sub-networks' && model.endsWith('-bn') ? { plan: newRunWords().notWithBatchNorm } : {};

/** Whether pictures are held back is settled when the run is made. So the rule is checked as if they were. */
const ruleErrors = (spec: RunSpec, outline: ModelOutline): FieldErrors =>
  atField('aggregation', checkAggregation({ ...spec, root: spec.root ?? { parts: 1 } }, outline));

const atField = (
  field: 'plan' | 'rounds' | 'aggregation',
  result: Result<true>,
  text?: string,
): FieldErrors =>
  result.ok ? {} : { [field]: text ?? `${inPageLanguage(result.detail ?? result.reason)}.` };
