import type { EvaluationState } from '../../../shared/federation/evaluation/evaluation-state.ts';
import type { LeaseState } from '../../../shared/federation/lease/lease-state.ts';
import { LeaseTable } from '../../../shared/federation/lease/lease-table.ts';
import { atWakeUp, type RunState } from '../../../shared/federation/run-state.ts';
import { type RowChanges, Table } from '../../../shared/federation/tables/table.ts';
import type { VolunteerState } from '../../../shared/federation/volunteer/volunteer-state.ts';
import type { Manifest } from '../../../shared/protocol/model-outline.ts';
import { applyPatch, type Patch, patchOf } from './patch.ts';

/** A run's state without its tables, and without what is not stored. */
type Core = Omit<RunState, 'volunteers' | 'leases' | 'presence' | 'paces'>;

/** The core as it lies in storage. A manifest is the number of its version, which has a row of its own. */
export type StoredCore = Omit<Core, 'manifest' | 'evaluation' | 'returnRate' | 'divergence'> & {
  readonly divergence: StoredDivergence;
  /** Left out by older releases. */
  readonly returnRate?: number;
  readonly manifest: number;
  readonly evaluation: StoredEvaluation | OldEvaluation | null;
};

type StoredEvaluation = Omit<EvaluationState, 'manifest'> & { readonly manifest: number };

/** An older release counted all parts together. Such an evaluation begins anew. */
interface OldEvaluation {
  readonly manifest: number;
  readonly pending: readonly number[];
}

type StoredDivergence = Core['divergence'] & {
  /** How often each volunteer's rate is halved. An older release kept it here, and not in the volunteer's row. */
  readonly halvings?: Readonly<Record<string, number>>;
};

/** What a snapshot has of the state. The tables are in the order in which their rows were first put. */
export interface StoredState {
  readonly core: StoredCore;
  readonly volunteers: readonly VolunteerState[];
  readonly leases: readonly LeaseState[];
}

/** What a step changed. What it did not change is left out. */
export interface StateChanges {
  readonly core?: Patch;
  readonly volunteers?: RowChanges<VolunteerState>;
  readonly leases?: RowChanges<LeaseState>;
}

export const storedState = ({
  volunteers,
  leases,
  presence: _,
  paces: __,
  ...core
}: RunState): StoredState => ({
  core: storedCore(core),
  volunteers: [...volunteers.values()],
  leases: [...leases.values()],
});

/**
 * What comes and goes of a core is last, and stays last here: a patch cannot put a field between others, so it would be
 * the whole core. How long a round has been idle is not stored: somebody who asks in vain must write no row. After the object has slept
 * the time begins anew with the next one who asks.
 */
const storedCore = ({ manifest, evaluation, round, ...core }: Core): StoredCore => ({
  round: 'idleSince' in round ? { ...round, idleSince: null } : round,
  manifest: manifest.version,
  evaluation: evaluation && { ...evaluation, manifest: evaluation.manifest.version },
  ...core,
});

/**
 * @param manifestOf the manifest of a version
 * @param now when the object woke
 */
export function stateOf(
  { core, ...rows }: StoredState,
  manifestOf: (version: number) => Manifest,
  now: number,
): RunState {
  const { halvings = {}, ...divergence } = core.divergence;
  const volunteers = Table.of(rows.volunteers.map(row => withHalvings(row, halvings[row.id])));
  const leases = LeaseTable.of(rows.leases);
  return {
    ...core,
    divergence,
    returnRate: core.returnRate ?? 1,
    manifest: manifestOf(core.manifest),
    evaluation: evaluationOf(core.evaluation, manifestOf),
    ...{ volunteers, leases, ...atWakeUp({ volunteers, leases }, now) },
  };
}

const evaluationOf = (
  stored: StoredCore['evaluation'],
  manifestOf: (version: number) => Manifest,
): EvaluationState | null =>
  stored === null || 'pending' in stored ? null : { ...stored, manifest: manifestOf(stored.manifest) };

const withHalvings = (row: VolunteerState, halvings: number | undefined): VolunteerState =>
  halvings === undefined || row.halvings !== undefined ? row : { ...row, halvings };

/** Whether a volunteer's rate is kept where an older release kept it. Then the state is to be written anew. */
export const hasOldHalvings = ({ core }: StoredState): boolean =>
  Object.keys(core.divergence.halvings ?? {}).length > 0;

/** What makes one state of another that it was made of. Null if it is nothing that is stored. */
export function changesBetween(before: RunState, after: RunState): StateChanges | null {
  const core = patchOf(coreOf(before), coreOf(after));
  const volunteers = after.volunteers.since(before.volunteers);
  const leases = after.leases.since(before.leases);
  const changes = {
    ...(core && { core }),
    ...(isChange(volunteers) && { volunteers }),
    ...(isChange(leases) && { leases }),
  };
  return Object.keys(changes).length > 0 ? changes : null;
}

const coreOf = ({ volunteers: _, leases: __, presence: ___, paces: ____, ...core }: RunState): StoredCore =>
  storedCore(core);

const isChange = ({ put, deleted }: RowChanges<unknown>): boolean => put.length + deleted.length > 0;

/** A state that is brought up to date step by step, after the object has slept. */
export class StateReplay {
  private core: unknown;
  private readonly volunteers: Map<string, VolunteerState>;
  private readonly leases: Map<string, LeaseState>;

  constructor({ core, volunteers, leases }: StoredState) {
    this.core = core;
    this.volunteers = new Map(volunteers.map(row => [row.id, row]));
    this.leases = new Map(leases.map(row => [row.id, row]));
  }

  apply({ core, volunteers, leases }: StateChanges): void {
    if (core) this.core = applyPatch(this.core, core);
    if (volunteers) changeTable(this.volunteers, volunteers);
    if (leases) changeTable(this.leases, leases);
  }

  /** Our own steps have written it. */
  result(): StoredState {
    const core = this.core as StoredCore;
    return { core, volunteers: [...this.volunteers.values()], leases: [...this.leases.values()] };
  }
}

function changeTable<Row extends { readonly id: string }>(
  table: Map<string, Row>,
  { put, deleted }: RowChanges<Row>,
): void {
  for (const id of deleted) table.delete(id);
  for (const row of put) table.set(row.id, row);
}
