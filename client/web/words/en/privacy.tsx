import { Flow } from '../../prose/flow.tsx';
import type { ProseText } from '../../prose/prose-text.ts';
import { trustHref } from '../../state/router.ts';

export const privacy: ProseText = {
  title: 'Privacy',
  intro: 'No account, no cookies, no tracking. This page says what leaves your device, and who sees it.',
  Body: () => (
    <>
      <section class="card">
        <h2>If you train</h2>
        <Flow
          steps={[
            {
              drawing: 'pictures',
              title: 'Pictures come to you',
              text: 'They are those of the run, or are drawn on the spot. Nothing of yours is looked at.',
            },
            {
              drawing: 'devices',
              title: 'Your tab trains',
              text: 'Everything is computed on your device.',
            },
            {
              drawing: 'sum',
              title: 'Changes of weights go back',
              text: 'Numbers that say how the network should change. Everyone who knows the run can download them.',
            },
          ]}
        />
      </section>
      <section class="card">
        <h2>What everyone sees</h2>
        <ul>
          <li>The name that you choose. It need not be your own.</li>
          <li>
            When you joined, what you trained, on what kind of device, how fast, and what it was worth. That
            stays in the ledger of the run.
          </li>
          <li>If you make a run: its name, its settings, its network and its data set.</li>
        </ul>
      </section>
      <section class="card">
        <h2>If you bring or try pictures</h2>
        <ul>
          <li>
            <strong>A data set that you upload is public</strong> to all who can reach this platform:
            volunteers have to download it. Bring no pictures that others must not see.
          </li>
          <li>
            <strong>A picture that you draw, drop or film to try a network stays in your tab.</strong> The
            network comes to the picture.
          </li>
        </ul>
      </section>
      <section class="card">
        <h2>What your browser keeps</h2>
        <p>
          Your language and settings, your name and place in each run, the keys of runs that you host, files
          that would otherwise be downloaded again, and updates that are not sent yet. It all stays in this
          browser. The page of a run shows how much it is and clears the files; your browser’s settings for
          this site clear everything.
        </p>
      </section>
      <section class="card">
        <h2>What the platform’s owner sees</h2>
        <p>
          Whoever runs this platform sees the network address of your device, as every website does. Homeroom
          writes it down nowhere. If the platform runs at Cloudflare, Cloudflare handles all calls. No page
          loads anything from elsewhere, except a check of people in a page of its own, if the platform has
          one. <a href={trustHref}>Whom you trust</a> tells more.
        </p>
      </section>
    </>
  ),
};
