import { useSignal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect, useErrorBoundary } from 'preact/hooks';
import { lookForNewerPage } from '../state/newer-page.ts';
import { problemText } from '../words/problem-text.ts';
import { shellWords } from '../words/shell-words.ts';

interface Loaded<Props> {
  /** By which it was loaded. */
  readonly load: () => Promise<ComponentType<Props>>;
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
    let isWanted = true;
    const show = (Page: ComponentType<Props> | null): void => {
      if (isWanted) loaded.value = { load, Page };
    };
    load().then(show, () => {
      show(null);
      // A deploy takes the files of older pages away.
      void lookForNewerPage();
    });
    return () => {
      isWanted = false;
    };
  }, [load]);
  // What was loaded for another page is not shown for this one, not even for a moment.
  if (loaded.value?.load !== load) return <p aria-busy="true">{shellWords().loading}</p>;
  const { Page } = loaded.value;
  if (Page) return <Unbroken {...{ Page, props }} />;
  return (
    <p class="error" role="alert">
      {shellWords().notLoaded}
    </p>
  );
}

/** If the page breaks while it is drawn, it says so. Otherwise nothing at all would be left on the screen. */
function Unbroken<Props extends object>({ Page, props }: { Page: ComponentType<Props>; props: Props }) {
  const [error] = useErrorBoundary(thrown => reportError(thrown));
  if (error === undefined) return <Page {...props} />;
  const words = shellWords();
  return (
    <>
      <h1>{words.broke}</h1>
      <p class="error" role="alert">
        {words.brokeMore(problemText(error))}
      </p>
    </>
  );
}
