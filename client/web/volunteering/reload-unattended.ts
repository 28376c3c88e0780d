import { effect } from '@preact/signals';
import { isNewerThere } from '../state/newer-page.ts';
import { currentSession } from './current-session.ts';

/** Whoever has touched nothing for so long is not reading or typing here. */
const UNATTENDED_MS = 60_000;
const LOOK_EVERY_MS = 5_000;

/**
 * A tab that only trains loads newer pages by itself, between two tasks, and goes on. One that somebody uses
 * waits until they press the button.
 */
export function reloadUnattended(reload: () => void): void {
  let touchedAt = Date.now();
  const touch = (): void => {
    touchedAt = Date.now();
  };
  for (const kind of ['pointerdown', 'keydown', 'input', 'wheel'])
    addEventListener(kind, touch, { passive: true });
  effect(() => {
    if (!isNewerThere.value) return;
    const timer = setInterval(() => {
      const session = currentSession.value;
      const isUnattended = document.hidden || Date.now() - touchedAt >= UNATTENDED_MS;
      if (!isUnattended || !session?.isRunning.value) return;
      clearInterval(timer);
      session.finishThenReload(reload);
    }, LOOK_EVERY_MS);
    return () => clearInterval(timer);
  });
}
