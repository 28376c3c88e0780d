import { useSignal } from '@preact/signals';
import type { TargetedSubmitEvent } from 'preact';
import { MAX_VOLUNTEER_NAME } from '../../../shared/protocol/messages.ts';
import type { RunView, VolunteerView } from '../../../shared/protocol/run-view.ts';
import { RunHost } from '../../platform/run-host.ts';
import { hostKeyOf } from '../state/host-keys.ts';
import { platformClient } from '../state/platform-client.ts';
import { LinkButton } from '../ui/link-button.tsx';
import { hostWords } from '../words/host-words.ts';
import { ActError, useAct } from './use-act.tsx';

type Asked = 'nothing' | 'remove' | 'rename';

interface VolunteerActionsProps {
  readonly run: string;
  /** From a run that is finished nobody has to be removed any more. */
  readonly phase: RunView['phase'];
  readonly volunteer: VolunteerView;
}

/** What the host can do about a volunteer. A removal cannot be taken back, so that button asks twice. */
export function VolunteerActions({ run, phase, volunteer }: VolunteerActionsProps) {
  const asked = useSignal<Asked>('nothing');
  const act = useAct();
  const hostKey = hostKeyOf(run);
  if (volunteer.removed || hostKey === null) return null;
  const isRemovable = phase !== 'finished';
  const host = new RunHost(platformClient, run, hostKey);
  const order = (call: () => Promise<void>): void =>
    void act.run(async () => {
      await call();
      asked.value = 'nothing';
    });
  return (
    <>
      {(asked.value === 'nothing' || (asked.value === 'remove' && !isRemovable)) && (
        <Choices name={volunteer.name} isRemovable={isRemovable} onAsk={what => (asked.value = what)} />
      )}
      {asked.value === 'remove' && isRemovable && (
        <Removal
          name={volunteer.name}
          onRemove={() => order(() => host.removeVolunteer(volunteer.volunteer))}
          onCancel={() => (asked.value = 'nothing')}
        />
      )}
      {asked.value === 'rename' && (
        <NewName
          name={volunteer.name}
          onName={name => order(() => host.renameVolunteer(volunteer.volunteer, name))}
          onCancel={() => (asked.value = 'nothing')}
        />
      )}
      <ActError act={act} />
    </>
  );
}

interface ChoicesProps {
  readonly name: string;
  readonly isRemovable: boolean;
  readonly onAsk: (what: Asked) => void;
}

function Choices({ name, isRemovable, onAsk }: ChoicesProps) {
  const words = hostWords();
  return (
    <span class="volunteer-choices">
      <LinkButton label={words.renameOf(name)} text={words.rename} onClick={() => onAsk('rename')} />
      {isRemovable && (
        <LinkButton label={words.removeOf(name)} text={words.remove} onClick={() => onAsk('remove')} />
      )}
    </span>
  );
}

interface AskedProps {
  readonly name: string;
  readonly onCancel: () => void;
}

function Removal({ name, onRemove, onCancel }: AskedProps & { onRemove: () => void }) {
  const words = hostWords();
  return (
    <span class="volunteer-choices">
      <LinkButton text={words.cancel} onClick={onCancel} />
      <LinkButton text={words.removeYes(name)} onClick={onRemove} />
    </span>
  );
}

function NewName({ name, onName, onCancel }: AskedProps & { onName: (name: string) => void }) {
  const words = hostWords();
  const submit = (event: TargetedSubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    onName(String(new FormData(event.currentTarget).get('name')).trim());
  };
  return (
    <form class="new-name" onSubmit={submit}>
      <input
        name="name"
        required
        maxLength={MAX_VOLUNTEER_NAME}
        defaultValue={name}
        aria-label={words.newName(name)}
        autocomplete="off"
        ref={input => input?.focus()}
      />
      <button type="submit" class="link-button">
        {words.save}
      </button>{' '}
      <LinkButton text={words.cancel} onClick={onCancel} />
    </form>
  );
}
