import { Flow } from '../../prose/flow.tsx';
import type { ProseText } from '../../prose/prose-text.ts';
import { checkHref, howHref, newRunHref, privacyHref, trustHref } from '../../state/router.ts';

export const about: ProseText = {
  title: 'About Homeroom',
  intro: 'Homeroom trains one neural network together, layer by layer, in everyone’s browser.',
  Body: () => (
    <>
      <section class="card">
        <h2>What it is for</h2>
        <p>
          To train a network usually takes a rented machine with a strong graphics card. Many people have a
          laptop or a phone that does nothing most of the day. Homeroom lets them train one network together.
          Nobody installs anything: a link is enough.
        </p>
        <Flow
          steps={[
            {
              drawing: 'network',
              title: 'Make a run',
              text: 'Choose a network and pictures, or start with what suits.',
            },
            {
              drawing: 'people',
              title: 'Send its link',
              text: 'Whoever opens it can help. A phone trains a small part.',
            },
            {
              drawing: 'version',
              title: 'Use the network',
              text: 'Try it in the page, or download it for your own program.',
            },
          ]}
        />
        <p>
          <a href={newRunHref}>Make a run</a> or read <a href={howHref}>how it works</a>.
        </p>
      </section>
      <section class="card">
        <h2>What is special</h2>
        <ul>
          <li>
            <strong>A device trains a part.</strong> It downloads, holds and uploads only what that part
            needs. So a weak device can help with a network that it could not hold.
          </li>
          <li>
            <strong>There is no server to run.</strong> The coordinator is a Cloudflare Worker. The same
            program runs on a laptop, without an account.
          </li>
          <li>
            <strong>Nothing waits for one slow tab,</strong> and a tab that fails loses only its own task.
          </li>
          <li>
            <strong>Every round can be replayed.</strong> A public ledger says what was accepted and what was
            refused, and why: <a href={checkHref}>what you can check yourself</a>.
          </li>
        </ul>
      </section>
      <section class="card">
        <h2>What it is not</h2>
        <p>
          It is not a guarantee. Strangers may train a run, and not everyone is honest:{' '}
          <a href={trustHref}>whom you trust</a> says what that means. It is no place for secret pictures
          either: <a href={privacyHref}>privacy</a> says who sees what.
        </p>
      </section>
      <section class="card">
        <h2>Who may use it</h2>
        <p>
          Homeroom is free software under the MIT licence. Everyone may use, change and pass it on. It stands
          on the work of others, above all TensorFlow.js; the README in its source names them all.
        </p>
      </section>
    </>
  ),
};
