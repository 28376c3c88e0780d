import { useKeptFocus } from '../state/use-kept-focus.ts';
import { useTitle } from '../state/use-title.ts';
import { tryWords } from '../words/try-words.ts';
import { ModelTryPage } from './model-try-page.tsx';
import { RunTryPage } from './run-try-page.tsx';
import type { TryAddress } from './try-address.ts';
import { WayHome } from './way-home.tsx';

/** A page on which a network is tried and nothing else. It may stand in a frame of another site's page. */
export function TryPage({ address }: { address: TryAddress }) {
  useKeptFocus();
  useTitle(tryWords().title);
  return (
    <main class="container try-page">
      {address.is === 'run' ? (
        <RunTryPage run={address.run} />
      ) : (
        <ModelTryPage url={address.is === 'model' ? address.url : null} />
      )}
      <WayHome run={address.is === 'run' ? address.run : null} />
    </main>
  );
}
