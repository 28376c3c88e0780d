import { useSignal } from '@preact/signals';
import type { TargetedSubmitEvent } from 'preact';
import { MAX_VOLUNTEER_NAME } from '../../../shared/protocol/messages.ts';
import type { RunFacts } from '../state/live-run.ts';
import { platformClient } from '../state/platform-client.ts';
import { judgingKeyOf } from '../state/referee-keys.ts';
import { openInWindow } from './person-note.tsx';
import { nameFor, suggestedName } from './suggested-name.ts';
import { allowedThreads, allowThreads, threadsHere } from './thread-setting.ts';
import { loadTrainerEarly } from './trainer-bridge.ts';
import { readBackend, type VolunteerMemory, type VolunteerSlot } from './volunteer-memory.ts';
import { startVolunteering } from './volunteer-session.ts';
import { agreedLimits, agreeToLimits, MOST_OF_EITHER } from './work-limit-setting.ts';

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
    start(facts, slot, known, new FormData(event.currentTarget));
  };
  return (
    <form
      onSubmit={submit}
      class="volunteer-form"
      onPointerEnter={loadTrainerEarly}
      onFocusIn={loadTrainerEarly}
    >
      {known ? (
        <KnownVolunteer name={known.name} onSomeoneElse={() => (isSomeoneElse.value = true)} />
      ) : (
        <NewVolunteerFields name={nameFor(query, memory?.name)} code={codeFor(facts)} />
      )}
      <BackendField backend={readBackend(query.get('backend') ?? memory?.backend ?? null)} />
      <ThreadsField most={threadsHere()} />
      <WorkLimitFields />
      {!known && isPersonAsked(facts) && <PersonAhead />}
      <StartButton text={known ? `Go on as ${known.name}` : 'Start training'} />
    </form>
  );
}

/** @param known whoever was here before and goes on; null for somebody new */
function start(
  { run, checksWith }: RunFacts,
  slot: VolunteerSlot,
  known: VolunteerMemory | null,
  form: FormData,
): void {
  const textOf = (field: string): string => String(form.get(field) ?? '').trim();
  const name = textOf('name') || known?.name || suggestedName;
  const backend = readBackend(textOf('backend'));
  const threads = Number(form.get('threads'));
  if (threads > 0) allowThreads(threads);
  agreeToLimits({ minutes: Number(form.get('minutes')), downloadMB: Number(form.get('download')) });
  if (!known) slot.write({ name, backend, identity: null, wasActive: false });
  const asked = { client: platformClient, run, slot, name, backend, code: textOf('code'), checksWith };
  const { person } = startVolunteering(asked);
  // A browser opens a window only if a person has just pressed something.
  if (person.value?.isWanted.value) openInWindow(person.value.href);
}

/** [CROWD8] Referees are not checked. */
const isPersonAsked = ({ run, checksWith }: RunFacts): boolean =>
  checksWith !== undefined && judgingKeyOf(run) === null;

const PersonAhead = () => (
  <p class="muted note" data-testid="person-ahead">
    A window will open then, in which Cloudflare checks that you are a person.
  </p>
);

function KnownVolunteer({ name, onSomeoneElse }: { name: string; onSomeoneElse: () => void }) {
  return (
    <p>
      You were <strong>{name}</strong> here.{' '}
      <button type="button" class="link-button" onClick={onSomeoneElse}>
        I am someone else
      </button>
    </p>
  );
}

/** Whether the join code is asked for. Whoever has a referee's key may leave it out. */
const codeFor = ({ run, needsCode }: RunFacts): 'none' | 'optional' | 'required' => {
  if (!needsCode) return 'none';
  return judgingKeyOf(run) === null ? 'required' : 'optional';
};

function NewVolunteerFields({ name, code }: { name: string; code: ReturnType<typeof codeFor> }) {
  return (
    <>
      <label>
        Your name, as others see it
        <input
          name="name"
          required
          maxLength={MAX_VOLUNTEER_NAME}
          defaultValue={name}
          autocomplete="nickname"
        />
      </label>
      {code !== 'none' && (
        <label>
          Join code, from the host{code === 'optional' && ': a referee needs none'}
          <input
            name="code"
            required={code === 'required'}
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

function StartButton({ text }: { text: string }) {
  return (
    <>
      <button type="submit" class="wide" data-testid="start-volunteering">
        {text}
      </button>
      <small class="muted">
        Training runs beside the page. You can pause or stop it at any moment. Only changes to the model leave
        this device.
      </small>
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

/** What a stranger's run may ask of this device. */
function WorkLimitFields() {
  const { minutes, downloadMB } = agreedLimits();
  return (
    <>
      <LimitField label="One task takes at most, in minutes" name="minutes" value={minutes} />
      <LimitField label="It downloads at most, in MB" name="download" value={downloadMB} />
    </>
  );
}

const LimitField = ({ label, name, value }: { label: string; name: string; value: number }) => (
  <label>
    {label}
    <input name={name} type="number" min={1} max={MOST_OF_EITHER} required defaultValue={`${value}`} />
  </label>
);

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
