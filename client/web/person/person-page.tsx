import { runPage } from '../../../shared/protocol/paths.ts';
import { type AskedPass, readAsked } from '../state/person-pass.ts';
import { useTitle } from '../state/use-title.ts';
import { personWords } from '../words/person-words.ts';
import { type CheckState, useCheck } from './use-check.ts';

/** [CROWD8] The page of the check of people. It has a security policy of its own, which lets Cloudflare's script in. */
export function PersonPage({ hash }: { hash: string }) {
  const words = personWords();
  useTitle(words.title);
  const asked = readAsked(hash);
  return (
    <main class="container person-page">
      <hgroup>
        <h1>{words.title}</h1>
        <p>{words.intro}</p>
      </hgroup>
      {asked ? <Check asked={asked} /> : <Unasked />}
    </main>
  );
}

const Unasked = () => (
  <p>
    {personWords().unasked} <a href="/">{personWords().allRuns}</a>
  </p>
);

function Check({ asked }: { asked: AskedPass }) {
  const words = personWords();
  const { state, container, tryAgain } = useCheck(asked);
  const { is } = state.value;
  const isOver = is === 'passed' || is === 'unkept';
  return (
    <>
      <div class="person-widget" ref={container} hidden={isOver} data-testid="person-widget" />
      <div
        role={is === 'failed' || is === 'unloaded' ? 'alert' : 'status'}
        data-testid="person-state"
        data-is={is}
      >
        <p aria-busy={is === 'loading' || is === 'passing'}>{textOf(state.value, asked.run)}</p>
      </div>
      {is === 'failed' && (
        <button type="button" onClick={tryAgain}>
          {words.tryAgain}
        </button>
      )}
      {is === 'unloaded' && (
        <button type="button" onClick={() => location.reload()}>
          {words.loadAgain}
        </button>
      )}
      {!isOver && <p class="muted note">{words.told}</p>}
    </>
  );
}

function textOf(state: CheckState, run: string) {
  const words = personWords();
  switch (state.is) {
    case 'passed':
      return words.passed(runPage(run));
    case 'unloaded':
      return words.unloaded();
    case 'failed':
      return words.failed(state.why);
    default:
      return words[state.is];
  }
}
