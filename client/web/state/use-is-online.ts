import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

/** Whether the browser has a network at all. It says nothing of the platform. */
export function useIsOnline(): boolean {
  const isOnline = useSignal(navigator.onLine);
  useEffect(() => {
    const look = (): void => {
      isOnline.value = navigator.onLine;
    };
    const closing = new AbortController();
    for (const change of ['online', 'offline']) addEventListener(change, look, { signal: closing.signal });
    return () => closing.abort();
  }, []);
  return isOnline.value;
}
