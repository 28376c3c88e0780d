import type { Grant } from '../../../../shared/federation/lease/grant-lease.ts';
import { createRandom, shuffled } from '../../../../shared/math/random.ts';
import type { EventBody } from '../../../../shared/protocol/events.ts';
import { MemoryPlatform } from '../../memory-platform.ts';
import type { AttackData } from '../attack-data.ts';
import { attackNamed } from '../attack-table.ts';
import { BACKDOOR_CLASS, withPatch } from '../attacks/poisoned-pictures.ts';
import type { Cell } from '../cell.ts';
import { denseNetwork, firstWeights } from '../network/dense-network.ts';
import { type LabelledRows, selectRows } from '../network/pictures.ts';
import { ArenaReferee } from './arena-referee.ts';
import { type ArenaParts, cutParts, specFor } from './arena-spec.ts';
import { hostNorms } from './host-norms.ts';
import { type Done, hostileAnswer } from './hostile-answer.ts';
import { LeaseWork } from './lease-work.ts';
import { LedgerNotes } from './ledger-notes.ts';
import { Participant } from './participant.ts';
import { Tally } from './tally.ts';

/** Virtual time that the leases of a turn take. */
const TURN_MS = 1_000;
/** If nobody was given a lease: long enough for a round to close that waits for those who will not come. */
const WAIT_MS = 5_000;
/** If nobody is given a lease so many times in a row, the run does not go on. */
const MOST_WAITS = 60;
/** Many times as many turns as a run takes. So a run ends in which leases are granted and nothing comes of them. */
const MOST_TURNS = 2_000;
const REFEREE = 'referee';

/** How a run ended. `stuck`: nobody is given a lease any more. */
export type Ending = 'rounds' | 'target' | 'paused' | 'stuck';

export interface ArenaOutcome {
  readonly accuracy: number;
  /** Of the test pictures of other classes with the patch, the share that is taken for the attacker's class. */
  readonly backdoorRate: number;
  /** Of what hostile volunteers sent; null if they sent nothing. */
  readonly refusedShare: number | null;
  /** Of what honest ones sent. */
  readonly honestRefusedShare: number | null;
  readonly ending: Ending;
  readonly versions: number;
  /** How often the run returned to an older version by itself. */
  readonly returns: number;
  /** Rounds of which nothing was taken, since what they made hurt. */
  readonly untaken: number;
}

/** A lease in hand. */
interface Held {
  readonly who: Participant;
  readonly grant: Grant;
}

/** A run with honest and hostile volunteers on the platform in memory. All of them ask in each turn. */
export class Arena {
  private readonly cell: Cell;
  private readonly data: AttackData;
  private readonly parts: ArenaParts;
  private readonly platform: MemoryPlatform;
  private readonly work: LeaseWork;
  private readonly participants: readonly Participant[];
  private readonly referee: ArenaReferee | null;
  private readonly notes = new LedgerNotes();
  private readonly tallies = { honest: new Tally(), hostile: new Tally() };
  private ending: Ending | null = null;
  private waits = 0;
  private turns = 0;
  private returns = 0;
  private untaken = 0;

  /** @throws if no run is created with this rule */
  constructor(cell: Cell, data: AttackData) {
    this.cell = cell;
    this.data = data;
    this.parts = cutParts(data, cell);
    const network = denseNetwork(data.side, data.classes);
    const [own] = this.parts.train;
    const config = specFor(cell, data, this.parts);
    const first = firstWeights(network, cell.seed);
    const norms = own ? hostNorms(network, first, config, own) : {};
    const spec = { ...config, robust: { ...config.robust, norms } };
    this.platform = new MemoryPlatform({ spec, model: network.outline }, first);
    this.work = new LeaseWork(
      this.platform.config,
      network,
      this.platform.blobs,
      this.platform.state.manifest,
    );
    this.participants = this.invite();
    this.platform.onEvents = events => this.hear(events);
    for (const { id } of this.participants) this.platform.join(id, 0, id === REFEREE);
    this.referee = cell.check ? new ArenaReferee(this.platform, network, REFEREE, this.parts.root) : null;
  }

  /** @param onTurn is waited for after every turn; what it throws ends the run */
  async toEnd(onTurn: () => Promise<void>): Promise<ArenaOutcome> {
    // No round waits for a referee that has not asked yet.
    await this.referee?.check();
    while (this.ending === null) {
      await this.turn();
      await onTurn();
    }
    return this.outcome(this.ending);
  }

  /** Who is hostile is drawn. */
  private invite(): Participant[] {
    const { volunteers, hostile, attack, seed, referee } = this.cell;
    const order = shuffled(createRandom('attacks-hostile', seed), [...Array(volunteers).keys()]);
    const isHostile = new Set(order.slice(0, hostile));
    const { side, classes } = this.data;
    const common = { seed, parts: this.parts.train, side, classes };
    const crowd = this.parts.train.map((_, i) => {
      const its = isHostile.has(i) ? attackNamed(attack) : null;
      return new Participant({ ...common, id: `volunteer${i}`, attack: its });
    });
    return referee ? [...crowd, new Participant({ ...common, id: REFEREE, attack: null })] : crowd;
  }

