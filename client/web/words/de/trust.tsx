import type { ProseText } from '../../prose/prose-text.ts';
import { checkHref, homeHref } from '../../state/router.ts';
import { ForHosts, WithoutReferee } from './trust/for-hosts.tsx';
import { Standing, Strangers } from './trust/strangers.tsx';

export const trust: ProseText = {
  title: 'Wem man vertraut',
  intro: 'Wer den Link hat, kann bei einem Lauf mitmachen. Hier steht, was das für alle Beteiligten heißt.',
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
      <h2>Wer wer ist</h2>
      <ul>
        <li>
          <strong>Mitmachende</strong> trainieren das Netz eines Laufs und schicken, was sich dadurch geändert
          hat: einen <em>Beitrag</em>. Die Beiträge einer Runde ergeben zusammen die nächste <em>Version</em>.
        </li>
        <li>
          Der <strong>Host</strong> hat einen Lauf angelegt und besitzt dessen Host-Schlüssel.
        </li>
        <li>
          Einem <strong>Schiedsrichter</strong> vertraut der Host. Er besitzt den Host-Schlüssel oder einen
          Schlüssel, den der Host weitergegeben hat, und misst, was die anderen schicken.
        </li>
        <li>
          Der <strong>Betreiber</strong> hat die Plattform gestartet: auf einem Laptop dessen Benutzer, im
          Internet, wem die Installation gehört.
        </li>
      </ul>
    </section>
  );
}

function ForVolunteers() {
  return (
    <section class="card">
      <h2>Für Mitmachende</h2>
      <ul>
        <li>
          <strong>Das Gerät arbeitet für jemand anderen.</strong> Das kostet Strom und Daten zum
          Herunterladen. Einstellbar ist, wie lange eine Aufgabe dauern und wie viel sie laden darf. Eine
          Aufgabe, die mehr verlangt, wird zurückgegeben. Zu sehen ist immer, was das Gerät tut, und Aufhören
          geht jederzeit.
        </li>
        <li>
          <strong>Ein Lauf bringt Zahlen und kein Programm.</strong> Das Netz ist eine Liste bekannter
          Schichten. Alle Programme kommen von der Plattform, deren Seite dies ist, und die Seiten dürfen
          nichts von anderswo laden. Die einzige Ausnahme ist die Seite einer Prüfung auf Menschen, falls die
          Plattform eine hat: siehe unten.
        </li>
        <li>
          <strong>Alle sehen den Namen und die Arbeit.</strong> Der Name ist der selbst gewählte. Im Protokoll
          steht, wann jemand dazukam, was, womit und wie schnell er trainiert hat, und was es wert war.
        </li>
        <li>
          <strong>Was geschickt wird, kann jeder herunterladen.</strong> Es sind Änderungen von Gewichten.
          Sind die Bilder privat, können Fachleute ihnen manchmal etwas über sie entnehmen.
        </li>
        <li>
          <strong>Der Host kann Mitmachende entfernen.</strong> Wer entfernt wird, erfährt es. Was angenommen
          war, zählt weiter.
        </li>
        <li>
          <strong>Ein Schiedsrichter kann einen Beitrag ablehnen.</strong> War eine Version mit ihm
          schlechter, zählt er nicht mehr, und weiter geht es nach zwei Runden, beim nächsten Mal nach vier.
          Das trifft auch Ehrliche, wenn ihre Bilder wenige oder ungewöhnlich sind. Das Protokoll und die
          eigene Seite sagen, warum.
        </li>
      </ul>
    </section>
  );
}

function Owners() {
  return (
    <section class="card">
      <h2>Was der Betreiber der Plattform sieht und tun kann</h2>
      <ul>
        <li>
          Dem Betreiber vertraut man mit allem auf dieser Seite. Er darf, was jeder Host darf, und kann
          Datensätze ersetzen. Er könnte auch die Programme ändern, die diese Seite lädt, oder die ganze
          Geschichte eines Laufs.
        </li>
        <li>
          Die Rechner des Betreibers sehen die Netzadresse. Homeroom schreibt sie nirgends auf, aber wer ein
          Netz betreibt, kann es tun.
        </li>
        <li>
          Schlüssel werden als Prüfsummen aufgehoben, Codes verschlossen, damit ein Host seinen Code wieder
          sehen kann. Der Betreiber kann Schlüssel nicht lesen, braucht aber auch keine.
        </li>
        <li>
          Der Datenordner einer Plattform auf einem Laptop ist für andere Benutzer des Rechners zu, nicht aber
          für dessen Verwalter und nicht für den, der die Platte mitnimmt.
        </li>
      </ul>
    </section>
  );
}

function Hole() {
  return (
    <section class="card">
      <h2>Wer eine Lücke findet</h2>
      <p>
        Eine Lücke ist ein Weg, zu tun, was nach dieser Seite niemand kann. Bitte erst denen sagen, die
        Homeroom machen, und zwar vertraulich: Die Datei <code>.github/SECURITY.md</code> im Quelltext sagt,
        wie und was. Verdirbt jemand gerade jetzt einen Lauf, hilft der Host: Er kann Leute entfernen und den
        Lauf zurücksetzen.
      </p>
      <p>
        <a href={checkHref}>Was sich selbst prüfen lässt</a> sagt, was das Protokoll eines Laufs beweist.{' '}
        <a href={homeHref}>Alle Läufe</a>
      </p>
    </section>
  );
}
