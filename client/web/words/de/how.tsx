import { Flow } from '../../prose/flow.tsx';
import type { ProseText } from '../../prose/prose-text.ts';
import { checkHref, newRunHref, trustHref } from '../../state/router.ts';

export const how: ProseText = {
  title: 'So geht es',
  intro:
    'Ein Netz wird zwischen seinen Schichten geteilt. Jedes Gerät trainiert einen Teil, und eine Runde zählt zusammen, was alle gefunden haben.',
  Body: () => (
    <>
      <section class="card">
        <h2>Eine Runde</h2>
        <Flow
          steps={[
            {
              drawing: 'network',
              title: 'Das Netz wird geteilt',
              text: 'Seine Schichten bilden ein paar Teile. Die frühen sind leicht zu trainieren, die späten sind größer.',
            },
            {
              drawing: 'devices',
              title: 'Jeder Tab trainiert einen Teil',
              text: 'Er lädt den Teil, der zu seinem Gerät passt, und Bilder dazu, und arbeitet Sekunden oder Minuten.',
            },
            {
              drawing: 'sum',
              title: 'Die Plattform zählt zusammen',
              text: 'Ein Tab schickt, was sich geändert hat. Die Änderungen aller kommen ins Netz, jede gewichtet mit ihren Bildern.',
            },
            {
              drawing: 'version',
              title: 'Eine neue Version erscheint',
              text: 'Jemand testet sie mit Bildern, mit denen niemand trainiert hat. Dann beginnt die nächste Runde.',
            },
          ]}
        />
      </section>
      <section class="card">
        <h2>Schüler und Lehrer</h2>
        <p>
          Beim Lernen von Schicht zu Schicht sind die frühen Schichten der <strong>Schüler</strong> und die
          späten der <strong>Lehrer</strong>. Der Schüler lernt, Kanten und Formen zu sehen, der Lehrer,
          daraus zu erkennen, was ein Bild zeigt. Wenn der Host es will, lernen sie auch voneinander. Ein
          schwaches Gerät nimmt den Schüler, ein starkes den Lehrer. Es gibt andere Lernpläne, und der Host
          kann einen davon wählen.
        </p>
      </section>
      <section class="card">
        <h2>Was der eigene Tab tut</h2>
        <ul>
          <li>Er arbeitet erst nach einem Knopfdruck, und auf jeder Seite steht, dass er arbeitet.</li>
          <li>
            Er nimmt die Grafikkarte, wenn der Browser ihn lässt, sonst den Prozessor. Die Seite bleibt flink,
            denn das Training hat einen eigenen Thread.
          </li>
          <li>Einstellbar ist, wie sehr er arbeitet. Auf Akku ruht er, wenn nichts anderes gewählt ist.</li>
          <li>
            Bricht das Netz ab oder wird der Tab geschlossen, geht höchstens die laufende Aufgabe verloren.
            Was trainiert und noch nicht gesendet ist, wird später gesendet.
          </li>
        </ul>
      </section>
      <section class="card">
        <h2>Und wenn jemand schummelt?</h2>
        <p>
          Beiträge werden miteinander verglichen, und ein Schiedsrichter prüft jede neue Version, wenn der
          Host einen dort hat. Ein öffentliches Protokoll sagt, was angenommen und was abgelehnt wurde.{' '}
          <a href={trustHref}>Wem man vertraut</a> sagt, was das aufhält und was nicht, und{' '}
          <a href={checkHref}>was sich selbst prüfen lässt</a> sagt, wie man ein Netz aus seinem Protokoll
          noch einmal ausrechnet.
        </p>
        <p>
          <a href={newRunHref}>Einen Lauf anlegen</a>
        </p>
      </section>
    </>
  ),
};
