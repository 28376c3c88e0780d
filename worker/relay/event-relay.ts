import { DurableObject } from 'cloudflare:workers';
import { type Signal, socketCodes, VOLUNTEER_PROTOCOL } from '../../shared/protocol/frames.ts';
import { applyChanges, viewChanges } from '../../shared/view/view-changes.ts';
import { AlarmClock } from '../alarm-clock.ts';
import { coordinatorOf } from '../coordinator/coordinator-of.ts';
import type { Env } from '../env.ts';
import { inTime } from '../in-time.ts';
import type { RelayBatch, RelayCount, RelayObject, RelayScene } from '../object-calls.ts';
import { SettingTable } from '../storage/setting-table.ts';
import { StorageVersion } from '../storage/storage-version.ts';
import { createId } from '../tokens.ts';
import { Attendance } from './attendance.ts';
import { EntryPump } from './entry-pump.ts';
import { sameFrame, viewFrame } from './frames.ts';
import { joinNews } from './join-news.ts';
import { type Listener, readListener } from './listener.ts';
import { relayChanges } from './relay-changes.ts';
import { closeQuietly, type Seat, Seats } from './seats.ts';
import { tellSeats } from './tell-seats.ts';

/** [EVENT3] With a batch four times a second, about what one object sends with ease. */
const MOST_SOCKETS = 500;

/** [EVENT6] How often the heartbeats are looked at. */
const LOOK_EVERY_MS = 25_000;

/**
 * [EVENT6] Clients send a heartbeat every 20 s. But browsers wake a page in the background once a minute only, so that one
 * must be enough.
 */
const SILENCE_MS = 75_000;

/** So often a relay asks for the run as it is, in case the coordinator lost its name or a batch. */
const ATTEND_EVERY_MS = 300_000;

/** A coordinator that takes longer has failed. Whatever waits for it would wait for ever otherwise. */
const LONGEST_REPLY_MS = 10_000;

/** Who the relay is. It learns that from the first socket's request. */
interface Address {
  readonly run: string;
  readonly slot: number;
}

/** When the relay last asked for the run as it is, and under which name. */
interface Attended {
  readonly session: string;
  readonly at: number;
}

/**
 * [EVENT2] Some of the event sockets of a run: it tells each what it wants to hear. What it knows of the run can be lost at
 * any time. It follows from the next batch, or is asked for again.
 */