  private async turn(): Promise<void> {
    const { platform } = this;
    const held = this.inOrder().flatMap(who => this.ask(who));
    platform.now += held.length > 0 ? TURN_MS : WAIT_MS;
    this.waits = held.length > 0 ? 0 : this.waits + 1;
    for (const one of held) if (isJudge(one)) this.judge(one);
    const done = held.filter(one => !isJudge(one)).flatMap(one => this.train(one));
    for (const one of done) if (!one.who.attack) this.sendHonest(one);
    const hostile = done.filter(({ who }) => who.attack);
    for (const one of hostile) this.sendHostile(one, hostile);
    await platform.foldAll();
    // A candidate that hurts is folded again without the updates that were refused.
    while (await this.referee?.check()) await platform.foldAll();
    if (this.waits > MOST_WAITS || this.turns > MOST_TURNS) this.ending ??= 'stuck';
  }

  /** Drawn anew for each turn. The referee comes last, so that volunteers have the round's places before it. */
  private inOrder(): Participant[] {
    this.turns += 1;
    const isReferee = ({ id }: Participant): boolean => id === REFEREE;
    const crowd = this.participants.filter(who => !isReferee(who));
    const order = shuffled(createRandom('attacks-turn', this.cell.seed, this.turns), crowd);
    return [...order, ...this.participants.filter(isReferee)];
  }

  private ask(who: Participant): Held[] {
    const reply = this.platform.ask(who.id);
    if (reply?.type !== 'lease') return [];
    const held = { who, grant: reply };
    if (isJudge(held) || !who.attack?.isIdleIn?.(reply.lease.round)) return [held];
    this.giveBack(reply, 'no time');
    return [];
  }

  private giveBack({ lease: { id: lease, volunteer } }: Grant, reason: string, diverged = false): void {
    this.platform.input({ type: 'release', volunteer, lease, reason, diverged });
  }

  /** What is learnt and is no number is given back, as a volunteer's client does. */
  private train({ who, grant }: Held): Done[] {
    const { root, parts } = grant.lease;
    // A lease is of one part.
    const pictures = root ? this.parts.root : who.picturesOf(parts[0] ?? 0);
    const trained = this.work.train(grant, pictures);
    if (trained) return [{ who, grant, ...trained }];
    this.giveBack(grant, 'the loss is not finite', true);
    return [];
  }

  private sendHonest(done: Done): void {
    const { role, round } = done.grant.lease;
    this.notes.noteHonest(role, round, done.update);
    this.send(this.tallies.honest, done.grant, this.work.updateEnvelope(done.grant, done));
  }

  private sendHostile(done: Done, all: readonly Done[]): void {
    const answer = hostileAnswer(this.platform, this.work, this.notes, done, all);
    if (answer) this.send(this.tallies.hostile, answer.grant, answer.envelope);
  }

  private send(tally: Tally, grant: Grant, envelope: Uint8Array): void {
    const taken = this.platform.send(grant, envelope);
    tally.count(taken.ok);
    const { role, round } = grant.lease;
    if (taken.ok) this.notes.noteAccepted(role, round, taken.value.norm);
  }

  private judge({ who, grant }: Held): void {
    const parts = grant.lease.parts.flatMap(part => this.parts.test[part] ?? []);
    const truth = parts.map(part => this.work.judge(grant, part));
    const told = truth.map(part => who.attack?.judge?.(part) ?? part);
    const tally = who.attack?.judge ? this.tallies.hostile : this.tallies.honest;
    this.send(tally, grant, this.work.judgementEnvelope(grant, told));
  }

  private hear(events: readonly EventBody[]): void {
    for (const event of events) {
      if (event.type === 'run-taken-back') this.returns += 1;
      if (event.type === 'version-published' && event.taken === false) this.untaken += 1;
      // It was accepted before.
      if (event.type === 'update-refused' && event.reason === 'harmful')
        this.tallyOf(event.volunteer).refuse();
      if (event.type === 'run-paused') this.ending ??= 'paused';
      if (event.type === 'run-finished') this.ending ??= event.why === 'target' ? 'target' : 'rounds';
    }
  }

  private tallyOf(volunteer: string | null): Tally {
    const isHostile = this.participants.some(({ id, attack }) => id === volunteer && attack);
    return isHostile ? this.tallies.hostile : this.tallies.honest;
  }

  private outcome(ending: Ending): ArenaOutcome {
    const { manifest } = this.platform.state;
    const { test, side } = this.data;
    const others = [...test.labels.keys()].filter(n => test.labels[n] !== BACKDOOR_CLASS);
    const patched = withPatch(selectRows(test, others), side);
    const aimed = { ...patched, labels: patched.labels.map(() => BACKDOOR_CLASS) };
    const shareRight = (rows: LabelledRows): number => {
      const { correct, examples } = this.work.judge({ manifest }, rows);
      return correct / examples;
    };
    return {
      accuracy: shareRight(test),
      backdoorRate: shareRight(aimed),
      refusedShare: this.tallies.hostile.refusedShare,
      honestRefusedShare: this.tallies.honest.refusedShare,
      ending,
      versions: manifest.version,
      returns: this.returns,
      untaken: this.untaken,
    };
  }
}

const isJudge = ({ grant }: Held): boolean => grant.lease.role === 'evaluator';
