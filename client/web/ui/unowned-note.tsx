import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { shellWords } from '../words/shell-words.ts';

/** Beside a question for the deployment key: nobody can have it if nobody has claimed the deployment. */
export function UnownedNote() {
  const isOwned = useSignal(true);
  useEffect(() => {
    // What is not known is not said.
    isDeploymentOwned().then(
      told => (isOwned.value = told),
      () => {},
    );
  }, []);
  return isOwned.value ? null : <span role="note">{shellWords().unowned}</span>;
}

/** The first page does without the code of all calls. */
async function isDeploymentOwned(): Promise<boolean> {
  const { ownershipCalls } = await import('../claim/ownership-calls.ts');
  return (await ownershipCalls.read()).isOwned;
}
