import { computed, effect, signal } from '@preact/signals';
import { type AskedPass, forgetPass, keptPass, personHref } from '../state/person-pass.ts';

/**
 * [CROWD8] Waits for the pass that a person gets on the page of the check. That page is opened by a link or a window; it
 * leaves the pass in this browser's memory, where a tab finds it that was asleep or was loaded again meanwhile.
 */
export class PersonCheck {
  readonly nonce: string;
  /** The page of the check for this very tab. */
  readonly href: string;
  private readonly run: string;
  private readonly isOn = signal(false);
  private readonly kept = signal<string | null>(null);
  /** Whether a person has to do something. */
  readonly isWanted = computed(() => this.isOn.value && this.kept.value === null);

  constructor(asked: AskedPass) {
    this.run = asked.run;
    this.nonce = asked.nonce;
    this.href = personHref(asked);
  }

  start(): void {
    if (this.isOn.value) return;
    this.isOn.value = true;
    this.look();
    addEventListener('storage', this.look);
    // A tab in the background may have missed the event.
    document.addEventListener('visibilitychange', this.look);
  }

  /** The volunteer has joined, so the pass is of no use any more. */
  joined(): void {
    this.end();
    forgetPass(this.run, this.nonce);
  }

  /** Waits no longer. A pass that comes now, or is there, is found by whoever asks for the same wish. */
  end(): void {
    this.isOn.value = false;
    removeEventListener('storage', this.look);
    document.removeEventListener('visibilitychange', this.look);
  }

  /** @param refused a pass that has ended, so that a person is asked again */
  readonly pass = (refused: string | null, ended: AbortSignal): Promise<string> => {
    if (refused !== null && refused === keptPass(this.run, this.nonce)) forgetPass(this.run, this.nonce);
    this.start();
    this.look();
    return new Promise(resolve => {
      const stop = effect(() => {
        if (this.kept.value !== null) resolve(this.kept.value);
      });
      ended.addEventListener('abort', stop);
    });
  };

  private readonly look = (): void => {
    this.kept.value = keptPass(this.run, this.nonce);
  };
}