export class EventRelay extends DurableObject<Env> implements RelayObject {
  private readonly settings: SettingTable;
  private readonly seats: Seats;
  private readonly pump: EntryPump;
  private readonly attendance: Attendance;
  private readonly alarms: AlarmClock;
  private address: Address | null;
  /** The run as those who come are shown it. Null until it is needed. */
  private scene: RelayScene | null = null;
  private attended: Attended;
  private wantsEntries = false;
  private attending: Promise<boolean> | null = null;
  private isErased = false;
  /** Batches that came meanwhile. */
  private held: RelayBatch[] = [];

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    const version = new StorageVersion(ctx.storage, relayChanges);
    this.settings = new SettingTable(ctx.storage.sql, 'relay', () => version.note());
    if (this.settings.exists) version.upgrade(ctx.storage.sql);
    this.address = this.settings.get<Address>('address');
    this.attended = this.settings.get<Attended>('attended') ?? { session: '', at: 0 };
    this.seats = new Seats(ctx, (seat, code) => {
      if (!this.isErased) this.ctx.waitUntil(this.noteLeft(seat, code === socketCodes.silent));
    });
    this.alarms = new AlarmClock(ctx.storage);
    void ctx.blockConcurrencyWhile(() => this.alarms.wake());
    this.wantsEntries = this.seats.all.some(([, { kind }]) => kind === 'entries');
    this.pump = new EntryPump(this.seats, after =>
      inTime(this.coordinator().ledger(after), LONGEST_REPLY_MS),
    );
    this.attendance = new Attendance(
      {
        isHere: volunteer => this.seats.isHere(volunteer),
        everyone: () => this.seats.volunteers,
        readTold: () => this.settings.get<readonly string[]>('here') ?? [],
        keepTold: told => this.settings.put('here', told),
        tell: (here, gone) =>
          inTime(this.coordinator().presence(this.requireAddress().slot, here, gone), LONGEST_REPLY_MS),
        wakeAt: at => this.alarms.ringBy(at),
      },
      Date.now(),
    );
  }

  /** Opens a socket. 503 if there is no room, 404 if there is no such run. */
  override async fetch(request: Request): Promise<Response> {
    const listener = readListener(request);
    if (this.isErased) return new Response(null, { status: 404 });
    if (this.seats.count >= MOST_SOCKETS) return new Response(null, { status: 503 });
    this.address ??= { run: listener.run, slot: listener.slot };
    const isNewWish = listener.kind === 'entries' && !this.wantsEntries;
    this.wantsEntries ||= isNewWish;
    if (isNewWish) await this.attending?.catch(() => {});
    if ((!this.scene || isNewWish) && !(await this.attend())) return new Response(null, { status: 404 });
    // Others came in while this one waited.
    if (!this.scene || this.seats.count >= MOST_SOCKETS) return new Response(null, { status: 503 });
    return this.seat(listener, this.scene);
  }

  /** A batch from the coordinator. */
  async tell(batch: RelayBatch): Promise<RelayCount> {
    if (this.isErased) return { session: this.attended.session, sockets: 0 };
    if (batch.asksWhoIsHere) this.attendance.tellAgain();
    if (this.attending) this.held.push(batch);
    else if (!this.take(batch)) await this.attend().catch(logUnattended);
    await this.attending?.catch(logUnattended);
    const sockets = this.seats.count;
    // Whoever comes next has to attend, since nobody tells this relay any more.
    if (sockets === 0) [this.scene, this.wantsEntries] = [null, false];
    return { session: this.attended.session, sockets };
  }

  /** [KEY7] Nobody is told that they left: there is no run to tell. */
  async erase(): Promise<void> {
    [this.isErased, this.scene] = [true, null];
    this.settings.close();
    for (const [socket] of this.seats.all)
      this.seats.drop(socket, socketCodes.deleted, 'the host has deleted this run');
    await this.ctx.storage.deleteAlarm();
    await this.ctx.storage.deleteAll();
  }

  override async webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): Promise<void> {
    if (typeof message !== 'string') return free(message);
    const seat = this.seats.hear(socket, message);
    if (seat?.kind === 'entries') await this.pump.catchUp(socket, seat);
  }

  override async webSocketClose(
    socket: WebSocket,
    code: number,
    _reason: string,
    wasClean: boolean,
  ): Promise<void> {
    closeQuietly(socket);
    await this.leave(socket, wasClean && GOODBYES.includes(code));
  }

  override async webSocketError(socket: WebSocket): Promise<void> {
    await this.leave(socket, false);
  }

  /** [EVENT6] Looks at the heartbeats and graces, while there are sockets. */
  override async alarm(): Promise<void> {
    this.alarms.rang();
    if (this.isErased) return;
    const now = Date.now();
    this.dropSilent(now);
    await this.attendance.tell(now).catch(error => console.error('presence was not told', error));
    if (this.seats.count > 0 && Math.abs(now - this.attended.at) > ATTEND_EVERY_MS)
      await this.attend().catch(logUnattended);
    await this.ringLater(now);
  }

  private coordinator() {
    return coordinatorOf(this.env, this.requireAddress().run);
  }

  private requireAddress(): Address {
    if (!this.address) throw new Error('a relay that nobody has come to');
    return this.address;
  }

  private seat({ kind, isOld, volunteer, after }: Listener, scene: RelayScene): Response {
    const { 0: client, 1: server } = new WebSocketPair();
    const now = Date.now();
    const seat: Seat = {
      ...{ kind, isOld, volunteer, openedAt: now, unread: 0, asked: null },
      seq: kind === 'entries' ? after : scene.view.seq,
    };
    if (this.seats.count === 0) this.settings.put('address', this.requireAddress());
    this.seats.accept(server, seat);
    this.welcome(server, seat, after, scene);
    if (volunteer !== null) this.attendance.arrive(volunteer);
    this.ctx.waitUntil(this.ringLater(now));
    const headers = volunteer === null ? {} : { 'sec-websocket-protocol': VOLUNTEER_PROTOCOL };
    return new Response(null, { status: 101, webSocket: client, headers });
  }

  private welcome(socket: WebSocket, seat: Seat, after: number, scene: RelayScene): void {
    if (seat.kind === 'signal') this.seats.send(socket, seat, JSON.stringify(scene.signal));
    else if (seat.kind === 'view')
      this.seats.send(socket, seat, after === scene.view.seq ? sameFrame(scene) : viewFrame(scene));
    else if (after !== scene.view.seq) this.ctx.waitUntil(this.pump.catchUp(socket, seat));
  }

  private async leave(socket: WebSocket, saidGoodbye: boolean): Promise<void> {
    const seat = this.seats.remove(socket);
    if (seat && !this.isErased) await this.noteLeft(seat, saidGoodbye);
  }

  /** The seat is empty, whoever closed the socket. */
  private async noteLeft({ volunteer }: Seat, saidGoodbye: boolean): Promise<void> {
    if (volunteer !== null) await this.attendance.leave(volunteer, saidGoodbye, Date.now());
  }

  /** Gets the run as it is and tells the sockets what they have missed. @returns whether there is such a run */
  private attend(): Promise<boolean> {
    this.attending ??= this.askForScene().finally(() => {
      this.attending = null;
    });
    return this.attending;
  }

  private async askForScene(): Promise<boolean> {
    this.attended = { session: createId(8), at: Date.now() };
    const wish = { session: this.attended.session, entries: this.wantsEntries };
    const attended = this.coordinator().attend(this.requireAddress().slot, wish);
    const result = await inTime(attended, LONGEST_REPLY_MS);
    const held = this.held;
    this.held = [];
    if (!result.ok) return false;
    this.settings.put('attended', this.attended);
    if (result.value.asksWhoIsHere) this.attendance.tellAgain();
    this.follow(result.value);
    // Those that the scene covers are passed over. Each of the others follows on it.
    for (const batch of held) this.take(batch);
    return true;
  }

  /** The scene was asked for because something is missing. */
  private follow(scene: RelayScene): void {
    const before = this.scene?.view ?? null;
    const heard = this.scene?.signal ?? null;
    this.scene = scene;
    const { view, news, signal } = scene;
    const from = before?.seq ?? -1;
    const latest = news.latest.filter(({ seq }) => seq > from);
    const changes = viewChanges(before ?? view, view);
    if (from === view.seq && Object.keys(changes.fields).length === 0) return;
    const missed = { ...signal, wakes: ['missed' as const] };
    this.deliver({ from, changes, news: { ...news, latest }, signal: missed }, heard);
  }

  /** @returns false if something before it is missing */
  private take(batch: RelayBatch): boolean {
    const { from, changes, signal } = batch;
    const heard = this.scene?.signal ?? null;
    if (this.scene) {
      const { view, news } = this.scene;
      if (changes.seq <= view.seq && from !== view.seq) return true;
      if (from !== view.seq) return false;
      const next = applyChanges(view, changes);
      this.scene = {
        view: next,
        news: joinNews(next, news, batch.news),
        signal: { ...signal, wakes: [] },
      };
    } else if (this.seats.all.some(([, { kind, seq }]) => kind === 'view' && seq !== from)) return false;
    this.deliver(batch, heard);
    return true;
  }

  /** @param heard the signal before, null if nobody knows */
  private deliver(batch: RelayBatch, heard: Signal | null): void {
    const { seats, scene } = this;
    tellSeats({ seats, scene, heard }, batch, (socket, seat) => {
      this.ctx.waitUntil(this.pump.tell(socket, seat, batch.from, batch.entries));
    });
  }

  private dropSilent(now: number): void {
    const silenceMs = Number(this.env.SOCKET_SILENCE_MS ?? SILENCE_MS);
    for (const [socket, seat] of this.seats.all) {
      if (seat.isOld || this.seats.heardAt(socket, seat) > now - silenceMs) continue;
      this.seats.drop(socket, socketCodes.silent, 'no heartbeat came: come back');
    }
  }

  /** The alarm for the next look, or for the end of the next grace. None if nobody is here. */
  private async ringLater(now: number): Promise<void> {
    const lookMs = Math.min(LOOK_EVERY_MS, Number(this.env.SOCKET_SILENCE_MS ?? LOOK_EVERY_MS));
    const isBusy = this.seats.count > 0 || !this.attendance.isEmpty;
    const at = Math.min(this.attendance.nextEnd, isBusy ? now + lookMs : Number.POSITIVE_INFINITY);
    if (Number.isFinite(at)) await this.alarms.ringBy(Math.max(at, now + 1));
  }
}

/** Codes with which a page or a process leaves: normal, going away, none given. */
const GOODBYES: readonly number[] = [1_000, 1_001, 1_005];

/**
 * [EVENT5] No client of ours sends bytes. V8 frees them late, since they do not lie on its heap: 20 sockets that sent
 * messages of 1 MB filled 1.6 GB within 40 s.
 */
const free = (bytes: ArrayBuffer): void => void bytes.transfer(0);

const logUnattended = (error: unknown): void => console.error('the coordinator was not reached', error);
