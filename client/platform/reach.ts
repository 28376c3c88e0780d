import { onNetworkBack } from './network-back.ts';
import { rest } from './rest.ts';

/** Tells whoever rests because the platform was away that it may be back. */
export class Reach {
  private readonly listeners = new Set<() => void>();

  /** The platform has answered somebody. */
  back(): void {
    for (const act of [...this.listeners]) act();
  }

  /**
   * Calls back each time that the platform may be back: it has answered somebody, or this device has a network again.
   * @returns ends that
   */
  onBack(act: () => void): () => void {
    const deafen = onNetworkBack(act);
    this.listeners.add(act);
    return () => {
      deafen();
      this.listeners.delete(act);
    };
  }

  /** As `rest`, but it also ends when the platform may be back. */
  async rest(ms: number, signal: AbortSignal): Promise<void> {
    const back = new AbortController();
    const deafen = this.onBack(() => back.abort());
    await rest(ms, AbortSignal.any([signal, back.signal]));
    deafen();
  }
}
