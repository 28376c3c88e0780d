import type { StorageWords } from '../en/storage.ts';

export const storage: StorageWords = {
  inObjects: (space, rows, bytes, rounds) =>
    `Das Konto dieser Plattform hat kein R2, also liegen alle Daten in Durable Objects. Im kostenlosen Tarif von Cloudflare fassen diese zusammen ${space} und nehmen ${rows} Zeilen am Tag an: etwa ${bytes}, die kommen und gehen, oder ${rounds} Runden eines kleinen Netzes. Von selbst verfällt nichts. Läufe, die vorbei sind, bitte löschen.`,
};
