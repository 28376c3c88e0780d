import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { parametersOfBody } from '../../../shared/protocol/model-outline.ts';
import type { RunView } from '../../../shared/protocol/run-view.ts';
import { hasAbility } from '../state/abilities.ts';
import type { RunFacts } from '../state/live-run.ts';
import { formatBytes } from '../ui/format.ts';
import { volunteerWords } from '../words/volunteer-words.ts';
import { threadsHere } from './thread-setting.ts';

/** What can be found out before anything is loaded. */
interface Preflight {
  readonly hasGpu: boolean;
  readonly hasSimd: boolean;
  readonly keeps: boolean;
}

async function lookAtDevice(): Promise<Preflight> {
  const adapter = await navigator.gpu?.requestAdapter().catch(() => null);
  return {
    hasGpu: adapter !== null && adapter !== undefined,
    hasSimd: hasAbility('simd'),
    keeps: hasAbility('storage'),
  };
}

const F32_BYTES = 4;
const F16_BYTES = 2;

/** Of one task, as the run has measured. At first, what the whole network would take. */
function trafficOf({ model }: RunFacts, view: RunView): { down: number; up: number } {
  const { trainingUpdates, bytesDown, bytesUp } = view;
  const parameters = parametersOfBody(model);
  if (trainingUpdates === 0) return { down: F32_BYTES * parameters, up: F16_BYTES * parameters };
  return { down: bytesDown / trainingUpdates, up: bytesUp / trainingUpdates };
}

/** In plain words what this device can do and what the run asks of it, before anybody agrees. */
export function PreflightNote({ facts, view }: { facts: RunFacts; view: RunView }) {
  const words = volunteerWords();
  const found = useSignal<Preflight | null>(null);
  useEffect(() => void lookAtDevice().then(preflight => (found.value = preflight)), []);
  const { down, up } = trafficOf(facts, view);
  return (
    <details class="preflight" data-testid="preflight">
      <summary>{words.preflight}</summary>
      {found.value === null ? (
        <p aria-busy="true">{words.preflightLooks}</p>
      ) : (
        <ul>
          {[...deviceLines(found.value), words.traffic(formatBytes(down), formatBytes(up))].map(line => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
    </details>
  );
}

function deviceLines({ hasGpu, hasSimd, keeps }: Preflight): string[] {
  const words = volunteerWords();
  return [
    hasGpu ? words.hasGpu : words.hasNoGpu,
    hasSimd ? words.threadsHere(threadsHere()) : words.hasNoSimd,
    ...(keeps ? [] : [words.keepsNothing]),
    ...(globalThis.isSecureContext ? [] : [words.isInsecure]),
  ];
}
