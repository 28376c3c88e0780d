import { useSignal } from '@preact/signals';
import type { RunHost } from '../../platform/run-host.ts';
import type { RunFacts } from '../state/live-run.ts';
import { LaterPage } from '../ui/later-page.tsx';
import { hostWords } from '../words/host-words.ts';

const load = async () => (await import('./referee-key-desk.tsx')).RefereeKeyDesk;

/** The keys that the host gave to referees. They are asked for when somebody looks. */
export function RefereeKeys({ facts, host }: { facts: RunFacts; host: RunHost }) {
  const isOpen = useSignal(false);
  return (
    <details class="host-key" onToggle={({ currentTarget }) => (isOpen.value = currentTarget.open)}>
      <summary>{hostWords().referees}</summary>
      {isOpen.value && <LaterPage load={load} props={{ facts, host }} />}
    </details>
  );
}
