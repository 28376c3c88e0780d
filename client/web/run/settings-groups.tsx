import type { RunFacts } from '../state/live-run.ts';
import { runSettings, type ToldSetting } from './run-settings.ts';

/** All settings of a run. They come with their words when somebody opens them: few people do. */
export function SettingsGroups({ facts }: { facts: RunFacts }) {
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
