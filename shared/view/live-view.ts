import type { EventBody, RunEvent } from '../protocol/events.ts';
import { type RoundView, type RunView, type VolunteerView, withSums } from '../protocol/run-view.ts';
import { emptyView, strangerOf } from './empty-view.ts';
import { checkOf, countMove, fallbackOf, measuredSpeed, roundOf, withBytes } from './figures.ts';
import { type PhaseEvent, unchecked, withPhase } from './phases.ts';
import { afterRefusal, shownRefusal, withRefusal } from './refused-updates.ts';
import { renameIn } from './rename-in.ts';
import { afterLossOf, standingsAfter } from './standings.ts';
import { afterVersion, withAccepted } from './sums.ts';
import { nameTested, testedOf, withTest, withTested } from './tested.ts';
import { thinRounds } from './thin-rounds.ts';
import { VolunteerList } from './volunteer-list.ts';

/** [VIEW4] Refusals that the view keeps. The ledger has all of them. */
export const SHOWN_REFUSALS = 20;

/** A view without what grows with the run. */
export type ViewCore = Omit<RunView, 'rounds' | 'volunteers'>;

/** What a `LiveView` is made of: a view of everyone, and who of them is listed. */
export interface WholeView extends RunView {
  /** If it is missing, the list begins with those at work and those seen last. */
  readonly listed?: readonly string[];
}

type Of<T extends EventBody['type']> = Extract<EventBody, { type: T }>;

/**
 * Folds the ledger into what people see, in place: an event costs what it changes, however many volunteers and rounds
 * there are. What is handed out is never changed afterwards.
 */
export class LiveView {
  private now: ViewCore;
  private readonly volunteers: Map<string, VolunteerView>;
  private readonly rounds: RoundView[];
  private readonly list: VolunteerList;
  private latestShown: RunView | null = null;

  constructor(view: WholeView = emptyView()) {
    const { listed, ...everyone } = view;
    const { volunteers, rounds, ...core } = withSums(everyone);
    this.now = nameTested(core, rounds);
    this.volunteers = new Map(Object.entries(volunteers));
    this.rounds = [...rounds];
    this.list = new VolunteerList(this.volunteers, listed);
  }

  get core(): ViewCore {
    return this.now;
  }

  /** Every round that is done. */
  get allRounds(): readonly RoundView[] {
    return this.rounds;
  }

  /** Who is listed in what `shown` hands out. */
  get listed(): readonly string[] {
    return this.list.ids;
  }

  /** Null if nobody of this id ever joined. */
  nameOf(volunteer: string): string | null {
    return this.volunteers.get(volunteer)?.name ?? null;
  }

  /** The order of joining, from 0. Null if that is not known. */
  indexOf(volunteer: string): number | null {
    return this.volunteers.get(volunteer)?.index ?? null;
  }

  /** [VIEW1] It passes over an event that it has seen, so to catch up twice does no harm. */
  apply({ seq, at, event }: RunEvent): void {
    if (seq <= this.now.seq) return;
    this.fold(event, seq, at);
    this.set({ seq });
  }

  /** Everyone and every round. It costs a copy of them. */
  whole(): RunView {
    return { ...this.now, volunteers: Object.fromEntries(this.volunteers), rounds: [...this.rounds] };
  }

  /** [VIEW5] The view as it is sent: some volunteers and some rounds, however many there are. */
  shown(): RunView {
    this.latestShown ??= {
      ...this.now,
      volunteers: Object.fromEntries(this.list.ids.flatMap(id => this.entryOf(id))),
      rounds: thinRounds(this.rounds),
    };
    return this.latestShown;
  }

  private entryOf(id: string): readonly (readonly [string, VolunteerView])[] {
    const volunteer = this.volunteers.get(id);
    return volunteer ? [[id, volunteer]] : [];
  }

  private set(change: Partial<ViewCore>): void {
    this.now = { ...this.now, ...change };
    this.latestShown = null;
  }

  private fold(event: EventBody, seq: number, at: number): void {
    switch (event.type) {
      case 'run-opened':
      case 'run-paused':
      case 'run-closing':
      case 'run-finished':
        this.setPhase(event, at);
        break;
      case 'volunteer-joined':
        this.join(event, at);
        break;
      case 'volunteer-removed':
        this.setVolunteer(event.volunteer, at, { role: null, lease: null, next: null, removed: true });
        break;
      case 'volunteer-renamed':
        renameIn(this.volunteers, event);
        break;
      case 'volunteers-left':
        for (const id of event.volunteers) this.leave(id);
        break;
      case 'round-opened':
        this.set({ round: event.round, goals: event.goals });
        break;
      case 'round-extended':
      case 'place-freed':
      case 'candidate-refused':
        break;
      case 'role-unfit':
        this.noteUnfit(event);
        break;
      case 'lease-granted':
        this.grantLease(event, at);
        break;
      case 'lease-ended':
        this.endLease(event.volunteer, event.lease, at);
        break;
      case 'update-accepted':
        this.accept(event, at);
        break;
      case 'update-refused':
        this.refuse(event, seq, at);
        break;
      case 'version-checking':
        this.set({ checking: { version: event.version, turn: event.turn } });
        break;
      case 'version-published':
        this.publish(event, at);
        break;
      case 'version-evaluated':
        this.evaluate(event, at);
        break;
      case 'judgement-contradicted':
        this.noteContradicted(event, at);
        break;
      case 'run-taken-back': {
        const { type: _, ...takenBack } = event;
        this.set({ takenBack, ...unchecked(this.now) });
        break;
      }
    }
  }

  private setPhase(event: PhaseEvent, at: number): void {
    this.now = withPhase(this.now, event, at);
    this.set({});
  }

