import { useSignal } from '@preact/signals';
import type { RunFacts } from '../state/live-run.ts';
import { newRunFrom } from '../state/router.ts';
import { withTryWords } from '../try/with-try-words.ts';
import { LaterPage } from '../ui/later-page.tsx';
import { runWords } from '../words/run-words.ts';

const load = withTryWords(async () => (await import('./settings-groups.tsx')).SettingsGroups);

/** How the run was made, for whoever opens it, and the way to a run that is made alike. */
export function SettingsPanel({ facts }: { facts: RunFacts }) {
  const words = runWords();
  const isOpen = useSignal(false);
  return (
    <section class="card" aria-labelledby="settings-title">
      <h2 id="settings-title">{words.settings}</h2>
      <details onToggle={({ currentTarget }) => (isOpen.value = currentTarget.open)}>
        <summary>
          {facts.model.name}, {facts.spec.plan.name}, {facts.spec.dataset.name}
        </summary>
        {isOpen.value && <LaterPage load={load} props={{ facts }} />}
      </details>
      <p class="note">
        <a href={newRunFrom(facts.run)} data-testid="clone-run">
          {words.clone}
        </a>{' '}
        {words.cloneHint}
      </p>
    </section>
  );
}
