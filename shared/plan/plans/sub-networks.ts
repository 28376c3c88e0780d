import { type Role, roleSchema } from '../../protocol/identifiers.ts';
import type { Task } from '../../protocol/lease.ts';
import type { ModelOutline } from '../../protocol/model-outline.ts';
import type { PlanSpecs } from '../../protocol/plan-spec.ts';
import { accepted, type Result, refused } from '../../protocol/refusals.ts';
import type { PlanNamed } from '../learning-plan.ts';
import { sliceableSpaces } from '../slices/check-channels.ts';
import { disjointSlices, whyNotDealt } from '../slices/disjoint-slices.ts';
import { nestedSlices, whyTooNarrow } from '../slices/nested-slices.ts';
import { lastExit } from '../task/exits.ts';
import type { Moment } from '../task/schedule.ts';
import { wholeTask } from '../task/whole-task.ts';

type Settings = PlanSpecs['sub-networks'];

/**
 * Every device trains the whole depth of the network with a part of its channels, and a weight is averaged over all who
 * had it. HeteroFL, Diao et al., arXiv 2010.01264: widths that contain each other, and a device has the widest that fits
 * it. IST, Yuan et al., arXiv 1910.02120: equal shares that have nothing in common, drawn anew each round.
 */
export const subNetworks: PlanNamed<'sub-networks'> = settings => ({
  heads: 'linear',
  fitsDevices: settings.slicing === 'nested',
  check: outline => checkSlices(outline, settings),
  tasks: (outline, moment) => {
    const whole = wholeTask(outline, settings.epochs, moment);
    return settings.slicing === 'nested'
      ? nestedTasks(outline, settings, whole)
      : disjointTasks(outline, settings, whole, moment);
  },
  stageAt: () => 0,
  exit: lastExit,
});

function checkSlices(outline: ModelOutline, settings: Settings): Result<true> {
  const spaces = sliceableSpaces(outline);
  if (!spaces.ok) return spaces;
  const { slicing, slices, shrink } = settings;
  const why =
    slicing === 'nested'
      ? whyTooNarrow(spaces.value, shrink ** (slices - 1))
      : whyNotDealt(spaces.value, slices);
  return why === null
    ? accepted(true)
    : refused('bad-spec', `sub-networks cannot slice ${outline.name}: ${why}`);
}

/** The narrowest first; the last one is the whole network. */
const nestedTasks = ({ spaces = [] }: ModelOutline, { slices, shrink }: Settings, whole: Task): Task[] => [
  ...Array.from({ length: slices - 1 }, (_, i) => ({
    ...whole,
    role: sliceRole(i),
    slices: nestedSlices(spaces, shrink ** (slices - 1 - i)),
  })),
  whole,
];

const disjointTasks = (
  { spaces = [] }: ModelOutline,
  { slices }: Settings,
  whole: Task,
  moment: Moment,
): Task[] =>
  disjointSlices(spaces, slices, moment).map((share, i) => ({ ...whole, role: sliceRole(i), slices: share }));

const sliceRole = (place: number): Role => roleSchema.parse(`slice-${place + 1}`);
