import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

/** The time, which ticks every second while `isRunning`. */
export function useNow(isRunning: boolean): number {
  const now = useSignal(Date.now());
  useEffect(() => {
    if (!isRunning) return undefined;
    const timer = setInterval(() => (now.value = Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [isRunning]);
  return now.value;
}
