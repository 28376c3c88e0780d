import { Flow } from '../../prose/flow.tsx';
import type { ProseText } from '../../prose/prose-text.ts';
import { trustHref } from '../../state/router.ts';

export const privacy: ProseText = {
  title: 'Datenschutz',
  intro: 'Kein Konto, keine Cookies, keine Verfolgung. Hier steht, was das Gerät verlässt und wer es sieht.',
  Body: () => (
    <>
      <section class="card">
        <h2>Beim Trainieren</h2>
        <Flow
          steps={[
            {
              drawing: 'pictures',
              title: 'Die Bilder kommen her',
              text: 'Es sind die des Laufs, oder sie werden an Ort und Stelle gezeichnet. Eigenes wird nicht angesehen.',
            },
            {
              drawing: 'devices',
              title: 'Der Tab trainiert',
              text: 'Gerechnet wird alles auf dem eigenen Gerät.',
            },
            {
              drawing: 'sum',
              title: 'Änderungen von Gewichten gehen zurück',
              text: 'Zahlen, die sagen, wie das Netz sich ändern soll. Wer den Lauf kennt, kann sie herunterladen.',
            },
          ]}
        />
      </section>
      <section class="card">
        <h2>Was alle sehen</h2>
        <ul>
          <li>Den selbst gewählten Namen. Es muss nicht der eigene sein.</li>
          <li>
            Wann jemand dazukam, was, auf welcher Art Gerät und wie schnell er trainiert hat, und was es wert
            war. Das bleibt im Protokoll des Laufs.
          </li>
          <li>Von einem angelegten Lauf: Name, Einstellungen, Netz und Datensatz.</li>
        </ul>
      </section>
      <section class="card">
        <h2>Eigene Bilder mitbringen oder ausprobieren</h2>
        <ul>
          <li>
            <strong>Ein hochgeladener Datensatz ist öffentlich</strong> für alle, die diese Plattform
            erreichen: Mitmachende müssen ihn laden. Bilder, die andere nicht sehen dürfen, gehören nicht
            hierher.
          </li>
          <li>
            <strong>
              Ein Bild, das zum Ausprobieren gezeichnet, abgelegt oder gefilmt wird, bleibt im Tab.
            </strong>{' '}
            Das Netz kommt zum Bild.
          </li>
        </ul>
      </section>
      <section class="card">
        <h2>Was der Browser aufhebt</h2>
        <p>
          Sprache und Einstellungen, Name und Platz in jedem Lauf, die Schlüssel eigener Läufe, Dateien, die
          sonst noch einmal geladen würden, und Beiträge, die noch nicht gesendet sind. All das bleibt in
          diesem Browser. Die Seite eines Laufs zeigt, wie viel es ist, und löscht die Dateien; die
          Einstellungen des Browsers für diese Website löschen alles.
        </p>
      </section>
      <section class="card">
        <h2>Was der Betreiber der Plattform sieht</h2>
        <p>
          Wer diese Plattform betreibt, sieht die Netzadresse des Geräts, wie jede Website. Homeroom schreibt
          sie nirgends auf. Läuft die Plattform bei Cloudflare, gehen alle Aufrufe durch Cloudflare. Keine
          Seite lädt etwas von anderswo, außer einer Prüfung auf Menschen auf einer eigenen Seite, falls die
          Plattform eine hat. <a href={trustHref}>Wem man vertraut</a> sagt mehr.
        </p>
      </section>
    </>
  ),
};
