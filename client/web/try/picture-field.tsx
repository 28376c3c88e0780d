import { PickButton } from '../ui/pick-button.tsx';
import { tryWords } from '../words/try-words.ts';

/** Picks a picture of this device. To drop or paste one is said here too, and works on the whole panel. */
export function PictureField({ onFile }: { onFile: (file: File) => void }) {
  const words = tryWords();
  return (
    <div class="drop-zone">
      <div class="drop-buttons">
        <PickButton
          text={words.choosePicture}
          picks="file"
          accept="image/png,image/jpeg,image/webp"
          testid="choose-picture"
          onPick={([file]) => file && onFile(file)}
        />
      </div>
      <p class="muted note">{words.dropOrPaste}</p>
    </div>
  );
}
