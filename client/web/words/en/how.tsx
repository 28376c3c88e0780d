import { Flow } from '../../prose/flow.tsx';
import type { ProseText } from '../../prose/prose-text.ts';
import { checkHref, newRunHref, trustHref } from '../../state/router.ts';

export const how: ProseText = {
  title: 'How it works',
  intro:
    'A network is cut between its layers. Each device trains a part, and a round adds up what all have found.',
  Body: () => (
    <>
      <section class="card">
        <h2>A round</h2>
        <Flow
          steps={[
            {
              drawing: 'network',
              title: 'The network is cut',
              text: 'Its layers form a few parts. The early ones are small to train, the later ones larger.',
            },
            {
              drawing: 'devices',
              title: 'Each tab trains a part',
              text: 'It downloads the part that fits its device, and pictures to train on, and works for seconds or minutes.',
            },
            {
              drawing: 'sum',
              title: 'The platform adds up',
              text: 'A tab sends what has changed. The changes of all are added to the network, each weighed by its pictures.',
            },
            {
              drawing: 'version',
              title: 'A new version is out',
              text: 'Somebody tests it on pictures that nobody trained on. Then the next round begins.',
            },
          ]}
        />
      </section>
      <section class="card">
        <h2>Student and teacher</h2>
        <p>
          In layer-to-layer training the early layers are the <strong>student</strong> and the later layers
          the <strong>teacher</strong>. The student learns to see edges and shapes, the teacher to tell from
          them what a picture shows. If the host wants it, they learn from each other too. A weak device takes
          the student, a strong one the teacher. There are other learning plans, and a host may choose one.
        </p>
      </section>
      <section class="card">
        <h2>What your tab does</h2>
        <ul>
          <li>It works only after you have pressed a button, and it says on every page that it works.</li>
          <li>
            It uses the graphics card if the browser lets it, and else the processor. The page stays quick,
            because training has a thread of its own.
          </li>
          <li>You choose how hard it works, and it rests on battery unless you say otherwise.</li>
          <li>
            If the network breaks or the tab is closed, at most the task in hand is lost. What is trained and
            not sent yet is sent later.
          </li>
        </ul>
      </section>
      <section class="card">
        <h2>What if somebody cheats?</h2>
        <p>
          Updates are compared with each other, and a referee checks each new version if the host has one
          there. A public ledger says what was accepted and what was refused.{' '}
          <a href={trustHref}>Whom you trust</a> says what that holds back and what it does not, and{' '}
          <a href={checkHref}>what you can check yourself</a> says how to make a network anew from its ledger.
        </p>
        <p>
          <a href={newRunHref}>Make a run</a>
        </p>
      </section>
    </>
  ),
};
