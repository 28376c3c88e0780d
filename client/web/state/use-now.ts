import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

/** The time, which ticks while `isRunning`: every second, or as often as `everyMs` says. */
export function useNow(isRunning: boolean, everyMs = 1_000): number {
  const now = useSignal(Date.now());
  useEffect(() => {
    if (!isRunning) return undefined;
    const timer = setInterval(() => (now.value = Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [isRunning, everyMs]);
  return now.value;
}
