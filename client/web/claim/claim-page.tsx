import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Ownership } from '../../../shared/protocol/ownership.ts';
import { forgetDeploymentKey, keepDeploymentKey } from '../state/deployment-key.ts';
import { newRunHref } from '../state/router.ts';
import { useTitle } from '../state/use-title.ts';
import { CopyField } from '../ui/copy-field.tsx';
import { claimWords } from '../words/claim-words.ts';
import { problemText } from '../words/problem-text.ts';
import { claimWith, makeDeploymentKey } from './claim-deployment.ts';
import { ownershipCalls } from './ownership-calls.ts';

/**
 * On which somebody becomes the owner of a deployment.
 * @param claim that the deploy has printed. Empty if the address has none
 */
export function ClaimPage({ claim }: { claim: string }) {
  const words = claimWords();
  useTitle(words.title);
  const ownership = useSignal<Ownership | null>(null);
  const key = useSignal<string | null>(null);
  const problem = useSignal<string | null>(null);
  const isBusy = useSignal(false);
  // The same one if a reply was lost and the button is pressed again.
  const made = useRef(makeDeploymentKey());
  useEffect(() => {
    ownershipCalls.read().then(
      told => (ownership.value = told),
      error => (problem.value = problemText(error)),
    );
  }, []);

  const become = async (): Promise<void> => {
    [isBusy.value, problem.value] = [true, null];
    try {
      await claimWith(claim, made.current);
      key.value = made.current;
    } catch (error) {
      problem.value = problemText(error);
    } finally {
      isBusy.value = false;
    }
  };

  return (
    <article class="prose" data-testid="claim-page">
      <h1>{words.title}</h1>
      {key.value === null ? (
        <>
          <p>{words.what}</p>
          {ownership.value?.isOwned && claim !== '' && <p role="note">{words.replaces}</p>}
          {claim === '' ? (
            <p role="note">{words.noClaim}</p>
          ) : (
            <button type="button" aria-busy={isBusy.value} onClick={() => isBusy.value || void become()}>
              {words.become}
            </button>
          )}
        </>
      ) : (
        <OwnerKey deploymentKey={key.value} />
      )}
      {problem.value !== null && (
        <p class="error" role="alert">
          {problem.value}.
        </p>
      )}
    </article>
  );
}

/** The key, shown once. */
function OwnerKey({ deploymentKey }: { deploymentKey: string }) {
  const words = claimWords();
  const isKept = useSignal(false);
  const keep = (wanted: boolean): void => {
    isKept.value = wanted;
    if (wanted) keepDeploymentKey(deploymentKey);
    else forgetDeploymentKey();
  };
  return (
    <section aria-label={words.key} role="status">
      <p>{words.done}</p>
      <CopyField label={words.key} text={deploymentKey} />
      <p>{words.once}</p>
      <label>
        <input type="checkbox" checked={isKept.value} onChange={event => keep(event.currentTarget.checked)} />
        {words.keep}
      </label>
      <small class="muted">{words.keepMore}</small>
      <p>
        <a href={newRunHref}>{words.next}</a>
      </p>
    </section>
  );
}
