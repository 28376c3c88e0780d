import { isChecked } from '../../../shared/federation/check/is-checked.ts';
import { errorText } from '../../../shared/protocol/error-text.ts';
import { isMissing, RefusedError } from '../../platform/call-platform.ts';
import { rest } from '../../platform/rest.ts';
import type { Work } from '../volunteer-options.ts';
import { workCheck } from './work-check.ts';

/** After something went wrong. The platform gives the check to somebody else if that goes on. */
const REST_MS = 2_000;

/** A paused volunteer checks nothing. Its switch has no listener of this kind. */
const PAUSED_MS = 1_000;

export interface Referee {
  /** There may be a version to check. */
  nudge(): void;
  close(): void;
}

const none: Referee = { nudge: () => {}, close: () => {} };

/**
 * Checks versions before they are out, beside the leases: a candidate is not to wait until a training ends. Whoever is no
 * referee of a run that checks its versions does nothing.
 */
export function startReferee(work: Work): Referee {
  const { options, info, identity } = work;
  const isReferee =
    options.hostKey !== undefined || info.view.volunteers[identity.volunteer]?.referee === true;
  if (!isReferee || !isChecked(info.spec)) return none;
  const loop = new RefereeLoop(work);
  void loop.run();
  return loop;
}

class RefereeLoop implements Referee {
  private readonly work: Work;
  private readonly closer = new AbortController();
  private nudged = new AbortController();

  constructor(work: Work) {
    this.work = work;
  }

  nudge(): void {
    this.nudged.abort();
  }

  close(): void {
    this.closer.abort();
  }

  private get isOver(): boolean {
    const { control } = this.work.options;
    return this.closer.signal.aborted || control.stopped.aborted;
  }

  async run(): Promise<void> {
    while (!this.isOver) {
      // A nudge lasts until the next turn. A rest that it ends would take no time, again and again.
      if (this.work.options.control.paused) await rest(PAUSED_MS, this.signal);
      else if (!(await this.turn())) return;
    }
  }

  /** @returns whether it is to go on */
  private async turn(): Promise<boolean> {
    const { options, identity } = this.work;
    // What is heard from here on may be newer than the reply.
    this.nudged = new AbortController();
    try {
      const reply = await options.client.check(options.run, identity.token, this.signal);
      if (reply.type === 'finished') return false;
      if (reply.type === 'wait') await this.rest(reply.retryAfterMs);
      else await this.check(reply.check);
    } catch (error) {
      // It is no referee, or the platform is of a release that checks nothing.
      if (isMissing(error) || (error instanceof RefusedError && error.status === 403)) return false;
      if (!this.isOver) await this.rest(REST_MS);
    }
    return true;
  }

  private async check(check: Parameters<typeof workCheck>[1]): Promise<void> {
    const { status } = this.work;
    status.set({ checking: check.round });
    const signal = AbortSignal.any([this.signal, AbortSignal.timeout(2 * check.deadlineMs)]);
    try {
      await workCheck(this.work, check, signal);
      status.set({ checking: null, checked: status.now.checked + 1 });
    } catch (error) {
      status.set({
        checking: null,
        ...(this.isOver ? {} : { note: `the check failed: ${errorText(error)}` }),
      });
      throw error;
    }
  }

  private get signal(): AbortSignal {
    return AbortSignal.any([this.closer.signal, this.work.options.control.stopped]);
  }

  private rest(ms: number): Promise<void> {
    return rest(ms, AbortSignal.any([this.signal, this.nudged.signal]));
  }
}
