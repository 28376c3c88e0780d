import type { StorageWords } from '../en/storage.ts';

export const storage: StorageWords = {
  inObjects: (space, rows, bytes, rounds) =>
    `Das Konto dieser Plattform hat kein R2, also liegen alle Daten in Durable Objects. Im kostenlosen Tarif von Cloudflare fassen diese zusammen ${space} und nehmen ${rows} Zeilen am Tag an: etwa ${bytes}, die kommen und gehen, oder ${rounds} Runden eines kleinen Netzes. Von selbst verfällt nichts. Läufe, die vorbei sind, bitte löschen.`,
  whatIsThere: 'Was gespeichert ist',
  stored: (bytes, objects, at) => `${bytes} in ${objects} Dateien, gezählt ${at}.`,
  counting: 'Es wird gezählt …',
  countAgain: 'Noch einmal zählen',
  ofWhom: 'Wem es gehört',
  whatIsStored: 'Was',
  size: 'Größe',
  dataSet: name => `Datensatz ${name}`,
  nobody: 'niemandem',
  kinds: {
    shards: 'Gewichte, die er erzeugt hat',
    uploads: 'was dafür hochgeladen wurde',
    archives: 'Beiträge seiner Runden',
    orphans: 'Hochgeladenes, das niemand nennt: Es geht binnen zwei Tagen',
    others: 'was mehreren gehört oder eine ältere Fassung behalten hat',
  },
  updatesGone: 'Die Beiträge seiner Runden sind gelöscht.',
  updatesUntil: day =>
    `Die Beiträge seiner Runden werden bis ${day} aufgehoben, damit sich die Runden nachrechnen lassen.`,
  keepUpdates: 'Länger aufheben',
  endUpdates: 'Jetzt löschen …',
  endUpdatesYes: 'Ja, die Beiträge löschen',
};
