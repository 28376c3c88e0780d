/** The coordinator is told of presence no more often than this. */
const TELL_EVERY_MS = 1_000;

/** A connection that broke may come back within this. */
const GRACE_MS = 5_000;

/** A deployment drops every socket at once, and a crowd comes back spread over seconds. */
const GRACE_AFTER_RESTART_MS = 20_000;

/** What attendance needs of its relay. */
interface Room {
  readonly isHere: (volunteer: string) => boolean;
  /** Everyone who has a socket. */
  readonly everyone: () => readonly string[];
  /** Volunteers whom the coordinator was told to be here. It outlives the object's memory. */
  readonly readTold: () => readonly string[];
  readonly keepTold: (told: readonly string[]) => void;
  readonly tell: (here: readonly string[], gone: readonly string[]) => Promise<void>;
  /** Rings at this time at the latest. */
  readonly wakeAt: (at: number) => Promise<void>;
}

/**
 * [EVENT6] Which volunteers are at this relay, as their event sockets show. The coordinator hears of what changed, all of a
 * second together. One who said goodbye is gone at once, one whose connection broke after a grace.
 */
export class Attendance {
  private readonly room: Room;
  private readonly told: Set<string>;
  /** Volunteers without a socket, and until when they count as here. */
  private readonly away = new Map<string, number>();
  private readonly arrived = new Set<string>();
  private timer: ReturnType<typeof setTimeout> | null = null;
  private toldAt = 0;

  /** Whoever was here before the object was replaced has a grace to come back. */
  constructor(room: Room, now: number) {
    this.room = room;
    this.told = new Set(room.readTold());
    for (const volunteer of this.told)
      if (!room.isHere(volunteer)) this.away.set(volunteer, now + GRACE_AFTER_RESTART_MS);
    for (const volunteer of room.everyone()) if (!this.told.has(volunteer)) this.arrived.add(volunteer);
  }

  get isEmpty(): boolean {
    return this.told.size === 0 && this.arrived.size === 0;
  }

  /** When the next grace ends. */
  get nextEnd(): number {
    return Math.min(Number.POSITIVE_INFINITY, ...this.away.values());
  }

  arrive(volunteer: string): void {
    const isBack = this.away.delete(volunteer);
    // Whoever comes back is told too: the coordinator may have slept meanwhile.
    if (isBack || !this.told.has(volunteer)) this.arrived.add(volunteer);
    this.tellSoon();
  }

  /** The coordinator has slept, and does not know who is here. */
  tellAgain(): void {
    for (const volunteer of this.told) if (!this.away.has(volunteer)) this.arrived.add(volunteer);
    if (this.arrived.size > 0) this.tellSoon();
  }

  /** A socket of this volunteer has closed. */
  async leave(volunteer: string, saidGoodbye: boolean, now: number): Promise<void> {
    if (this.room.isHere(volunteer)) return;
    const until = saidGoodbye ? now : now + GRACE_MS;
    this.away.set(volunteer, until);
    if (saidGoodbye) this.tellSoon();
    else await this.room.wakeAt(until);
  }

  /** Tells what changed. What could not be told is told with the next change, or when the alarm rings. */
  async tell(now: number): Promise<void> {
    clearTimeout(this.timer);
    this.timer = null;
    this.toldAt = now;
    const gone = [...this.away].flatMap(([volunteer, until]) => (isOver(until, now) ? [volunteer] : []));
    const here = [...this.arrived].filter(volunteer => !gone.includes(volunteer));
    if (here.length + gone.length === 0) return;
    await this.room.tell(here, gone);
    for (const volunteer of here) this.move(volunteer, true);
    for (const volunteer of gone) this.move(volunteer, false);
    this.room.keepTold([...this.told]);
  }

  /** Memory follows what was told, unless the volunteer came or went again meanwhile. */
  private move(volunteer: string, isHere: boolean): void {
    this.arrived.delete(volunteer);
    if (isHere) this.told.add(volunteer);
    else this.told.delete(volunteer);
    if (isHere) return;
    if (this.room.isHere(volunteer)) this.arrive(volunteer);
    else this.away.delete(volunteer);
  }

  private tellSoon(): void {
    const leftMs = this.toldAt + TELL_EVERY_MS - Date.now();
    const dueMs = Math.min(TELL_EVERY_MS, Math.max(0, leftMs));
    this.timer ??= setTimeout(() => void this.tell(Date.now()).catch(logUntold), dueMs);
  }
}

/** Whether a grace has ended. None is longer than that after a restart, unless the clock was set back. */
const isOver = (until: number, now: number): boolean => until <= now || until - now > GRACE_AFTER_RESTART_MS;

const logUntold = (error: unknown): void => console.error('presence was not told', error);
