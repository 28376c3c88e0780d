/** How the platform tells who works, and what that is good for. */
export function Standing() {
  return (
    <section class="card">
      <h2>What the platform thinks of a device</h2>
      <ul>
        <li>
          <strong>Each device has a standing, and everyone sees it.</strong> An update that points where those
          of the others point earns some. Three of them make a device trusted.
        </li>
        <li>
          <strong>An update of nothing, or a copy, earns none.</strong> One that points elsewhere earns none
          either. That is usual for honest devices late in a run, or if their pictures differ from those of
          others, and it costs nothing.
        </li>
        <li>
          <strong>Standing is lost</strong> by updates that no honest program sends, by test results that
          others contradict, and by updates that a referee found to be harmful.
        </li>
        <li>
          <strong>It decides who comes first</strong> if there is not work for all. Updates of a distrusted
          device weigh less. A test is confirmed by devices that have helped, not by new ones that only test.
          Each standing goes back to the middle by itself, so everyone can come back.
        </li>
        <li>
          <strong>It can be earned by a lie.</strong> Whoever trains once and sends the result under many
          names, each time changed a little, earns for each of them. What a device says of its speed or its
          loss counts for nothing.
        </li>
      </ul>
    </section>
  );
}

export function Strangers() {
  return (
    <section class="card">
      <h2>What holds strangers back</h2>
      <ul>
        <li>
          <strong>Other pages.</strong> A page of another site can neither change anything here nor listen,
          even if you have both open. A program on your device can, as you can.
        </li>
        <li>
          <strong>Other names.</strong> A platform on a laptop answers to its own names alone. Started with{' '}
          <code>--lan</code>, it answers everyone in the network. Over http they can also read and change what
          goes by, so use <code>--https</code> in a network that you do not trust.
        </li>
        <li>
          <strong>Other data.</strong> A data set stays as it was when it was brought under its name. Nobody
          but the owner of the platform can put another one in its place.
        </li>
        <li>
          <strong>Crowds.</strong> From one network 60 devices may join at once, and then one a second; with
          the join code twice as many. Whoever comes too soon waits, and is let in by itself. Hosts and
          referees always get in.
        </li>
        <li>
          <strong>Places.</strong> A run has places for so many who are present, 2,000 unless its host says
          otherwise. A place of somebody who does nothing is free again after some minutes. Whoever has worked
          keeps the right to come back.
        </li>
        <li>
          <strong>Newcomers.</strong> Until the platform has taken a first update of it, a device gets a small
          part of the work, and a device that returns nothing waits longer each time. So a crowd of names that
          do nothing neither stops a run nor takes the work from those who do it. A crowd of names that
          returned one update each can slow it, and take half of its tasks.
        </li>
        <CheckOfPeople />
      </ul>
    </section>
  );
}

/** [CROWD8] */
const CheckOfPeople = () => (
  <li>
    <strong>A check of people, on some platforms.</strong> Its owner may ask that whoever joins passes
    Cloudflare’s check (Turnstile). It keeps out programs that join by the thousand, and not a person with
    many browsers. It opens in a page of its own, which alone loads Cloudflare’s script; referees do not need
    it. Cloudflare sees your address and properties of your browser then. The script runs at the address of
    this platform, so it could read what Homeroom keeps in your browser, such as host keys. Whoever sets up
    the check trusts Cloudflare with that. If you would rather not, you can watch a run without it.
  </li>
);
