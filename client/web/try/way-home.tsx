import { runPage } from '../../../shared/protocol/paths.ts';
import { tryWords } from '../words/try-words.ts';

/** In a frame, the page of another site is around it, and what leads away from here opens beside that. */
const isFramed = (): boolean => window.parent !== window;

/**
 * The way to the run and home, small. In a frame there is only the one to the run: whoever framed the page wants nothing else
 * in it.
 * @param run null if the network is of no run
 */
export function WayHome({ run }: { run: string | null }) {
  const words = tryWords().wholePage;
  if (isFramed())
    return run === null ? null : (
      <p class="note">
        <a href={runPage(run)} target="_blank" rel="noopener">
          {words.toRun}
        </a>
      </p>
    );
  return (
    <nav class="note way-home" aria-label={words.wayHome}>
      {run !== null && <a href={runPage(run)}>{words.toRun}</a>}
      <a href="/">{words.home}</a>
    </nav>
  );
}
