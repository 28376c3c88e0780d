import { useSignal } from '@preact/signals';
import type { TargetedSubmitEvent } from 'preact';
import type { RunFacts } from '../state/live-run.ts';
import { platformClient } from '../state/platform-client.ts';
import { suggestedName } from './suggested-name.ts';
import { allowedThreads, allowThreads, threadsHere } from './thread-setting.ts';
import { loadTrainerEarly } from './trainer-bridge.ts';
import { readBackend, type VolunteerSlot } from './volunteer-memory.ts';
import { startVolunteering } from './volunteer-session.ts';

interface VolunteerFormProps {
  readonly facts: RunFacts;
  readonly slot: VolunteerSlot;
  readonly query: URLSearchParams;
}

/** Asks for name, backend and, if the run has one, the join code. Whoever was here before sees one button. */
export function VolunteerForm({ facts, slot, query }: VolunteerFormProps) {
  const memory = slot.read();
  const isSomeoneElse = useSignal(false);
  const known = memory?.identity && !isSomeoneElse.value ? memory : null;
  const submit = (event: TargetedSubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const name = String(form.get('name') ?? '').trim() || known?.name || suggestedName;
    const backend = readBackend(String(form.get('backend')));
    const code = String(form.get('code') ?? '').trim();
    const threads = Number(form.get('threads'));
    if (threads > 0) allowThreads(threads);
    if (!known) slot.write({ name, backend, identity: null, wasActive: false });
    startVolunteering({ client: platformClient, run: facts.run, slot, name, backend, code });
  };

  return (
    <form
      onSubmit={submit}
      class="volunteer-form"
      onPointerEnter={loadTrainerEarly}
      onFocusIn={loadTrainerEarly}
    >
      {known ? (
        <p>
          You were <strong>{known.name}</strong> here.{' '}
          <button type="button" class="link-button" onClick={() => (isSomeoneElse.value = true)}>
            I am someone else
          </button>
        </p>
      ) : (
        <NewVolunteerFields
          name={query.get('name') ?? memory?.name ?? suggestedName}
          needsCode={facts.needsCode}
        />
      )}
      <BackendField backend={readBackend(query.get('backend') ?? memory?.backend ?? null)} />
      <ThreadsField most={threadsHere()} />
      <button type="submit" class="wide" data-testid="start-volunteering">
        {known ? `Go on as ${known.name}` : 'Start training'}
      </button>
      <small class="muted">
        Training runs beside the page. You can pause or stop it at any moment. Only changes to the model leave
        this device.
      </small>
    </form>
  );
}

function NewVolunteerFields({ name, needsCode }: { name: string; needsCode: boolean }) {
  return (
    <>
      <label>
        Your name, as others see it
        <input name="name" required maxLength={40} defaultValue={name} autocomplete="nickname" />
      </label>
      {needsCode && (
        <label>
          Join code, from the host
          <input
            name="code"
            required
            maxLength={40}
            autocomplete="off"
            autocapitalize="off"
            spellcheck={false}
          />
        </label>
      )}
    </>
  );
}

/** Shown only if there is something to choose. */
function ThreadsField({ most }: { most: number }) {
  if (most < 2) return null;
  const allowed = allowedThreads();
  return (
    <label>
      Threads on the processor, at most
      <select name="threads" defaultValue={allowed}>
        {Array.from({ length: most }, (_, i) => i + 1).map(count => (
          <option key={count} value={count} selected={count === allowed}>
            {count}
          </option>
        ))}
      </select>
    </label>
  );
}

const backends = [
  ['auto', 'Whatever is fastest here'],
  ['webgpu', 'Graphics card (WebGPU)'],
  ['wasm', 'Processor (WebAssembly)'],
] as const;

function BackendField({ backend }: { backend: string }) {
  return (
    <label>
      Train on
      <select name="backend" defaultValue={backend}>
        {backends.map(([value, text]) => (
          <option key={value} value={value} selected={value === backend}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}
