import type { ClaimWords } from '../en/claim.ts';

export const claim: ClaimWords = {
  title: 'Die Plattform übernehmen',
  what: 'Diese Plattform läuft auf deinem eigenen Cloudflare-Konto. Ein Druck auf den Knopf gibt dir ihren Schlüssel. Mit ihm legst du hier Läufe an, und ohne ihn kann das niemand. Zum Mitmachen braucht man nur den Link eines Laufs.',
  replaces:
    'Diese Plattform gehört schon jemandem. Wer hier weitermacht, bekommt einen neuen Schlüssel, und der alte gilt nicht mehr. Läufe gehen weiter wie bisher.',
  noClaim:
    'In dieser Adresse fehlt der Anspruch. Den ganzen Link öffnen, den das Aufsetzen ausgegeben hat. Ist er verloren, neu aufsetzen: Jedes Mal wird ein neuer ausgegeben.',
  become: 'Die Plattform übernehmen',
  key: 'Schlüssel der Plattform',
  done: 'Diese Plattform gehört dir. Das ist ihr Schlüssel:',
  once: 'Er wird nur jetzt gezeigt. Bewahre ihn auf wie ein Passwort. Geht er verloren, neu aufsetzen: Der neue Link macht einen neuen Schlüssel.',
  keep: 'Den Schlüssel in diesem Browser aufheben',
  keepMore:
    'Nicht auf einem Rechner, den auch andere benutzen: Wer diesen Browser öffnet, könnte Läufe anlegen.',
  next: 'Den ersten Lauf anlegen',
};
