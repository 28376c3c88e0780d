import { useSignal } from '@preact/signals';
import type { RunFacts } from '../state/live-run.ts';
import { LaterPage } from '../ui/later-page.tsx';
import { hostWords } from '../words/host-words.ts';

const load = async () => (await import('./cost-table.tsx')).CostTable;

/** What the run would cost its platform's owner. It is reckoned when somebody looks. */
export function Costs({ facts }: { facts: RunFacts }) {
  const isOpen = useSignal(false);
  return (
    <details class="host-key" onToggle={({ currentTarget }) => (isOpen.value = currentTarget.open)}>
      <summary>{hostWords().costs}</summary>
      {isOpen.value && <LaterPage load={load} props={{ facts }} />}
    </details>
  );
}
