import * as z from 'zod';
import { describeSetting, planSettings, readPlan } from '../../../../client/host/plan-settings.ts';
import { headStyles } from '../../../../shared/protocol/head-style.ts';
import { type PlanName, type PlanSpec, planNames } from '../../../../shared/protocol/plan-spec.ts';
import type { Arm, Federated } from '../learning-run.ts';
import { zooNameOf } from './model-families.ts';
import { atPlace } from './read-values.ts';

/** An arm as it was asked for; null if the model or the flags decide its rate. */
export interface ArmRequest extends Omit<Arm, 'rate'> {
  readonly rate: number | null;
}

/** One of `--plans`, for every model. */
export type PlanRequest = Omit<ArmRequest, 'model'>;

/**
 * Settings for one machine (shared/plan/README.md, "Readings"), if they differ from the schema's, which are for
 * federated runs.
 */
const ALONE: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'layer-to-layer': { beta: '0.5', freezeAt: '0.5' },
};

/** The names of arms stand in pairs before a colon and in tables. */
const ARM_NAME = /^[a-z0-9][a-z0-9 .+-]{0,39}$/;

const armSchema = z.strictObject({
  arm: z
    .string()
    .regex(ARM_NAME, 'an arm is named in at most 40 lower-case letters, digits, spaces, dots, + and -')
    .optional(),
  model: z.string(),
  plan: z.string(),
  settings: z.record(z.string(), z.union([z.number(), z.string()])).default({}),
  rate: z.number().positive().max(10).optional(),
  segments: z.number().int().min(2).max(64).optional(),
  cuts: z.array(z.string()).min(1).optional(),
  heads: z.enum(headStyles).optional(),
  devices: z.literal('all').optional(),
});
const configSchema = z
  .array(
    armSchema.refine(
      ({ segments, cuts }) => segments === undefined || cuts === undefined,
      'a model is cut into so many segments or after these layers: leave out segments or cuts',
    ),
  )
  .min(1);

/**
 * The arms of a `--config` file, or of an entry in a queue.
 * @param place what the place of an arm begins with in messages
 * @throws with one line that says what is wrong, and in which place
 */
export function readConfig(
  file: unknown,
  place: string,
  federated: Federated | null,
  isFull: boolean,
): ArmRequest[] {
  const parsed = configSchema.safeParse(file);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Error(`${place}${issue?.path.join('.') || 'the file'}: ${issue?.message}`);
  }
  return parsed.data.map((arm, i) => atPlace(`${place}${i}`, () => requestFor(arm, federated, isFull)));
}

const requestFor = (
  { arm, model, plan, settings, rate, segments, cuts, heads, devices }: z.infer<typeof armSchema>,
  federated: Federated | null,
  isFull: boolean,
): ArmRequest => ({
  arm: arm ?? null,
  model: zooNameOf(model, isFull),
  plan: planWith(plan, textsOf(settings), federated),
  rate: rate ?? null,
  segments: segments ?? null,
  cuts: cuts ?? null,
  heads: heads ?? null,
  isAllStrong: devices === 'all',
});

const textsOf = (settings: Readonly<Record<string, number | string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, String(value)]));

/**
 * `conventional,growing-together:growAt=0.5,rate=0.02,cut=pool3`: what stands behind a comma is a setting of the plan
 * before it if it has a `=`, else the next plan. Several cuts are joined by `+`.
 * @throws with one line that says what there is instead
 */
export function readPlans(text: string, federated: Federated | null): PlanRequest[] {
  const plans: { readonly name: string; readonly settings: [string, string][] }[] = [];
  for (const item of text.split(',').map(each => each.trim())) {
    const [head = '', rest] = split(item, ':');
    if (rest === undefined && head.includes('=')) plans.at(-1)?.settings.push(setting(head));
    else plans.push({ name: head, settings: rest ? [setting(rest)] : [] });
  }
  return plans.map(({ name, settings }) => requestOf(name, Object.fromEntries(settings), federated));
}

const split = (text: string, at: string): [string, string | undefined] => {
  const place = text.indexOf(at);
  return place < 0 ? [text, undefined] : [text.slice(0, place), text.slice(place + 1)];
};

function setting(text: string): [string, string] {
  const [name, value] = split(text, '=');
  if (name === '' || value === undefined) throw new Error(`--plans: '${text}' is not setting=value`);
  return [name, value];
}

function requestOf(
  name: string,
  { rate, segments, cut, heads, ...settings }: Readonly<Record<string, string>>,
  federated: Federated | null,
): PlanRequest {
  if (segments !== undefined && cut !== undefined)
    throw new Error(`--plans: ${name} is cut into so many segments or after these layers, not both`);
  return {
    arm: null,
    plan: planWith(name, settings, federated),
    rate: rate === undefined ? null : readRate('plans', rate),
    segments: segments === undefined ? null : readSegments(segments),
    cuts: cut === undefined ? null : cut.split('+'),
    heads: heads === undefined ? null : readHeads(heads),
    isAllStrong: false,
  };
}

export function readRate(flag: string, text: string): number {
  const rate = Number(text);
  if (text.trim() !== '' && rate > 0 && rate <= 10) return rate;
  throw new Error(`--${flag}: a learning rate is a number above 0 and at most 10, got '${text}'`);
}

function readSegments(text: string): number {
  if (/^([2-9]|[1-5]\d|6[0-4])$/.test(text)) return Number(text);
  throw new Error(`--plans: segments takes a whole number from 2 to 64, got '${text}'`);
}

function readHeads(text: string): Arm['heads'] {
  const found = headStyles.find(style => style === text);
  if (found) return found;
  throw new Error(`--plans: heads takes one of ${headStyles.join(', ')}, got '${text}'`);
}

function planWith(
  name: string,
  settings: Readonly<Record<string, string>>,
  federated: Federated | null,
): PlanSpec {
  const plan = planNamed(name);
  const byDefault = federated ? epochsOf(plan, federated.localEpochs) : ALONE[plan];
  const reading = readPlan(plan, { ...byDefault, ...settings });
  if (reading.ok) return reading.plan;
  throw new Error(refusalOf(plan, reading.errors));
}

function refusalOf(plan: PlanName, errors: Readonly<Record<string, string>>): string {
  const [name = ''] = Object.keys(errors);
  const known = planSettings(plan).find(candidate => candidate.name === name);
  if (known) return `--plans: ${name} of ${plan} takes ${describeSetting(known)}`;
  const names = planSettings(plan).map(({ name: of }) => of);
  return `--plans: ${plan} has no setting '${name}', it has ${[...names, 'rate', 'segments', 'cut', 'heads'].join(', ')}`;
}

function planNamed(name: string): PlanName {
  const found = planNames.find(plan => plan === name);
  if (found) return found;
  throw new Error(`--plans: there is no plan '${name}', there are ${planNames.join(', ')}`);
}

/** Sets every number of passes that the plan has. */
function epochsOf(plan: PlanName, epochs: number | null): Record<string, string> {
  if (epochs === null) return {};
  const names = planSettings(plan).flatMap(({ name }) => (/epochs$/i.test(name) ? [name] : []));
  return Object.fromEntries(names.map(name => [name, `${epochs}`]));
}
