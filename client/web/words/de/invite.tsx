import type { InviteWords } from '../en/invite.tsx';

export const invite: InviteWords = {
  title: 'Einladen',
  qrOf: link => `QR-Code von ${link}`,
  link: 'Link zu diesem Lauf',
  code: 'Beitrittscode',
  codeHint: 'Er wird zum Beitreten gebraucht. Groß- und Kleinschreibung ist egal.',
  codeUnknown:
    'Zum Beitreten wird auch der Code gebraucht. Dieser Lauf kennt nur seinen Fingerabdruck und kann ihn nicht wieder zeigen.',
  codeForGuests: 'Zum Beitreten wird auch der Code gebraucht: Frage den Host danach.',
  onlyHere: command => (
    <>
      Diese Adresse geht nur auf diesem Rechner. Für andere Geräte starte die Plattform mit {command} und
      öffne die Adresse, die sie ausgibt.
    </>
  ),
};
