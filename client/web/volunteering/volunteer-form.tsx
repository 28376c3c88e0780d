import { useSignal } from '@preact/signals';
import type { TargetedSubmitEvent } from 'preact';
import { isTable } from '../../../shared/protocol/dataset.ts';
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
import { JoinCodeField } from './join-code-field.tsx';
import { openInWindow } from './person-note.tsx';
import { PreflightNote } from './preflight.tsx';
import { startVolunteering } from './start-volunteering.ts';
import { nameFor, nameOtherThan, suggestedName } from './suggested-name.ts';
import { allowThreads } from './thread-setting.ts';
import { loadTrainerEarly } from './trainer-bridge.ts';
import { isPutOut, nameInRun, TurnedAwayNote } from './turned-away-note.tsx';
import { readBackend, type VolunteerMemory, type VolunteerSlot } from './volunteer-memory.ts';
import type { TurnedAway } from './volunteer-session.ts';
import { agreeToLimits } from './work-limit-setting.ts';

interface VolunteerFormProps {
  readonly facts: RunFacts;
  readonly view: RunView;
  readonly slot: VolunteerSlot;
  readonly query: URLSearchParams;
  /** Why the last start here came to nothing. */
  readonly turnedAway?: TurnedAway | null;
}

/**
 * Says what the run asks of this device, and asks for a name and, if the run has one, the join code. Whoever was here before
 * sees one button.
 */
export function VolunteerForm({ facts, view, slot, query, turnedAway = null }: VolunteerFormProps) {
  const words = volunteerWords();
  const memory = slot.read();
  const isSomeoneElse = useSignal(false);
  const isOut = isPutOut(memory, view);
  const known = memory?.identity && !isOut && !isSomeoneElse.value ? memory : null;
  const shownName = known && nameInRun(known, view);
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
      <TurnedAwayNote facts={facts} view={view} memory={memory} turnedAway={turnedAway} />
      {!known && hostKeyOf(facts.run) === null && <Invited facts={facts} />}
      <WhyAsked memory={memory} query={query} isKnown={known !== null} />
      {shownName !== null ? (
        <KnownVolunteer name={shownName} onSomeoneElse={() => (isSomeoneElse.value = true)} />
      ) : (
        <NewVolunteerFields
          name={isOut ? nameOtherThan(memory?.name, query) : nameFor(query, memory?.name)}
          code={codeFor(facts)}
          wrongCode={turnedAway?.why === 'code' ? turnedAway.code : null}
        />
      )}
      <PreflightNote facts={facts} view={view} />
      <DeviceFields backend={readBackend(query.get('backend') ?? memory?.backend ?? null)} />
      {!known && isPersonAsked(facts) && <PersonAhead />}
      <StartButton text={shownName === null ? words.start : words.goOnAs(shownName)} />
    </form>
  );
}

/** Whoever comes by a link reads what it asks for before they agree. */
function Invited({ facts: { spec } }: { facts: RunFacts }) {
  const { name, dataset } = spec;
  return (
    <p class="note" data-testid="invited">
      {volunteerWords().invited(name, dataset.name, isTable(dataset))}
    </p>
  );
}

interface WhyAskedProps {
  readonly memory: VolunteerMemory | null;
  readonly query: URLSearchParams;
  readonly isKnown: boolean;
}

/** Why the page does not begin by itself, if its visitor may expect that. A new one has just read it. */
function WhyAsked({ memory, query, isKnown }: WhyAskedProps) {
  const words = volunteerWords();
  const isAsked = query.get('join') === '1';
  if (memory?.wasStopped) return <p class="muted note">{words.youStopped}</p>;
  return isAsked && isKnown && !hasAgreed() ? <p class="note">{words.linkAsks}</p> : null;
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

interface NewVolunteerFieldsProps {
  readonly name: string;
  readonly code: ReturnType<typeof codeFor>;
  readonly wrongCode: string | null;
}

function NewVolunteerFields({ name, code, wrongCode }: NewVolunteerFieldsProps) {
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
      {code !== 'none' && <JoinCodeField isRequired={code === 'required'} wrong={wrongCode} />}
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
