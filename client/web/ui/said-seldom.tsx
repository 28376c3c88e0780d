import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';

/** What goes on by itself is said so often at most. More would drown what else a screen reader says. */
const REST_MS = 60_000;

interface SaidSeldomProps {
  /** A change of it is said at once. */
  readonly state: string;
  /** What is said. If it changes while the state stays, the last of it is said after a rest. */
  readonly text: string;
}

/** Tells a screen reader, wherever it reads, how something goes on. What is there at first is not told: it can be read. */
export function SaidSeldom({ state, text }: SaidSeldomProps) {
  const said = useSignal('');
  const before = useRef({ state, text, at: Date.now() });
  useEffect(() => {
    const last = before.current;
    if (last.text === text && last.state === state) return undefined;
    const say = (): void => {
      before.current = { state, text, at: Date.now() };
      said.value = text;
    };
    if (last.state !== state) {
      say();
      return undefined;
    }
    const timer = setTimeout(say, Math.max(0, last.at + REST_MS - Date.now()));
    return () => clearTimeout(timer);
  }, [state, text]);
  return (
    <p class="visually-hidden" aria-live="polite" data-testid="said">
      {said.value}
    </p>
  );
}
