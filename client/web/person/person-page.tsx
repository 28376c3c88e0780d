import { runPage } from '../../../shared/protocol/paths.ts';
import { type AskedPass, readAsked } from '../state/person-pass.ts';
import { useTitle } from '../state/use-title.ts';
import { type CheckState, useCheck } from './use-check.ts';

/** [CROWD8] The page of the check of people. It has a security policy of its own, which lets Cloudflare's script in. */
export function PersonPage({ hash }: { hash: string }) {
  useTitle('Are you a person?');
  const asked = readAsked(hash);
  return (
    <main class="container person-page">
      <hgroup>
        <h1>Are you a person?</h1>
        <p>
          This platform asks that before a device joins a run, so that no program can join a thousand times.
        </p>
      </hgroup>
      {asked ? <Check asked={asked} /> : <Unasked />}
    </main>
  );
}

const Unasked = () => (
  <p>
    The page of a run opens this one when you join. <a href="/">All runs</a>
  </p>
);

function Check({ asked }: { asked: AskedPass }) {
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
        <Words state={state.value} run={asked.run} />
      </div>
      {is === 'failed' && (
        <button type="button" onClick={tryAgain}>
          Try again
        </button>
      )}
      {is === 'unloaded' && (
        <button type="button" onClick={() => location.reload()}>
          Load it again
        </button>
      )}
      {!isOver && <Told />}
    </>
  );
}

function Words({ state, run }: { state: CheckState; run: string }) {
  switch (state.is) {
    case 'loading':
      return <p aria-busy="true">Loading the check…</p>;
    case 'asking':
      return <p>Cloudflare checks it, mostly by itself. If it shows a box, tick it.</p>;
    case 'passing':
      return <p aria-busy="true">Telling the platform…</p>;
    case 'passed':
      return (
        <p>
          <strong>You are through.</strong> Your device joins by itself. Close this window, or go{' '}
          <a href={runPage(run)}>back to the run</a>.
        </p>
      );
    case 'unkept':
      return (
        <p>
          You have passed, but this browser keeps nothing of this site, so the run’s page cannot know. Allow
          the site to store data, or use a window that does, and join again.
        </p>
      );
    case 'unsupported':
      return <p>This browser is too old for Cloudflare’s check. {OTHERWISE}</p>;
    case 'unloaded':
      return (
        <p>
          The check did not load. It comes from <code>challenges.cloudflare.com</code>, which a blocker or
          your network may keep out. Allow it and load this page again. {OTHERWISE}
        </p>
      );
    case 'failed':
      return (
        <p>
          That did not work: {state.why}. {OTHERWISE}
        </p>
      );
  }
}

const OTHERWISE =
  'If it does not help, use another browser, or ask the host of the run for a referee’s link, with which nobody is checked.';

const Told = () => (
  <p class="muted note">
    Cloudflare sees your address in the network and properties of your browser. Homeroom tells it neither your
    name nor what you train. You can close this window and watch the run without it.
  </p>
);
