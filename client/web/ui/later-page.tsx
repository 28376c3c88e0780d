import { useSignal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import { shellWords } from '../words/shell-words.ts';

interface Loaded {
  /** Null if it could not be loaded. */
  readonly Page: ComponentType | null;
}

/**
 * A page that is loaded when somebody opens it, so that what few people read makes nobody wait.
 * @param load the same function at every rendering
 */
export function LaterPage({ load }: { load: () => Promise<ComponentType> }) {
  const loaded = useSignal<Loaded | null>(null);
  useEffect(() => {
    loaded.value = null;
    load().then(
      Page => (loaded.value = { Page }),
      () => (loaded.value = { Page: null }),
    );
  }, [load]);
  if (!loaded.value) return <p aria-busy="true">{shellWords().loading}</p>;
  const { Page } = loaded.value;
  if (Page) return <Page />;
  return (
    <p class="error" role="alert">
      {shellWords().notLoaded}
    </p>
  );
}
