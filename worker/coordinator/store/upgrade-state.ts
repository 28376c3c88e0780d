import type { DivergenceState } from '../../../shared/federation/divergence/divergence-state.ts';
import { type Goals, type RoundState, unopenedRound } from '../../../shared/federation/round/round-state.ts';
import type { VolunteerState } from '../../../shared/federation/volunteer/volunteer-state.ts';
import type { FoldedRole } from '../../../shared/protocol/cohort-report.ts';
import type { Role } from '../../../shared/protocol/identifiers.ts';
import type { Device } from '../../../shared/protocol/messages.ts';
import type { StoredCore } from './stored-state.ts';

/** A run's core row as it was written before a round had one explicit status: `stage`, `goals` and `deadlineAt` implied it. */
export interface OldCore {
  readonly phase: StoredCore['phase'];
  readonly stage: 'training' | 'publishing' | 'evaluating';
  readonly round: number;
  readonly manifest: number;
  readonly goals: Goals;
  readonly served: RoundState['served'];
  readonly folded: Readonly<Partial<Record<Role, FoldedRole>>>;
  readonly deadlineAt: number | null;
  readonly idleSince: number | null;
  /** It begins anew: what was counted then was not kept part by part. */
  readonly evaluation: unknown;
  readonly evaluatedVersion: number | null;
  readonly cursors: StoredCore['cursors'];
  readonly diverged?: Pick<DivergenceState, 'leases' | 'by'> | null;
  readonly trainedBy?: readonly string[];
  readonly joined: number;
}

/** A volunteer's row as it was written then. */
export interface OldVolunteer {
  readonly id: string;
  readonly index: number;
  readonly name: string;
  readonly device: Device;
  readonly referee: boolean;
  readonly seenAt: number;
  readonly holds: number | null;
  readonly unanswered: number;
  readonly grantedAt: number;
  readonly unpaired?: string | null;
  readonly halvings?: number;
}

export const isOldCore = (core: StoredCore | OldCore): core is OldCore => 'stage' in core;

/** The same run in today's form. So a laptop's runs go on after an update of this code. */
export function upgradeCore(old: OldCore): StoredCore {
  const { phase, manifest, evaluatedVersion, cursors, joined } = old;
  return {
    phase,
    manifest,
    round: roundOf(old),
    evaluation: null,
    evaluatedVersion,
    divergence: divergenceOf(old),
    cursors,
    joined,
  };
}

export const upgradeVolunteer = ({
  id,
  index,
  name,
  device,
  referee,
  seenAt,
  holds,
  unanswered,
  grantedAt,
  unpaired = null,
  halvings = 0,
}: OldVolunteer): VolunteerState => ({
  id,
  identity: { index, name, device, referee },
  presence: { seenAt },
  reliability: { leasesWithoutUpdate: unanswered, grantedAt, unpaired },
  ...(halvings > 0 && { halvings }),
  holds,
});

function roundOf({
  stage,
  round: number,
  goals,
  served,
  folded,
  deadlineAt,
  idleSince,
}: OldCore): RoundState {
  if (stage === 'evaluating') return { status: 'over', number, served };
  if (stage === 'publishing') return { status: 'folding', number, served, goals, folded };
  if (deadlineAt !== null) return { status: 'open', number, served, idleSince, goals, deadlineAt };
  if (Object.keys(goals).length > 0) return { status: 'extended', number, served, idleSince, goals };
  return { ...unopenedRound(number), served, idleSince };
}

const divergenceOf = ({ diverged, trainedBy = [] }: OldCore): DivergenceState => ({
  leases: diverged?.leases ?? 0,
  by: diverged?.by ?? [],
  trainedBy,
});