  private join({ volunteer, name, backend, referee }: Of<'volunteer-joined'>, at: number): void {
    const isNew = !this.volunteers.has(volunteer);
    const index = this.volunteers.get(volunteer)?.index ?? this.now.joined;
    this.setVolunteer(volunteer, at, { name, backend, referee, index });
    if (isNew) this.set({ joined: this.now.joined + 1 });
  }

  /** [CROWD1] Nobody hears of it any more. */
  private leave(id: string): void {
    const role = this.volunteers.get(id)?.role ?? null;
    if (!this.volunteers.delete(id)) return;
    this.list.forget(id);
    this.set({ atWork: countMove(this.now.atWork, role, null), left: (this.now.left ?? 0) + 1 });
  }

  private setVolunteer(id: string, at: number, change: Partial<VolunteerView>): void {
    const known = this.volunteers.get(id);
    const volunteer = { ...(known ?? strangerOf(id, at)), ...change, seenAt: at };
    this.volunteers.set(id, volunteer);
    this.list.see(volunteer);
    const before = known?.role ?? null;
    if (before !== volunteer.role) this.set({ atWork: countMove(this.now.atWork, before, volunteer.role) });
  }

  /**
   * [VIEW3] If the volunteer has a lease in hand, this one is beside it. Otherwise the ledger would have told first
   * that the older one ended.
   */
  private grantLease({ volunteer, role, lease, round, examples }: Of<'lease-granted'>, at: number): void {
    const { [role]: unfitted, ...unfit } = this.now.unfit ?? {};
    if (unfitted) this.set({ unfit });
    const isBusy = (this.volunteers.get(volunteer)?.lease ?? null) !== null;
    const next = { role, lease, round, examples };
    this.setVolunteer(volunteer, at, isBusy ? { next } : { ...next, startedAt: at });
  }

  /**
   * [VIEW3] An update to an older lease must not blank the lease in hand. After the lease in hand comes the one beside
   * it.
   */
  private endLease(id: string, lease: string, at: number, change: Partial<VolunteerView> = {}): void {
    const known = this.volunteers.get(id);
    // Somebody who has left does not come back by an update that comes late.
    if (!known) return;
    // `next` is missing in views that were kept before leases could be asked for ahead.
    const next = known.next ?? null;
    if (known.lease === lease)
      this.setVolunteer(id, at, {
        ...change,
        role: next?.role ?? null,
        lease: next?.lease ?? null,
        ...(next && { startedAt: at, examples: next.examples ?? 0, ...roundOf(next) }),
        next: null,
      });
    else this.setVolunteer(id, at, next?.lease === lease ? { ...change, next: null } : change);
  }

  private accept(event: Of<'update-accepted'>, at: number): void {
    const volunteer = this.volunteers.get(event.volunteer);
    // [ROOT5] A root update counts as none.
    const isTraining = event.role !== 'evaluator' && !event.root;
    this.endLease(event.volunteer, event.lease, at, {
      backend: event.backend,
      updates: (volunteer?.updates ?? 0) + 1,
      ...withBytes(volunteer ?? {}, event),
      samplesPerSecond:
        (isTraining && measuredSpeed(volunteer ?? {}, event, at)) || (volunteer?.samplesPerSecond ?? null),
    });
    this.set(withAccepted(this.now, event, isTraining));
  }

  private refuse(event: Of<'update-refused'>, seq: number, at: number): void {
    const known = this.volunteers.get(event.volunteer ?? '');
    const { version, refused, refusals, current } = this.now;
    if (known) {
      const { seenAt = at, ...change } = afterRefusal(known, event, version);
      this.endLease(known.volunteer, event.lease, seenAt, change);
    }
    this.set({
      refused: refused + 1,
      current: withRefusal(current, event),
      refusals: [shownRefusal(event, seq, at), ...refusals].slice(0, SHOWN_REFUSALS),
    });
  }

  private noteUnfit({ role, memoryMB, macsPerSecond }: Of<'role-unfit'>): void {
    this.set({ unfit: { ...this.now.unfit, [role]: { memoryMB, macsPerSecond } } });
  }

  private publish(event: Of<'version-published'>, at: number): void {
    const { round, version, updates, weightsOf } = event;
    const back = weightsOf === undefined ? {} : { weightsOf };
    const told = { ...fallbackOf(event), ...checkOf(event), ...back };
    this.rounds.push({ ...this.now.current, round, version, at, updates, ...told });
    // [BACK3] What had come for later rounds counts nowhere.
    if (weightsOf !== undefined && this.now.upcoming) this.set({ upcoming: {} });
    for (const [id, standing] of standingsAfter(event, this.volunteers)) {
      const known = this.volunteers.get(id);
      if (known) this.volunteers.set(id, { ...known, standing });
    }
    this.set({ ...unchecked(this.now), ...afterVersion(this.now, event) });
  }

  private evaluate(event: Of<'version-evaluated'>, at: number): void {
    const tested = testedOf(event, at);
    const index = this.rounds.findLastIndex(({ version }) => version === event.version);
    const round = this.rounds[index];
    if (round) this.rounds[index] = withTest(round, tested);
    this.set(withTested(this.now, tested));
  }

  private noteContradicted({ volunteer }: Of<'judgement-contradicted'>, at: number): void {
    const told = this.volunteers.get(volunteer);
    if (!told) return;
    const { contradicted = 0, seenAt = at, ...known } = told;
    const lost = afterLossOf(known, 'contradicted', this.now.version);
    this.setVolunteer(volunteer, seenAt, { contradicted: contradicted + 1, ...lost });
  }
}
