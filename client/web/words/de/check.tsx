import type { ProseText } from '../../prose/prose-text.ts';
import { homeHref } from '../../state/router.ts';

export const check: ProseText = {
  title: 'Was sich selbst prüfen lässt',
  intro:
    'Ein Lauf schreibt alles auf, was in ihm geschieht. Daraus kann jeder sein Netz noch einmal ausrechnen.',
  Body: () => (
    <>
      <section class="card">
        <h2>Wie</h2>
        <p>
          Auf der Seite eines Laufs steht unter „Selbst prüfen“ ein Befehl. Er braucht Node und eine Kopie von
          Homeroom, der man vertraut. Der Befehl lädt die erste Version, das Protokoll und die Beiträge, die
          Leute geschickt haben. Dann tut er Runde für Runde, was die Plattform getan hat, und vergleicht jede
          Datei. Er sagt, dass alle Versionen übereinstimmen, oder er nennt den ersten Unterschied.
        </p>
      </section>
      <section class="card">
        <h2>Was das beweist</h2>
        <ul>
          <li>
            Jede Version ist die Summe der Beiträge im Protokoll, jeder gewichtet mit der Zahl seiner
            Beispiele, und sonst nichts.
          </li>
          <li>
            Kein angenommener Beitrag wurde weggelassen, doppelt gezählt, verändert oder gegen einen anderen
            getauscht.
          </li>
          <li>Kein abgelehnter Beitrag hat ein Gewicht bewegt.</li>
          <li>
            Größen, Fehlermaße und Geräte im Protokoll sind die, die mit den Beiträgen geschickt wurden.
          </li>
          <li>Die Dateien zum Herunterladen sind die, die entstanden sind, bis aufs letzte Byte.</li>
        </ul>
      </section>
      <section class="card">
        <h2>Was es nicht beweist</h2>
        <ul>
          <li>
            <strong>Dass wirklich trainiert wurde.</strong> Es zeigt, was geschickt wurde. Niemand kann daran
            sehen, mit welchen Bildern jemand trainiert hat, oder ob überhaupt.
          </li>
          <li>
            <strong>Dass die erste Version in Ordnung ist.</strong> Wer den Lauf angelegt hat, hat sie
            gemacht, bevor das Protokoll begann.
          </li>
          <li>
            <strong>Wie gut das Netz ist.</strong> Die Genauigkeiten im Protokoll sind, was Prüfende gesagt
            haben. Das Netz lässt sich exportieren und mit eigenen Bildern testen.
          </li>
          <li>
            <strong>Wer abgewiesen wurde.</strong> Die Plattform schreibt auf, was sie abgelehnt hat. Was sie
            nie erreicht hat oder was sie verschweigt, steht in keinem Protokoll.
          </li>
          <li>
            <strong>Dass nicht alles neu geschrieben wurde.</strong> Wem die Plattform gehört, der könnte ein
            anderes Protokoll, andere Beiträge und andere Versionen machen, die zueinander passen. Wer heute
            die Prüfsummen einer Version notiert, sieht morgen, ob sie noch dieselben sind.
          </li>
        </ul>
      </section>
      <section class="card">
        <h2>Wie lange</h2>
        <p>
          Wer den Lauf anlegt, entscheidet, wie viele Runden lang Beiträge aufgehoben werden; die Seite des
          Laufs sagt es. Ältere Versionen lassen sich nicht mehr nachrechnen, und der Befehl sagt, welche das
          sind. Solange sie aufgehoben werden, kann jeder, der den Lauf kennt, die Beiträge herunterladen. Ein
          Beitrag enthält Änderungen von Gewichten und keine Bilder, aber er ist aus Bildern entstanden, und
          Fachleute können ihm manchmal etwas über sie entnehmen.
        </p>
        <p>
          <a href={homeHref}>Alle Läufe</a>
        </p>
      </section>
    </>
  ),
};
