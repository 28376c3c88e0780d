import { tryWords } from '../words/try-words.ts';

/** Picks a picture of this device. To drop or paste one is said here too, and works on the whole panel. */
export function PictureField({ onFile }: { onFile: (file: File) => void }) {
  const words = tryWords();
  return (
    <div class="picture-field">
      <label>
        {words.choosePicture}
        <input
          type="file"
          accept="image/png,image/jpeg,image/webp"
          data-testid="choose-picture"
          onChange={event => {
            const file = event.currentTarget.files?.[0];
            if (file) onFile(file);
            // The same file may be chosen again.
            event.currentTarget.value = '';
          }}
        />
      </label>
      <p class="muted note">{words.dropOrPaste}</p>
    </div>
  );
}
