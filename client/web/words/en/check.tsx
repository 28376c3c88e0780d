import type { ProseText } from '../../prose/prose-text.ts';
import { homeHref } from '../../state/router.ts';

/** For people: what the ledger of a run proves, and what it does not. */
export const check: ProseText = {
  title: 'What you can check yourself',
  intro: 'A run writes down all that happens in it. From that, anyone can make its network anew.',
  Body: () => (
    <>
      <section class="card">
        <h2>How</h2>
        <p>
          Open the page of a run and copy the command under “Check it yourself”. It needs Node, and a copy of
          Homeroom that you trust. The command downloads the first version, the ledger and the updates that
          people sent. Then it does what the platform did, round after round, and compares every file. It says
          that all versions match, or it names the first difference.
        </p>
      </section>
      <section class="card">
        <h2>What it proves</h2>
        <ul>
          <li>
            Every version is the sum of the updates in the ledger, each weighed by the examples of its task,
            and of nothing else.
          </li>
          <li>No accepted update was left out, counted twice, changed or put in the place of another.</li>
          <li>No refused update has moved a weight.</li>
          <li>
            The sizes, losses and devices in the ledger are those that the volunteers sent with their updates.
          </li>
          <li>The files that you download are the ones that were made, to the last byte.</li>
        </ul>
      </section>
      <section class="card">
        <h2>What it does not prove</h2>
        <ul>
          <li>
            <strong>That an update was trained.</strong> It shows what was sent. Nobody can tell from it on
            which pictures somebody trained, or whether at all.
          </li>
          <li>
            <strong>That the first version is a fair one.</strong> The host made it before the ledger began.
          </li>
          <li>
            <strong>How good the network is.</strong> The accuracies in the ledger are what those who tested
            said. Export the network and test it on pictures of your own.
          </li>
          <li>
            <strong>Who was turned away.</strong> The platform writes down what it refused. What never reached
            it, or what it kept silent about, is in no ledger.
          </li>
          <li>
            <strong>That the whole story was not written anew.</strong> Somebody who owns the platform could
            make another ledger, other updates and other versions that fit together. If you note the hashes of
            a version today, you will see tomorrow whether they are still the same.
          </li>
        </ul>
      </section>
      <section class="card">
        <h2>For how long</h2>
        <p>
          The host chooses for how many rounds updates are kept; the page of the run says it. Older versions
          can no longer be made anew, and the command says which these are. While they are kept, everyone who
          knows the run can download the updates. An update holds changes of weights and no pictures, but it
          was made from pictures, and experts can sometimes tell something of them from it.
        </p>
        <p>
          <a href={homeHref}>All runs</a>
        </p>
      </section>
    </>
  ),
};
