import { checkHref, homeHref } from '../state/router.ts';
import { useTitle } from '../state/use-title.ts';

/** For people: what each of them risks, what others see of them, and what holds that back. */
export function TrustPage() {
  useTitle('Whom you trust');
  return (
    <>
      <hgroup>
        <h1>Whom you trust</h1>
        <p>Anyone with the link may join a run. This page says what that means for each of you.</p>
      </hgroup>
      <Volunteers />
      <Hosts />
      <Owners />
      <Limits />
      <section class="card">
        <h2>If you find a hole</h2>
        <p>
          Write to the maintainers in private first: <code>.github/SECURITY.md</code> in the source says how.{' '}
          <a href={checkHref}>What you can check yourself</a> says what the ledger of a run proves.
        </p>
        <p>
          <a href={homeHref}>All runs</a>
        </p>
      </section>
    </>
  );
}

function Volunteers() {
  return (
    <section class="card">
      <h2>If you volunteer</h2>
      <ul>
        <li>
          <strong>Your device works for somebody else.</strong> It takes power, and data to download. You see
          what it does, and you can stop at any time.
        </li>
        <li>
          <strong>A run brings numbers, and no program.</strong> The network is a list of known layers. All
          programs come from the platform whose page this is, and the page may load nothing from elsewhere.
        </li>
        <li>
          <strong>Everyone sees your name and your work.</strong> The name is the one that you choose. The
          ledger says when you joined, what you trained, with what, and how fast.
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

function Hosts() {
  return (
    <section class="card">
      <h2>If you host a run</h2>
      <ul>
        <li>
          <strong>Strangers train your network.</strong> What they send is checked for its form and its size.
          Nobody can see in it whether somebody trained honestly. Enough dishonest volunteers can spoil a
          network, or hide something in it. Test it yourself before you use it.
        </li>
        <li>
          <strong>Stay with your run, or have a referee there.</strong> A referee trains on pictures that the
          run holds back, and what others send counts as far as it points the same way. Then even four
          dishonest volunteers of ten spoil little. Without a referee one of four can spoil much.
        </li>
        <li>
          <strong>Few updates cannot defend each other.</strong> With fewer than five updates of a role in a
          round, no rule can tell a hostile one from an honest one. Then your own tab can: take part in the
          run with it, or start <code>homeroom join</code> with a referee’s link. It measures each version on
          pictures that nobody trains on. A version that is worse is not published, and the updates that made
          it worse are refused. A run without a referee does not have that, and its page says so.
        </li>
        <li>
          <strong>What a referee does not see.</strong> It measures how well pictures are told, on some
          hundred of them. What does not show there passes: a hidden mark that turns one class into another,
          or many small steps that only keep the network from learning.
        </li>
        <li>
          <strong>Strangers say how good it is.</strong> Two volunteers who did not train a version must agree
          on its accuracy. Otherwise it is shown as not confirmed, and no run ends or goes back by it. But one
          person can be two volunteers. A referee’s word stands above theirs: your own tab is one, or let only
          referees test.
        </li>
        <li>
          <strong>Your host key is the run.</strong> Who has it can pause, finish, remove people and make
          keys. If somebody else may have it, renew it on the page of the run.
        </li>
        <li>
          <strong>A join code keeps people from joining, not from looking.</strong> Whoever can reach the
          platform sees the run, its data and its versions. Whoever you removed may come back by another name,
          unless the code keeps them out.
        </li>
        <li>
          <strong>A referee’s word counts.</strong> It may test every version, and comes in without the code.
          Give such a link to somebody you trust, for as long as you need, and revoke it if you do not trust
          them any more.
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
          The owner is who started this platform: on a laptop its user, on the internet the holder of the
          deployment. You trust the owner with everything on this page.
        </li>
        <li>
          The owner’s machines see your address in the network. Homeroom writes it down nowhere, but whoever
          runs a network can.
        </li>
        <li>
          The owner may do what every host may, and can replace data sets. The owner could also change the
          programs that this page loads, or the whole story of a run.
        </li>
        <li>Keys and codes are kept as hashes. The owner cannot read them, but needs none.</li>
      </ul>
    </section>
  );
}

function Limits() {
  return (
    <section class="card">
      <h2>What holds strangers back</h2>
      <ul>
        <li>
          A page of another site can neither change anything here nor listen, even if you have both open. A
          program on your device can, as you can.
        </li>
        <li>
          A platform on a laptop answers to its own names alone. Started with <code>--lan</code>, it answers
          everyone in the network. Over http they can also read and change what goes by, so use{' '}
          <code>--https</code> in a network that you do not trust.
        </li>
        <li>
          A data set stays as it was when it was brought under its name. Nobody but the owner of the platform
          can put another one in its place.
        </li>
        <li>Keys for referees are of one run, end by themselves, and can be revoked.</li>
        <li>
          Whoever joins has shown nothing yet. Until the platform has taken a first update of it, a device
          gets a small part of the work, and a device that returns nothing waits longer each time. So a crowd
          of names that do nothing neither stops a run nor takes the work from those who do it.
        </li>
        <li>
          From one network 60 devices may join at once, and then one a second; with the join code twice as
          many. Who comes too soon waits for its turn by itself. A place is free again if nothing comes of it.
          Hosts and referees always get in.
        </li>
        <li>
          The data folder of a platform on a laptop is closed to other users of that machine, not to its
          administrator, nor to whoever takes its disk.
        </li>
      </ul>
    </section>
  );
}
