import { useSignal } from '@preact/signals';
import type { TargetedEvent } from 'preact';
import { parametersOfBody } from '../../../../shared/protocol/model-outline.ts';
import { formatBytes, formatShortCount } from '../../ui/format.ts';
import { LinkButton } from '../../ui/link-button.tsx';
import { newRunWords } from '../../words/new-run-words.ts';
import { describedBy, FieldFrame } from '../field.tsx';
import { useForm } from '../form-context.ts';
import { chosenFile, droppedFiles } from './chosen-file.ts';
import type { OwnModelState } from './use-own-model.ts';

const TYPES = '.json,.bin,.zip,.keras,.h5,.hdf5,.pb,.tflite';
const F32_BYTES = 4;

/** Files of a network are picked, or dropped with their folder. What is wrong with them is told here. */
export function OwnModelField({ own }: { own: OwnModelState }) {
  const words = newRunWords().own;
  const { errors } = useForm();
  const isOver = useSignal(false);
  const pick = (event: TargetedEvent<HTMLInputElement>): void => {
    const files = [...(event.currentTarget.files ?? [])];
    if (files.length > 0) own.choose(files.map(file => chosenFile(file)));
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    isOver.value = false;
    if (event.dataTransfer) own.choose(droppedFiles(event.dataTransfer));
  };
  const over = (event: DragEvent): void => {
    event.preventDefault();
    isOver.value = true;
  };
  return (
    <section
      class={isOver.value ? 'drop-zone is-over' : 'drop-zone'}
      aria-label={words.title}
      onDrop={drop}
      onDragOver={over}
      onDragLeave={() => (isOver.value = false)}
    >
      <h3>{isOver.value ? words.drop : words.title}</h3>
      <FieldFrame name="ownModel" label={words.pick} hint={words.hint}>
        <input type="file" multiple accept={TYPES} {...describedBy('ownModel', errors)} onChange={pick} />
      </FieldFrame>
      <div aria-live="polite">
        <Chosen own={own} />
      </div>
    </section>
  );
}

function Chosen({ own }: { own: OwnModelState }) {
  const words = newRunWords().own;
  if (own.isBusy) return <p aria-busy="true">{words.reading}</p>;
  if (!own.model) return null;
  const parameters = own.outline && parametersOfBody(own.outline);
  return (
    <>
      <p data-testid="own-network">
        <strong>{words.chosen(own.model.model)}</strong>{' '}
        <LinkButton text={words.remove} onClick={own.remove} />
      </p>
      {parameters !== null && (
        <p>{words.fits(formatShortCount(parameters), formatBytes(F32_BYTES * parameters))}</p>
      )}
      {own.model.notes.map(note => (
        <p key={note} class="note">
          {note}
        </p>
      ))}
    </>
  );
}
