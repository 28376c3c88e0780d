import { useSignal } from '@preact/signals';
import { shortRunId } from '../../../shared/protocol/id-pattern.ts';
import type { RunListing } from '../../../shared/protocol/run-list.ts';
import { homeWords } from '../words/home-words.ts';
import { RunCard } from './run-card.tsx';

/** With so few runs there is nothing to search. */
const FEW = 3;

/** The runs that are listed, with a search if they are many. Runs of one name show the beginning of their id. */
export function RunList({ runs }: { runs: readonly RunListing[] }) {
  const words = homeWords();
  const wanted = useSignal('');
  const found = runs.filter(run => isMeant(run, wanted.value));
  const names = runs.map(({ name }) => name);
  const isAlone = (name: string): boolean => names.indexOf(name) === names.lastIndexOf(name);
  return (
    <>
      {runs.length > FEW && (
        <div class="run-search">
          <label for="run-search">{words.search}</label>
          <input
            id="run-search"
            type="search"
            value={wanted.value}
            onInput={event => (wanted.value = event.currentTarget.value)}
          />
          <small role="status">{wanted.value.trim() !== '' && words.found(found.length, runs.length)}</small>
        </div>
      )}
      {found.length === 0 && <p>{words.noneFound}</p>}
      <ul class="run-list" data-testid="run-list">
        {found.map(run => (
          <RunCard key={run.run} listing={run} id={isAlone(run.name) ? null : shortRunId(run.run)} />
        ))}
      </ul>
    </>
  );
}

function isMeant({ run, name }: RunListing, wanted: string): boolean {
  const text = wanted.trim().toLowerCase();
  return name.toLowerCase().includes(text) || run.startsWith(text);
}
