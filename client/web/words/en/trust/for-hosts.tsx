/** What a host risks, and what it can do about that. */
export function ForHosts() {
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
          <strong>Some pictures are held back.</strong> If the data have enough, a new run keeps a few hundred
          training pictures from all volunteers. Only a referee works with them. So they show what an update
          is worth, and nobody else can have learnt them by heart.
        </li>
        <li>
          <strong>Stay with your run, or have a referee there.</strong> Your own tab is one as soon as it
          trains. So is a device that opens a referee’s link, in a browser or with{' '}
          <code>npx homeroom join</code>. It does three things that no one else can.
        </li>
        <li>
          <strong>First, it trains on the held-back pictures.</strong> By the usual rule the updates of others
          count as far as they point the same way. In our tests even four dishonest volunteers of ten spoil
          little then.
        </li>
        <li>
          <strong>Second, it checks each version before it is out.</strong> Updates that make it worse on the
          held-back pictures are refused, and a version that is much worse is not published. A little worse
          may be bad luck, and passes, unless an update is far longer than the others. You choose whether that
          is done if a referee is there, always, or never. With “always” a round waits for its referee.
        </li>
        <li>
          <strong>Third, it says how good a version is.</strong> Its word stands above that of volunteers. You
          can let only referees test.
        </li>
        <li>
          <strong>What a referee does not see.</strong> It measures how well pictures are told, on a few
          hundred of them. What does not show there passes: a hidden mark that turns one class into another,
          or many small steps that only keep the network from learning.
        </li>
        <li>
          <strong>You can take versions back.</strong> You may return to any version that is kept. A run
          returns by itself if a confirmed accuracy falls by more than 20 points, or by what you chose.
        </li>
        <li>
          <strong>Your host key is the run.</strong> Whoever has it can pause, finish, remove people and make
          keys. If somebody else may have it, renew it on the page of the run.
        </li>
        <li>
          <strong>A referee’s key is worth much.</strong> Whoever has it comes in without the join code, and
          what it measures decides. Give such a link to somebody you trust, for as long as you need. It ends
          by itself, and you can revoke it before.
        </li>
        <li>
          <strong>A join code keeps people from joining, not from looking.</strong> Whoever can reach the
          platform sees the run, its data and its versions. Whoever you removed may come back by another name,
          unless the code keeps them out.
        </li>
      </ul>
    </section>
  );
}

/** [CHECK12] What nothing makes up for. */
export function WithoutReferee() {
  return (
    <section class="card" aria-labelledby="without-referee">
      <h2 id="without-referee">What a run without a referee does not defend</h2>
      <ul>
        <li>
          <strong>No version is checked before it is out.</strong> A worse one is published, and everybody
          trains on it. The run goes back by itself only if volunteers find it much worse.
        </li>
        <li>
          <strong>Updates can only be compared with each other.</strong> That holds back a few hostile ones
          among many. If the hostile ones are most of those who train the same part of the network, the honest
          ones look odd, and nobody can tell.
        </li>
        <li>
          <strong>Few updates cannot defend each other.</strong> With fewer than five of the same part in a
          round no rule can tell a hostile one from an honest one. Then a single volunteer can ruin the
          network. The page of such a run says so.
        </li>
        <li>
          <strong>One person can be many volunteers.</strong> Two volunteers who have helped and did not train
          a version must agree on its accuracy, otherwise it is shown as not confirmed, and no run ends or
          goes back by it. So whoever only tests decides nothing. But both may be the same person, and have
          helped first.
        </li>
        <li>
          <strong>Strangers can pause a run that has not trained yet.</strong> A run pauses itself if training
          fails for everybody. Before the first update there is nobody to say that it goes well. Resume it
          then, or come in as referee.
        </li>
        <li>
          <strong>One or two volunteers confirm nothing.</strong> Such a run ends with its last round, or when
          its host ends it, whatever accuracy it reaches.
        </li>
        <li>
          <strong>A hidden mark is not found.</strong> A referee would not find it either.
        </li>
      </ul>
    </section>
  );
}
