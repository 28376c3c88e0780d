import { aggregationNames } from '../../../shared/protocol/aggregation-spec.ts';
import { type Dataset, datasetClasses } from '../../../shared/protocol/dataset.ts';
import type { Ownership } from '../../../shared/protocol/ownership.ts';
import { type PlanName, planNames } from '../../../shared/protocol/plan-spec.ts';
import { checkChoices, type RunSpec, runSpecSchema } from '../../../shared/protocol/run-spec.ts';
import { usualVisibility, type Visibility, visibilities } from '../../../shared/protocol/visibility.ts';
import { defaultGlyphs, defaultSpec } from '../../host/default-spec.ts';
import { type PlanReading, planSettings, readPlan } from '../../host/plan-settings.ts';
import { suitedNetwork } from '../../host/zoo/suited-network.ts';
import { readNumber, readWhole } from '../ui/read-number.ts';
import { checkNetworkFields } from './check-network-fields.ts';
import type { CreationChoices } from './create-in-page.ts';
import { type FieldErrors, settingField } from './field-names.ts';
import { errorsOf, joinCodeError, settingErrors, targetError } from './form-errors.ts';
import type { FormValues } from './form-values.ts';
import type { OwnModel } from './own-model/read-own-model.ts';
import { suggestRunName } from './suggest-run-name.ts';

/** What the form is read with, beside what is typed. */
export interface FormKnowledge {
  readonly datasets: readonly Dataset[];
  /** Names of the runs that this platform has. */
  readonly taken: readonly string[];
  readonly now: Date;
  /** The settings of the run that is cloned. What the form does not show is taken from them. */
  readonly base: RunSpec | null;
  readonly ownModel: OwnModel | null;
  /** Who may create runs. Null or left out as long as the platform has not said so. */
  readonly creation?: Ownership['creation'] | null;
}

export type FormReading =
  | {
      readonly ok: true;
      readonly choices: CreationChoices;
      /** The spec with all defaults, for estimates. Its aggregation rule may be another one in the end. */
      readonly spec: RunSpec;
      readonly segments: number;
    }
  | { readonly ok: false; readonly errors: FieldErrors };

/** What a field means that is left empty. */
export const defaults = {
  rounds: 20,
  minVolunteers: 1,
  updatesPerRound: 4,
  seed: 1,
  batch: 32,
  segments: 2,
} as const;

/** Reads the form and checks it by the same schema as the platform, and by what is known of the network. */
export function readNewRunForm(values: FormValues, known: FormKnowledge): FormReading {
  const plan = readPlanOf(values);
  const input = specOf(values, known, plan);
  const parsed = runSpecSchema.safeParse(input.spec);
  const [joinCode, deploymentKey] = [textOf(values, 'joinCode'), textOf(values, 'deploymentKey')];
  const errors: FieldErrors = {
    ...errorsOf(parsed),
    ...settingErrors(planNameOf(values), plan),
    ...targetError(values, datasetClasses(input.spec.dataset)),
    ...joinCodeError(joinCode),
  };
  const segments = wholeOr(textOf(values, 'segments'), defaults.segments);
  // They are, unless somebody has unticked it.
  const holdsBack = values.holdsBack !== 'off';
  const network = { model: input.model, own: known.ownModel, segments, holdsBack };
  const more = parsed.success ? checkNetworkFields(parsed.data, network, values) : {};
  const all = { ...more, ...errors };
  if (Object.keys(all).length > 0 || !parsed.success) return { ok: false, errors: all };
  return {
    ok: true,
    spec: parsed.data,
    segments,
    choices: {
      spec: input.spec,
      model: input.model,
      ...(known.ownModel ? { files: known.ownModel.files } : {}),
      cut: { segments },
      holdsBack,
      visibility: visibilityOf(values, known),
      ...(joinCode === '' ? {} : { joinCode }),
      ...(deploymentKey === '' ? {} : { deploymentKey }),
    },
  };
}

export const textOf = (values: FormValues, name: string): string => (values[name] ?? '').trim();

const wholeOr = (text: string, standard: number): number => (text === '' ? standard : readWhole(text));

export const planNameOf = (values: FormValues): PlanName =>
  planNames.find(name => name === values.plan) ?? 'layer-to-layer';

/** What the form shows: if nothing is chosen, what is usual here. */
const visibilityOf = (values: FormValues, { creation }: FormKnowledge): Visibility =>
  visibilities.find(visibility => visibility === values.visibility) ?? usualVisibility(creation ?? 'closed');

