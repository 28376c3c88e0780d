import { isNewerThere } from '../state/newer-page.ts';
import { shellWords } from '../words/shell-words.ts';

/** Says on every page that the platform has newer ones. */
export function NewerPageNote() {
  const words = shellWords();
  return (
    <div class="container" role="status">
      {isNewerThere.value && (
        <p class="card newer-page">
          {words.newerPage}{' '}
          <button type="button" class="secondary" onClick={() => location.reload()}>
            {words.reload}
          </button>
        </p>
      )}
    </div>
  );
}
