import type { RunInput, RunState } from '../../shared/federation/run-state.ts';
import type { Result } from '../../shared/protocol/refusals.ts';
import type { RunView } from '../../shared/protocol/run-view.ts';
import type { LiveView, ViewCore } from '../../shared/view/live-view.ts';
import { withPresence } from '../../shared/view/with-presence.ts';
import type { Env } from '../env.ts';
import { ArchiveMark } from './archive-mark.ts';
import { ArchiveTerm } from './archive-term.ts';
import { Barring } from './barring.ts';
import { BlobNames } from './blob-names.ts';
import { Chores } from './chores.ts';
import type { CohortCalls } from './cohort-calls.ts';
import { HostDesk } from './host-desk.ts';
import { KeyRing } from './key-ring.ts';
import { knownPresence } from './known-presence.ts';
import { ListingMark } from './listing-mark.ts';
import type { RunIdentity, RunStore } from './store/run-store.ts';
import type { Whereabouts } from './whereabouts.ts';

/** All that a run is while its object is awake. */
export interface OpenRun {
  readonly identity: RunIdentity;
  readonly chores: Chores;
  readonly keys: KeyRing;
  readonly desk: HostDesk;
  readonly archive: ArchiveMark;
  readonly listing: ListingMark;
  readonly archives: ArchiveTerm;
  readonly names: BlobNames;
  /** How many volunteers are here. Null if nobody has told since the object woke. */
  readonly here: () => number | null;
  state: RunState;
  readonly live: LiveView;
  /** The view as it is sent: [VIEW9] with who is here now. */
  readonly shown: () => RunView;
}

interface OpenRunPorts {
  readonly ctx: DurableObjectState;
  readonly env: Env;
  readonly store: RunStore;
  readonly cohorts: CohortCalls;
  readonly step: (input: RunInput) => Promise<Result<unknown>>;
  /** Null if the run was deleted meanwhile. */
  readonly present: () => OpenRun | null;
  readonly whereabouts: Whereabouts;
  /** When a chore is done, so that something else may be due. */
  readonly onDone: () => Promise<void>;
}

/** What a coordinator needs of its run beside what is stored. */
export function openRun(run: Pick<OpenRun, 'identity' | 'state'>, ports: OpenRunPorts): OpenRun {
  const { ctx, env, store, cohorts, step, present, whereabouts, onDone } = ports;
  const { identity } = run;
  const { sql } = ctx.storage;
  const barring = new Barring(sql, identity, cohorts);
  const names = new BlobNames(sql, env.DIRECTORY, identity, store);
  const archive = new ArchiveMark(sql);
  const listing = new ListingMark(sql);
  const archives = new ArchiveTerm(sql, env);
  const keys = new KeyRing(sql, identity);
  const chores = new Chores(ctx, env, store.sweeping, { identity, barring, names, archives, onDone });
  const desk = new HostDesk({
    ...{ env, identity, keys, barring, archive, archives, listing, step },
    onTerm: onDone,
    present: () => present()?.state,
    isKept: version => store.sweeping.isWhole(version),
    onListed: async () => {
      const open = present();
      if (open) await open.chores.list(open, Date.now());
    },
  });
  const live = store.view();
  const shown = (): RunView => {
    const state = present()?.state ?? run.state;
    return withPresence(live.shown(), knownPresence(identity.config, state, whereabouts, Date.now()));
  };
  const here = (): number | null => whereabouts.known;
  return { ...run, live, shown, chores, keys, desk, archive, archives, listing, names, here };
}

/** What the relays are told by. */
export const tellingOf = ({ identity: { run, config }, live, shown }: OpenRun) => ({
  run,
  minVolunteers: config.spec.policy.minVolunteers,
  live,
  shown,
});

/** Whether the directory shows something else now. */
export const isListedAnew = (before: ViewCore, after: ViewCore): boolean =>
  before.phase !== after.phase ||
  before.round !== after.round ||
  before.version !== after.version ||
  before.closing !== after.closing ||
  before.tested !== after.tested;
