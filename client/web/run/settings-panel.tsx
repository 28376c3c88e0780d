import { useSignal } from '@preact/signals';
import type { RunFacts } from '../state/live-run.ts';
import { newRunFrom } from '../state/router.ts';
import { settingsWords } from '../words/settings-words.ts';
import { runSettings, type ToldSetting } from './run-settings.ts';

/** How the run was made, for whoever opens it, and the way to a run that is made alike. */
export function SettingsPanel({ facts }: { facts: RunFacts }) {
  const words = settingsWords();
  const isOpen = useSignal(false);
  return (
    <section class="card" aria-labelledby="settings-title">
      <h2 id="settings-title">{words.title}</h2>
      <details onToggle={({ currentTarget }) => (isOpen.value = currentTarget.open)}>
        <summary>
          {facts.model.name}, {facts.spec.plan.name}, {facts.spec.dataset.name}
        </summary>
        {isOpen.value && <Groups facts={facts} />}
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

function Groups({ facts }: { facts: RunFacts }) {
  return (
    <div class="settings" data-testid="settings">
      {runSettings(facts).map(({ title, settings }) => (
        <section key={title}>
          <h3>{title}</h3>
          <dl>
            {settings.map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <Value value={value} />
              </div>
            ))}
          </dl>
        </section>
      ))}
    </div>
  );
}

function Value({ value }: { value: ToldSetting[1] }) {
  if (typeof value === 'string') return <dd>{value}</dd>;
  return (
    <>
      {value.map(line => (
        <dd key={line}>{line}</dd>
      ))}
    </>
  );
}
