import { Flow } from '../../prose/flow.tsx';
import type { ProseText } from '../../prose/prose-text.ts';
import { checkHref, howHref, newRunHref, privacyHref, trustHref } from '../../state/router.ts';

export const about: ProseText = {
  title: 'Über Homeroom',
  intro:
    'Mit Homeroom trainieren viele gemeinsam ein neuronales Netz, Schicht für Schicht, jeder im Browser.',
  Body: () => (
    <>
      <section class="card">
        <h2>Wozu es da ist</h2>
        <p>
          Ein Netz zu trainieren braucht sonst einen gemieteten Rechner mit starker Grafikkarte. Viele Leute
          haben einen Laptop oder ein Telefon, das die meiste Zeit nichts tut. Mit Homeroom trainieren sie
          gemeinsam ein Netz. Niemand installiert etwas: Ein Link genügt.
        </p>
        <Flow
          steps={[
            {
              drawing: 'network',
              title: 'Lauf anlegen',
              text: 'Netz und Bilder wählen oder nehmen, was passt.',
            },
            {
              drawing: 'people',
              title: 'Link verschicken',
              text: 'Wer ihn öffnet, kann helfen. Ein Telefon trainiert einen kleinen Teil.',
            },
            {
              drawing: 'version',
              title: 'Netz benutzen',
              text: 'In der Seite ausprobieren oder für eigene Programme herunterladen.',
            },
          ]}
        />
        <p>
          <a href={newRunHref}>Einen Lauf anlegen</a> oder lesen, <a href={howHref}>wie es geht</a>.
        </p>
      </section>
      <section class="card">
        <h2>Was besonders ist</h2>
        <ul>
          <li>
            <strong>Ein Gerät trainiert einen Teil.</strong> Es lädt, hält und schickt nur, was dieser Teil
            braucht. So kann auch ein schwaches Gerät bei einem Netz helfen, das ihm zu groß wäre.
          </li>
          <li>
            <strong>Es gibt keinen Server zu betreiben.</strong> Ein Cloudflare Worker koordiniert. Dasselbe
            Programm läuft auf einem Laptop, ohne Konto.
          </li>
          <li>
            <strong>Nichts wartet auf einen langsamen Tab,</strong> und ein Tab, der ausfällt, verliert nur
            seine eigene Aufgabe.
          </li>
          <li>
            <strong>Jede Runde lässt sich nachrechnen.</strong> Ein öffentliches Protokoll sagt, was
            angenommen und was abgelehnt wurde, und warum:{' '}
            <a href={checkHref}>was sich selbst prüfen lässt</a>.
          </li>
        </ul>
      </section>
      <section class="card">
        <h2>Was es nicht ist</h2>
        <p>
          Es ist keine Garantie. Bei einem Lauf können Fremde mitmachen, und nicht alle sind ehrlich:{' '}
          <a href={trustHref}>wem man vertraut</a> sagt, was das heißt. Auch für geheime Bilder ist es nicht
          gedacht: Wer was sieht, steht unter <a href={privacyHref}>Datenschutz</a>.
        </p>
      </section>
      <section class="card">
        <h2>Wer es benutzen darf</h2>
        <p>
          Homeroom ist freie Software unter der MIT-Lizenz. Alle dürfen es benutzen, ändern und weitergeben.
          Es steht auf der Arbeit anderer, vor allem auf TensorFlow.js; die README im Quelltext nennt sie
          alle.
        </p>
      </section>
    </>
  ),
};
