import type { PersonWords } from '../en/person.tsx';

const otherwise =
  'Hilft das nicht, geht es mit einem anderen Browser oder mit dem Link eines Schiedsrichters vom Host des Laufs: Damit wird niemand geprüft.';

export const person: PersonWords = {
  title: 'Ein Mensch?',
  intro:
    'Diese Plattform fragt das, bevor ein Gerät bei einem Lauf mitmacht, damit kein Programm tausendfach mitmachen kann.',
  unasked: 'Diese Seite öffnet sich von der Seite eines Laufs aus, wenn man mitmacht.',
  allRuns: 'Alle Läufe',
  tryAgain: 'Noch einmal versuchen',
  loadAgain: 'Neu laden',
  loading: 'Die Prüfung wird geladen …',
  asking: 'Cloudflare prüft es, meist von selbst. Erscheint ein Kästchen, bitte anhaken.',
  passing: 'Die Plattform erfährt es …',
  passed: runHref => (
    <>
      <strong>Bestanden.</strong> Das Gerät macht von selbst mit. Dieses Fenster kann zu, oder{' '}
      <a href={runHref}>zurück zum Lauf</a>.
    </>
  ),
  unkept:
    'Bestanden, aber dieser Browser behält nichts von dieser Website, also kann die Seite des Laufs es nicht wissen. Bitte der Website erlauben, Daten zu speichern, oder ein Fenster benutzen, das es tut, und noch einmal mitmachen.',
  unsupported: `Dieser Browser ist zu alt für die Prüfung von Cloudflare. ${otherwise}`,
  unloaded: () => (
    <>
      Die Prüfung wurde nicht geladen. Sie kommt von <code>challenges.cloudflare.com</code>; vielleicht hält
      ein Blocker oder das Netz das auf. Bitte erlauben und diese Seite neu laden. {otherwise}
    </>
  ),
  failed: why => `Das hat nicht geklappt: ${why}. ${otherwise}`,
  cloudflareSays: code => `Cloudflare meldet ${code}`,
  told: 'Cloudflare sieht die Netzadresse und Eigenschaften des Browsers. Homeroom sagt ihm weder den Namen noch, was trainiert wird. Dieses Fenster kann zu, und dem Lauf lässt sich ohne die Prüfung zusehen.',
};
