import { useSignal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import { shellWords } from '../words/shell-words.ts';

interface Loaded<Props> {
  /** Null if it could not be loaded. */
  readonly Page: ComponentType<Props> | null;
}

interface LaterPageProps<Props> {
  /** The same function at every rendering. */
  readonly load: () => Promise<ComponentType<Props>>;
  /** What the page is given. */
  readonly props: Props;
}

/** A page that is loaded when somebody opens it, so that what others read makes nobody wait. */
export function LaterPage<Props extends object>({ load, props }: LaterPageProps<Props>) {
  const loaded = useSignal<Loaded<Props> | null>(null);
  useEffect(() => {
    loaded.value = null;
    load().then(
      Page => (loaded.value = { Page }),
      () => (loaded.value = { Page: null }),
    );
  }, [load]);
  if (!loaded.value) return <p aria-busy="true">{shellWords().loading}</p>;
  const { Page } = loaded.value;
  if (Page) return <Page {...props} />;
  return (
    <p class="error" role="alert">
      {shellWords().notLoaded}
    </p>
  );
}
