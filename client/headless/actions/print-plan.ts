import { checkCoverage } from '../../../shared/plan/check-coverage.ts';
import { checkPlan, networkFor } from '../../../shared/plan/plan-tasks.ts';
import { toOneLine } from '../../../shared/protocol/one-line.ts';
import { refusals } from '../../../shared/protocol/refusals.ts';
import { type RunSpec, runSpecSchema } from '../../../shared/protocol/run-spec.ts';
import { defaultGlyphs, defaultSpec } from '../../host/default-spec.ts';
import type { BuiltModel, ModelRequest } from '../../trainer/trainer-api.ts';
import { buildUpTo } from '../build/build-up-to.ts';
import { cutOf, type PlanFlags } from '../commands/plan-flags.ts';
import { readOwnModel } from '../files/read-model-files.ts';
import { reportSegments, reportTasks } from '../plan/plan-report.ts';
import { formatShort, segmentTable, taskTable } from '../plan/plan-tables.ts';
import { requirePlan } from '../plan/require-plan.ts';
import { printLine, toJsonLine } from '../terminal/terminal.ts';
import { UsageError } from '../terminal/usage-error.ts';
import { startTrainer } from '../trainer-thread/start-trainer.ts';

export interface PlanOptions extends PlanFlags {
  readonly batch: number;
  readonly input: readonly [number, number, number];
  readonly classes: number;
  readonly json: boolean;
}

/** Rounds of the run that is looked at. With a hundred, times are exact to a hundredth of the run. */
const ROUNDS = 100;

/** Prints where a network is cut and what each role of a learning plan costs. */
export async function printPlan(model: string, options: PlanOptions): Promise<void> {
  const spec = specOf(options);
  const built = await build(model, options);
  requireServed(spec, built);
  if (built.notes.length > 0) console.error(built.notes.map(toOneLine).join('\n'));
  if (options.json) console.log(toJson(spec, built));
  else printLine(toText(spec, built));
}

/** A run by this plan. Its data makes no difference here. */
const specOf = (options: PlanOptions): RunSpec =>
  runSpecSchema.parse({
    ...defaultSpec({
      name: 'plan',
      seed: 1,
      dataset: defaultGlyphs(1),
      plan: options.plan,
      rounds: ROUNDS,
    }),
    plan: requirePlan(options),
    training: { batch: options.batch },
  });

async function build(model: string, { input, classes, ...flags }: PlanOptions): Promise<BuiltModel> {
  const own = await readOwnModel(model);
  const request: ModelRequest = {
    name: own?.name ?? model,
    ...(own ? { files: own.files } : {}),
    inputShape: input,
    classes,
    seed: 1,
    ...networkFor(requirePlan(flags)),
    ...cutOf(flags),
  };
  await buildUpTo('kernels');
  const thread = startTrainer();
  try {
    await thread.trainer.start({ backend: 'wasm' });
    return await thread.trainer.build(request);
  } finally {
    await thread.stop();
  }
}

/** The checks that the platform makes when a run is created. */
function requireServed(spec: RunSpec, { outline }: BuiltModel): void {
  const checks = [() => checkPlan(spec.plan, outline), () => checkCoverage(spec, outline)];
  for (const check of checks) {
    const result = check();
    if (!result.ok) throw new UsageError(result.detail ?? refusals[result.reason].text);
  }
}

/** The whole network trained at once, to compare the plan with. There is nothing to compare if that is the plan. */
const reportWhole = (spec: RunSpec, { outline }: BuiltModel) =>
  spec.plan.name === 'conventional'
    ? []
    : reportTasks({ ...spec, plan: { name: 'conventional', epochs: 1 } }, outline);

/** How heads that stay answer for the network. */
const joinedWith = {
  sum: 'their logits are added to those of its last segment',
  ensemble: 'their probabilities are averaged with those of its last segment',
} as const;

function toText(spec: RunSpec, built: BuiltModel): string {
  const { outline, cuts } = built;
  const segments = reportSegments(built);
  const { keepsHeads } = networkFor(spec.plan);
  const lasting = segments.filter(({ kind }) => kind === 'body' || keepsHeads);
  const total = (cost: 'parameters' | 'macs'): string =>
    formatShort(lasting.reduce((sum, segment) => sum + segment[cost], 0));
  const { batch } = spec.training;
  return [
    `${outline.name} on ${outline.inputShape.join(' × ')}, ${outline.classes} classes: ${total('parameters')} parameters, ${total('macs')} MACs`,
    cuts.length > 0 ? `Cut after ${cuts.join(', ')}` : 'Not cut',
    ...(keepsHeads ? [`The heads stay in the network: ${joinedWith[keepsHeads]}`] : []),
    '',
    segmentTable(segments),
    '',
    `${spec.plan.name}, batches of ${batch}`,
    '',
    taskTable(reportTasks(spec, outline), reportWhole(spec, built)),
    '',
    'MACs are multiply-accumulates for one example: above in one forward pass, below in all passes of a task.',
    `Memory is an estimate of what tfjs holds for a batch. Down: the weights in f32, if none are kept from before. Up: their changes in ${spec.codec.name}.`,
  ].join('\n');
}

const toJson = (spec: RunSpec, built: BuiltModel): string =>
  toJsonLine({
    model: built.outline.name,
    inputShape: built.outline.inputShape,
    classes: built.outline.classes,
    cuts: built.cuts,
    keepsHeads: networkFor(spec.plan).keepsHeads,
    plan: spec.plan,
    batch: spec.training.batch,
    segments: reportSegments(built),
    phases: reportTasks(spec, built.outline),
    whole: reportWhole(spec, built),
  });
