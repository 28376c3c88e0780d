import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { platformClient } from '../state/platform-client.ts';
import { shellWords } from '../words/shell-words.ts';

/** Beside a question for the deployment key: nobody can have it if nobody has claimed the deployment. */
export function UnownedNote() {
  const isOwned = useSignal(true);
  useEffect(() => {
    // What is not known is not said.
    platformClient.ownership().then(
      told => (isOwned.value = told.isOwned),
      () => {},
    );
  }, []);
  return isOwned.value ? null : <span role="note">{shellWords().unowned}</span>;
}
