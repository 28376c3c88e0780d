import type { ProseText } from '../../prose/prose-text.ts';
import { checkHref, homeHref } from '../../state/router.ts';
import { ForHosts, WithoutReferee } from './trust/for-hosts.tsx';
import { Standing, Strangers } from './trust/strangers.tsx';

/** For people: what each of them risks, what others see of them, and what holds that back. */
export const trust: ProseText = {
  title: 'Whom you trust',
  intro: 'Anyone with the link may join a run. This page says what that means for each of you.',
  Body: () => (
    <>
      <Words />
      <ForVolunteers />
      <ForHosts />
      <WithoutReferee />
      <Standing />
      <Strangers />
      <Owners />
      <Hole />
    </>
  ),
};

function Words() {
  return (
    <section class="card">
      <h2>Who is who</h2>
      <ul>
        <li>
          A <strong>volunteer</strong> trains the network of a run, and sends what that changed: an{' '}
          <em>update</em>. The updates of a round together make the next <em>version</em>.
        </li>
        <li>
          A <strong>host</strong> has made a run, and holds its host key.
        </li>
        <li>
          A <strong>referee</strong> is trusted by the host. It holds the host key, or a key that the host
          gave away, and measures what the others send.
        </li>
        <li>
          The <strong>owner</strong> has started the platform: on a laptop its user, on the internet the
          holder of the deployment.
        </li>
      </ul>
    </section>
  );
}

function ForVolunteers() {
  return (
    <section class="card">
      <h2>If you volunteer</h2>
      <ul>
        <li>
          <strong>Your device works for somebody else.</strong> It takes power, and data to download. You say
          how long one task may take and how much it may download. A task that asks for more is given back.
          You see what your device does, and you can stop at any time.
        </li>
        <li>
          <strong>A run brings numbers, and no program.</strong> The network is a list of known layers. All
          programs come from the platform whose page this is, and the pages may load nothing from elsewhere.
          The one exception is the page of a check of people, if the platform has one: see below.
        </li>
        <li>
          <strong>Everyone sees your name and your work.</strong> The name is the one that you choose. The
          ledger says when you joined, what you trained, with what, how fast, and what it was worth.
        </li>
        <li>
          <strong>What you send can be downloaded by everyone.</strong> It holds changes of weights. If the
          pictures are private, experts can sometimes tell something of them from it.
        </li>
        <li>
          <strong>The host can remove you.</strong> You are told so. What was accepted from you counts.
        </li>
        <li>
          <strong>A referee can refuse what you trained.</strong> If a version was worse with your update, it
          counts no more, and you train again after two rounds, after four the next time. That happens to
          honest people too, if their pictures are few or odd. The ledger and your own page say why.
        </li>
      </ul>
    </section>
  );
}

function Owners() {
  return (
    <section class="card">
      <h2>What the owner of the platform sees and can do</h2>
      <ul>
        <li>
          You trust the owner with everything on this page. The owner may do what every host may, and can
          replace data sets. The owner could also change the programs that this page loads, or the whole story
          of a run.
        </li>
        <li>
          The owner’s machines see your address in the network. Homeroom does not write it down, but whoever
          runs a network can.
        </li>
        <li>
          Keys are kept as hashes, and join codes are kept sealed, so that a host can see its code again. The
          owner cannot read keys, but needs none.
        </li>
        <li>
          The data folder of a platform on a laptop is closed to other users of that machine, not to its
          administrator, nor to whoever takes its disk.
        </li>
      </ul>
    </section>
  );
}

function Hole() {
  return (
    <section class="card">
      <h2>If you find a hole</h2>
      <p>
        A hole lets somebody do what nobody can do, as this page says. Tell the people who make Homeroom, in
        private, before you tell others: the file <code>.github/SECURITY.md</code> in its source says how, and
        what to write. If somebody spoils a run just now, tell its host, who can remove them and take the run
        back.
      </p>
      <p>
        <a href={checkHref}>What you can check yourself</a> says what the ledger of a run proves.{' '}
        <a href={homeHref}>All runs</a>
      </p>
    </section>
  );
}
