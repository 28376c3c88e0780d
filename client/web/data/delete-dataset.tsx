import { AskTwice } from '../host/ask-twice.tsx';
import { ActError, useAct } from '../host/use-act.tsx';
import { dataKeyOf, forgetDataKey } from '../state/data-keys.ts';
import { platformClient } from '../state/platform-client.ts';
import { dataWords } from '../words/data-words.ts';

interface DeleteDatasetProps {
  readonly name: string;
  /** It is no more in the list of the platform. */
  readonly onDeleted: () => void;
}

/** For whoever has uploaded the data set from this browser. */
export function DeleteDataset({ name, onDeleted }: DeleteDatasetProps) {
  const words = dataWords();
  const act = useAct();
  const key = dataKeyOf(name);
  if (key === null) return null;
  const remove = (): void =>
    void act.run(async () => {
      await platformClient.removeDataset(name, key);
      forgetDataKey(name);
      onDeleted();
    });
  return (
    <>
      <div class="switches">
        <AskTwice
          text={words.remove(name)}
          yes={words.removeYes}
          testid="delete-dataset"
          isBusy={act.isBusy}
          onYes={remove}
        />
      </div>
      <ActError act={act} />
    </>
  );
}
