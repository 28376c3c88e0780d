import type { HostWords } from '../en/host.tsx';

export const host: HostWords = {
  title: 'Host',
  open: 'Öffnen',
  pause: 'Lauf anhalten',
  resume: 'Lauf fortsetzen',
  finish: 'Beenden …',
  finishYes: 'Endgültig beenden',
  finishNow: 'Nicht auf die Prüfung warten …',
  finishNowYes: 'Ungeprüft beenden',
  notYet: 'Noch nicht',

  takeBack: 'Zurück zu einer älteren Version …',
  takeBackTo: 'Zurück zu',
  takeBackNote:
    'Alles, was nach dieser Version trainiert wurde, geht verloren, auch die laufende Runde. Alle bekommen neue Aufgaben.',
  takeBackYes: version => `Zurück zu Version ${version}`,
  stayHere: 'Hier bleiben',
  version: version => `Version ${version}`,
  versionWith: (version, accuracy, isConfirmed) =>
    `Version ${version}: ${accuracy}${isConfirmed ? '' : ', nicht bestätigt'}`,

  referees: 'Schiedsrichter',
  refereesNote:
    'Wer einen Schiedsrichter-Link öffnet und startet, ist Schiedsrichter dieses Laufs. Der Browser trainiert wie alle anderen und prüft außerdem Versionen. Was er findet, gilt ohne zweite Meinung: Er bestätigt die Genauigkeit und kann verhindern, dass eine Version erscheint. Er braucht keinen Beitrittscode und hat sonst keine deiner Rechte. Gib den Link also nur Leuten, denen du vertraust.',
  forWhom: 'Für wen',
  endsAfter: 'Gilt',
  lasts: { hour: 'eine Stunde', day: 'einen Tag', week: 'eine Woche', month: '30 Tage' },
  makeLink: 'Link erstellen',
  refereeLink: 'Link für einen Schiedsrichter. Er wird nicht wieder gezeigt',
  refereeKeys: 'Schlüssel der Schiedsrichter',
  keyUntil: (label, until) => `${label}, bis ${until}`,
  revoke: 'Zurückziehen',

  remove: 'Entfernen …',
  removeOf: name => `${name} entfernen …`,
  removeYes: name => `${name} endgültig entfernen`,
  rename: 'Umbenennen …',
  renameOf: name => `${name} umbenennen …`,
  newName: name => `Neuer Name für ${name}`,
  save: 'Speichern',
  cancel: 'Abbrechen',

  otherBrowser: 'Auch in einem anderen Browser Host sein',
  otherBrowserNote:
    'Öffne diesen Link im anderen Browser, zum Beispiel auf dem Handy. Wer ihn hat, ist Host, also zeige ihn sonst niemandem.',
  otherBrowserShow: 'Link und QR-Code zeigen',
  hostLink: 'Link mit den Rechten des Hosts',
  linkChecking: 'Der Host-Schlüssel im Link wird geprüft …',
  linkWrong:
    'Dieser Link macht dich nicht zum Host dieses Laufs: Sein Schlüssel ist abgeschnitten oder wurde erneuert. Er wird nicht behalten. Kopiere den Link ganz oder bitte den Host um einen neuen. Zusehen und mitmachen geht trotzdem.',
  linkUnreached:
    'Der Host-Schlüssel im Link ließ sich nicht prüfen, weil niemand antwortet. Nach dem Neuladen wird es wieder versucht.',
  linkTaken: 'Dieser Browser ist jetzt Host.',
  dismiss: 'In Ordnung',

  notKept:
    'Dieser Browser behält nichts für diese Seite. Kopiere vor dem Verlassen den Host-Schlüssel: Ohne ihn ist niemand mehr Host.',
  holdsKey: 'Dieser Browser hat den Host-Schlüssel',
  holdsKeyNote:
    'Wer diesen Schlüssel hat, ist Host. Bewahre ihn sicher auf: Er wird nirgends sonst gezeigt. Wenn jemand anderes ihn haben könnte, erneuere ihn: Der bisherige öffnet dann nichts mehr.',
  key: 'Host-Schlüssel',
  renew: 'Erneuern',
  forget: 'In diesem Browser vergessen',
  iAmHost: 'Ich bin der Host',
  keyIsWhereMade:
    'Wenn du diesen Lauf in einem Browser angelegt hast, liegt der Schlüssel dort, unter der Adresse von damals. Der Link aus „Auch in einem anderen Browser Host sein“ bringt ihn hierher.',
  keyAtOtherName: address => (
    <>
      Hast du diesen Lauf an diesem Rechner unter einer anderen Adresse angelegt? Ein Browser behält den
      Host-Schlüssel je nach dem Namen in der Adresse. Öffne {address}: Wenn der Schlüssel dort liegt, kommt
      er mit, und du bist Host.
    </>
  ),
  useKey: 'In diesem Browser verwenden',
  keyWrong:
    'Dieser Schlüssel öffnet diesen Lauf nicht. Ein Host-Schlüssel hat 64 Buchstaben und Ziffern; kopiere ihn ganz.',
  keyEmpty: 'Gib den Host-Schlüssel ein.',
  keyChecking: 'Wird geprüft …',

  keepOrDelete: 'Auflisten, archivieren oder löschen',
  isPublic: 'Alle finden diesen Lauf in der Liste auf der ersten Seite.',
  isUnlisted:
    'Diesen Lauf findet nur, wer seinen Link hat. In der Liste steht er für dich und für alle, die mitgemacht haben.',
  publish: 'Allen in der Liste zeigen',
  unlist: 'Aus der Liste nehmen',
  archiveNote:
    'Ein archivierter Lauf steht nur noch für die in der Liste, die „Auch archivierte Läufe zeigen“ wählen. Sein Link zeigt ihn noch, und nichts ändert sich mehr.',
  archive: 'Lauf archivieren',
  unarchive: 'Aus dem Archiv holen',
  archiveFirst: 'Halte den Lauf erst an oder beende ihn, dann lässt er sich archivieren.',
  isArchived: 'Dieser Lauf ist archiviert: Nichts ändert sich mehr.',
  deleteNote:
    'Beim Löschen verschwindet der Lauf mit allem, was von ihm blieb: Versionen, Beiträge und Protokoll. Niemand kann ihn zurückholen. Lade vorher das Netz herunter, wenn du es behalten willst.',
  delete: 'Lauf löschen …',
  deleteYes: 'Endgültig löschen',
  deleted: 'Dieser Lauf ist gelöscht, mit allem, was von ihm blieb.',
  toRuns: 'Zur Liste der Läufe',

  costs: 'Was es bei Cloudflare kostet',
  costsNote: date =>
    `Für alle Runden dieses Laufs, nach den Preisen vom ${date} und den in diesem Projekt gemessenen Zahlen. Auf dem eigenen Rechner kostet es nichts.`,
  costsVolunteers: 'Mitmachende',
  costsRun: 'Der ganze Lauf',
  costsKept: 'Aufbewahrt, und ein Monat davon',
  costsPlan: price =>
    `Der bezahlte Tarif kostet ${price} im Monat und enthält vieles davon. Für kleine Läufe reicht der kostenlose.`,
};
