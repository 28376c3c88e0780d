import { useSignal } from '@preact/signals';
import type { TargetedSubmitEvent } from 'preact';
import { MAX_VOLUNTEER_NAME } from '../../../shared/protocol/messages.ts';
import type { RunView } from '../../../shared/protocol/run-view.ts';
import { hostKeyOf } from '../state/host-keys.ts';
import type { RunFacts } from '../state/live-run.ts';
import { platformClient } from '../state/platform-client.ts';
import { judgingKeyOf } from '../state/referee-keys.ts';
import { LinkButton } from '../ui/link-button.tsx';
import { volunteerWords } from '../words/volunteer-words.ts';
import { agreeToTrain, hasAgreed } from './agreement.ts';
import { DeviceFields } from './device-fields.tsx';
import { openInWindow } from './person-note.tsx';
import { PreflightNote } from './preflight.tsx';
import { startVolunteering } from './start-volunteering.ts';
import { nameFor, suggestedName } from './suggested-name.ts';
import { allowThreads } from './thread-setting.ts';
import { loadTrainerEarly } from './trainer-bridge.ts';
import { readBackend, type VolunteerMemory, type VolunteerSlot } from './volunteer-memory.ts';
import { agreeToLimits } from './work-limit-setting.ts';

interface VolunteerFormProps {
  readonly facts: RunFacts;
  readonly view: RunView;
  readonly slot: VolunteerSlot;
  readonly query: URLSearchParams;
}

/**
 * Says what the run asks of this device, and asks for a name and, if the run has one, the join code. Whoever was here before
 * sees one button.
 */
export function VolunteerForm({ facts, view, slot, query }: VolunteerFormProps) {
  const words = volunteerWords();
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
      <WhyAsked memory={memory} query={query} />
      {known ? (
        <KnownVolunteer name={known.name} onSomeoneElse={() => (isSomeoneElse.value = true)} />
      ) : (
        <NewVolunteerFields name={nameFor(query, memory?.name)} code={codeFor(facts)} />
      )}
      <PreflightNote facts={facts} view={view} />
      <DeviceFields backend={readBackend(query.get('backend') ?? memory?.backend ?? null)} />
      {!known && isPersonAsked(facts) && <PersonAhead />}
      <StartButton text={known ? words.goOnAs(known.name) : words.start} />
    </form>
  );
}

/** Why the page does not begin by itself, if its visitor may expect that. */
function WhyAsked({ memory, query }: { memory: VolunteerMemory | null; query: URLSearchParams }) {
  const words = volunteerWords();
  const isAsked = query.get('join') === '1';
  if (memory?.wasStopped) return <p class="muted note">{words.youStopped}</p>;
  return isAsked && !hasAgreed() ? <p class="note">{words.linkAsks}</p> : null;
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
  agreeToTrain();
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
    {volunteerWords().personAhead}
  </p>
);

function KnownVolunteer({ name, onSomeoneElse }: { name: string; onSomeoneElse: () => void }) {
  const words = volunteerWords();
  return (
    <p>
      {words.youWere(<strong>{name}</strong>)} <LinkButton text={words.someoneElse} onClick={onSomeoneElse} />
    </p>
  );
}

/** Whether the join code is asked for. Whoever has a referee’s key may leave it out, and the host’s own browser needs none. */
const codeFor = ({ run, needsCode }: RunFacts): 'none' | 'optional' | 'required' => {
  if (!needsCode || hostKeyOf(run) !== null) return 'none';
  return judgingKeyOf(run) === null ? 'required' : 'optional';
};

function NewVolunteerFields({ name, code }: { name: string; code: ReturnType<typeof codeFor> }) {
  const words = volunteerWords();
  return (
    <>
      <label>
        {words.name}
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
          {code === 'optional' ? words.codeOptional : words.code}
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
      <small class="muted">{volunteerWords().consent}</small>
    </>
  );
}
