import { useSignal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import { shellWords } from '../words/shell-words.ts';

interface LaterPartProps<Props> {
  /** The same function at every rendering. */
  readonly load: () => Promise<ComponentType<Props>>;
  readonly props: Props;
}

/** A part of a page that is loaded when it is shown, so that what few people use makes nobody wait. */
export function LaterPart<Props extends object>({ load, props }: LaterPartProps<Props>) {
  /** `Part` is null if it could not be loaded. */
  const loaded = useSignal<{ readonly Part: ComponentType<Props> | null } | null>(null);
  useEffect(() => {
    loaded.value = null;
    load().then(
      Part => (loaded.value = { Part }),
      () => (loaded.value = { Part: null }),
    );
  }, [load]);
  if (!loaded.value) return <p aria-busy="true">{shellWords().loading}</p>;
  const { Part } = loaded.value;
  if (Part) return <Part {...props} />;
  return (
    <p class="error" role="alert">
      {shellWords().notLoaded}
    </p>
  );
}
