import { HomeroomClient } from '../../client/platform/homeroom-client.ts';
import { type TimeLimits, timeLimits } from '../../client/platform/time-limits.ts';
import type { ByteStore } from '../../client/volunteer/byte-store.ts';
import { keepsNoUpdates, type OutboxStore } from '../../client/volunteer/outbox/outbox-store.ts';
import { runVolunteer } from '../../client/volunteer/run-volunteer.ts';
import { VolunteerControl } from '../../client/volunteer/volunteer-control.ts';
import type { VolunteerIdentity } from '../../client/volunteer/volunteer-options.ts';
import { idleVolunteer, type VolunteerStatus } from '../../client/volunteer/volunteer-status.ts';
import { type Fault, FaultyLink } from './faulty-link.ts';
import { MemoryOutbox } from './memory-outbox.ts';
import { keepsNothing, MemoryStore } from './memory-store.ts';
import type { ScriptedTrainer } from './scripted-trainer.ts';

/** A volunteer of one test, and the link between it and the platform. */
export class LinkedVolunteer {
  readonly link: FaultyLink;
  readonly origin: string;
  control = new VolunteerControl();
  readonly notes: (string | null)[] = [];
  limits: TimeLimits = timeLimits;
  /** Keeps its updates, once it has a tab. */
  readonly device = new MemoryOutbox();
  outbox: OutboxStore = keepsNoUpdates;
  residuals: ByteStore = new MemoryStore();
  /** As whom it comes back. Null if it joins anew. */
  identity: VolunteerIdentity | null = null;
  /** The last one that it told. */
  status: VolunteerStatus = idleVolunteer;

  private constructor(link: FaultyLink, origin: string) {
    this.link = link;
    this.origin = origin;
  }

  /** @param target origin of the platform */
  static async open(target: string): Promise<LinkedVolunteer> {
    const link = new FaultyLink(target);
    return new LinkedVolunteer(link, await link.open());
  }

  close(): void {
    this.control.stop();
    this.link.close();
  }

  /** Goes on as a tab of its device, after a stop as another one. What that has claimed is free when it is closed. */
  openTab(): { close(): void } {
    const tab = this.device.open();
    this.outbox = tab.store;
    this.control = new VolunteerControl();
    return tab;
  }

  startInTab(run: string, trainer: ScriptedTrainer): Promise<VolunteerStatus> {
    this.openTab();
    return this.start(run, trainer);
  }

  /** Resolves when it has stopped. */
  start(run: string, trainer: ScriptedTrainer, cache = keepsNothing): Promise<VolunteerStatus> {
    const { origin, limits, control, outbox, residuals, identity } = this;
    return runVolunteer({
      ...{ client: new HomeroomClient(origin, { limits }), run, control, cache, outbox, residuals, identity },
      ...{ trainer: trainer.api, trainerOptions: { backend: 'cpu' }, name: 'Ada', memoryMB: 0 },
      onIdentity: joined => {
        this.identity = joined;
      },
      onStatus: now => {
        this.status = now;
        this.notes.push(now.note);
      },
    });
  }

  /** Does this to the first so many requests that match, and nothing to the rest. */
  failFirst(count: number, matches: (request: string) => boolean, fault: Fault): void {
    let left = count;
    this.link.fault = request => (matches(request) && left-- > 0 ? fault : 'pass');
  }

  /** No update comes to the platform before they are let pass. */
  holdUpdates(): () => void {
    let letPass = (): void => {};
    const passing = new Promise<void>(resolve => {
      letPass = resolve;
    });
    this.link.gate = request => (isUpdate(request) ? passing : null);
    return letPass;
  }
}

export const isUpdate = (request: string): boolean => request.endsWith('/update');
export const isAsk = (request: string): boolean => request.endsWith('/leases');
export const isBlob = (request: string): boolean => request.startsWith('GET /api/blobs/');