/** The chosen data set, or the built-in one. */
export function datasetOf(values: FormValues, datasets: readonly Dataset[]): Dataset {
  const seed = wholeOr(textOf(values, 'seed'), defaults.seed);
  return datasets.find(({ name }) => name === values.dataset) ?? defaultGlyphs(seed);
}

/** The network: the host's own, the chosen one of the zoo, or the one that suits the pictures. */
export const modelOf = (values: FormValues, dataset: Dataset, own: OwnModel | null): string =>
  own?.model ?? (textOf(values, 'model') || suitedNetwork(dataset).name);

/** The chosen plan. A setting that is left empty has its default. */
function readPlanOf(values: FormValues): PlanReading {
  const plan = planNameOf(values);
  const typed = planSettings(plan).flatMap(({ name, kind }) => {
    const text = textOf(values, settingField(name));
    if (text === '') return [];
    // A number that is none stays as it was typed. Then the plan refuses it.
    const number = readNumber(text);
    return [[name, kind === 'number' && !Number.isNaN(number) ? String(number) : text] as const];
  });
  return readPlan(plan, Object.fromEntries(typed));
}

function specOf(
  values: FormValues,
  known: FormKnowledge,
  plan: PlanReading,
): Pick<CreationChoices, 'spec' | 'model'> {
  const dataset = datasetOf(values, known.datasets);
  const model = modelOf(values, dataset, known.ownModel);
  const text = (name: string): string => textOf(values, name);
  const target = text('targetAccuracy');
  const standard = defaultSpec({
    name: text('name') || suggestRunName({ dataset: dataset.name, now: known.now, taken: known.taken }),
    seed: wholeOr(text('seed'), defaults.seed),
    dataset,
    plan: planNameOf(values),
    // A network of one's own is taken for a deep one.
    model: known.ownModel ? '' : model,
    rounds: wholeOr(text('rounds'), defaults.rounds),
    ...(target === '' ? {} : { targetAccuracy: readNumber(target) / 100 }),
  });
  const kept = keptOf(known.base, dataset);
  const aggregation = aggregationNames.find(name => name === text('aggregation'));
  const spec = {
    ...standard,
    ...kept.spec,
    ...(plan.ok ? { plan: plan.plan } : {}),
    stopAtTarget: values.stopAtTarget === 'on',
    training: {
      ...standard.training,
      ...kept.training,
      batch: wholeOr(text('batch'), defaults.batch),
      // If it is left empty, the network's own rate is taken.
      ...(text('learningRate') === '' ? {} : { learningRate: readNumber(text('learningRate')) }),
    },
    // If none is chosen, the run is given the safest one that it can go by.
    ...(aggregation ? { aggregation } : {}),
    robust: { ...kept.robust, ...(text('bucket') === '' ? {} : { bucket: readWhole(text('bucket')) }) },
    policy: { ...kept.policy, ...policyOf(text) },
  };
  return { spec, model };
}

/** [CHECK1] [BACK5] What is left empty has the schema's default. */
function policyOf(text: (name: string) => string) {
  const check = checkChoices.find(choice => choice === text('check'));
  return {
    minVolunteers: wholeOr(text('minVolunteers'), defaults.minVolunteers),
    updatesPerRound: wholeOr(text('updatesPerRound'), defaults.updatesPerRound),
    rounds: text('roundPolicy') === 'synchronous' ? ('synchronous' as const) : ('buffered' as const),
    evaluators: text('evaluators') === 'referees' ? ('referees' as const) : ('volunteers' as const),
    ...(check ? { check } : {}),
    ...(text('maxDrop') === '' ? {} : { maxDrop: readNumber(text('maxDrop')) / 100 }),
    ...(text('keepRounds') === '' ? {} : { keepRounds: readWhole(text('keepRounds')) }),
  };
}

/**
 * What is taken over from a cloned run beside the fields of the form. Norms are measured anew, and which parts make a
 * lease depends on the data.
 */
function keptOf(base: RunSpec | null, dataset: Dataset) {
  if (!base) return { spec: {}, training: {}, robust: {}, policy: {} };
  const { batch: _, learningRate: __, partsPerLease, augment, ...training } = base.training;
  const { norms: ___, ...robust } = base.robust;
  const isSame = base.dataset.name === dataset.name;
  return {
    spec: { codec: base.codec },
    training: { ...training, ...(isSame ? { partsPerLease, augment } : {}) },
    robust,
    policy: base.policy,
  };
}
