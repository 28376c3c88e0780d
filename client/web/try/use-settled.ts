import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

/** A text once it has not changed for a while, so that a screen reader does not read every step of it. */
export function useSettled(text: string, ms: number): string {
  const settled = useSignal('');
  useEffect(() => {
    const timer = setTimeout(() => (settled.value = text), ms);
    return () => clearTimeout(timer);
  }, [text, ms]);
  return settled.value;
}
