import type { Sentences } from './sentences.ts';

/** What the platform says beside the reasons of its refusals, and what those who call it say. */
export const platformSentences: Sentences = {
  // The line to the platform.
  'this device has no network': 'dieses Gerät hat kein Netz',
  '{} has not replied for {} s': '{1} antwortet seit {2} s nicht',
  'nobody replies at {} as a Homeroom platform does':
    'unter {1} antwortet niemand wie eine Homeroom-Plattform',
  'the platform replied with status {}': 'die Plattform hat mit Status {1} geantwortet',
  'the platform at {} speaks another version: {}': 'die Plattform unter {1} spricht eine andere Fassung: {2}',
  'reload the page': 'die Seite neu laden',
  'update homeroom': 'homeroom aktualisieren',
  'blob {} arrived damaged': 'eine Datei kam beschädigt an ({1})',
  'the platform cannot read or keep its own secrets at the moment: try again':
    'die Plattform kann ihre eigenen Geheimnisse gerade nicht lesen oder ablegen: noch einmal versuchen',
  'the key that was shown is another one': 'der gezeigte Schlüssel ist ein anderer',
  'the platform failed on this; try again': 'die Plattform ist daran gescheitert; noch einmal versuchen',
  '{} could not be read, {} times, so nobody knows whether it is the same: {}':
    '{1} ließ sich {2} Mal nicht lesen, also weiß niemand, ob es dasselbe ist: {3}',
  'at most {} bytes': 'höchstens {1} Bytes',
  'the body came too slowly: {} bytes in a minute': 'die Daten kamen zu langsam: {1} Bytes in einer Minute',
  'the body broke off': 'die Daten brachen ab',
  'a body over {} bytes says its content-length': 'Daten über {1} Bytes nennen ihre Länge',
  'the event sockets of this run are all taken': 'alle Verbindungen zu diesem Lauf sind vergeben',
  '{} needs `npx homeroom start --host {}`': 'für {1} braucht es `npx homeroom start --host {2}`',
  'show the deployment key': 'das geht nur mit dem Schlüssel der Plattform',
  'the run goes on: its updates are kept until it has ended':
    'der Lauf geht weiter: seine Beiträge bleiben, bis er beendet ist',
  'a volunteer token of this run': 'ein Ausweis für diesen Lauf',

  // Data sets.
  'only hosted sets are registered': 'nur hochgeladene Datensätze werden eingetragen',
  '{} is built in': '{1} ist eingebaut',
  'its parts were not uploaded': 'seine Teile wurden nicht hochgeladen',
  'a blob is named by its SHA-256': 'eine Datei heißt nach ihrem SHA-256',
  'no ready-made data set {}': 'einen fertigen Datensatz {1} gibt es nicht',
  'is no picture that is expected here': 'ist kein Bild, wie es hier erwartet wird',

  // Keys, codes and people.
  'too many wrong codes: try again in a minute':
    'zu viele falsche Codes: in einer Minute noch einmal versuchen',
  'this is not the host key of the run': 'das ist nicht der Host-Schlüssel des Laufs',
  '{} keys: revoke one of them first': '{1} Schlüssel: vorher einen zurückziehen',
  'it is none of this run’s referees’ keys: it is mistyped, or was renewed or revoked, or has ended. Ask the host for a new one, or join without a key':
    'er gehört keinem Schiedsrichter dieses Laufs: er ist vertippt, wurde erneuert oder zurückgezogen, oder er ist abgelaufen. Den Host um einen neuen bitten oder ohne Schlüssel beitreten',
  'this platform checks nobody': 'diese Plattform prüft niemanden',
  'the check was too long ago': 'die Prüfung ist zu lange her',
  'the check of people does not reply': 'die Prüfung auf Menschen antwortet nicht',
  'the check of people fails': 'die Prüfung auf Menschen misslingt',
  'the script of the check did not come': 'das Programm der Prüfung kam nicht',
  'many join {} just now: this device is let in after {} s':
    'viele kommen gerade, {1}: Dieses Gerät wird in {2} s eingelassen',
  'from this network': 'aus diesem Netz',
  'this run': 'zu diesem Lauf',
  'the run is full: {} are here, and a place comes free now and then':
    'der Lauf ist voll: {1} sind da, und ab und zu wird ein Platz frei',
  'this volunteer has not joined the run': 'dieses Gerät ist dem Lauf nicht beigetreten',

  // What a run can do now.
  'cannot {} a run that is {}': 'bei einem Lauf in dieser Phase geht das nicht ({1}: {2})',
  'cannot {} a run that comes to its end': 'der Lauf geht zu Ende, da geht das nicht mehr ({1})',
  'the run has finished': 'der Lauf ist beendet',
  'the run is finished': 'der Lauf ist beendet',
  'the run finished': 'der Lauf ist beendet',
  'the run is {}': 'der Lauf ist {1}',
  'the run is deleted': 'der Lauf ist gelöscht',
  'the run comes to its end': 'der Lauf geht zu Ende',
  'the run is open: pause or finish it before you archive it':
    'der Lauf ist offen: vor dem Archivieren anhalten oder beenden',
  'this run exists': 'diesen Lauf gibt es schon',
  draft: 'noch nicht offen',
  open: 'offen',
  paused: 'angehalten',
  finished: 'beendet',
  'a run that is {} cannot be taken back': 'der Lauf ist {1} und kann nicht zurückgesetzt werden',
  'the run is being taken back to version {} just now': 'der Lauf wird gerade auf Version {1} zurückgesetzt',
  'every round is done, so none is left to be taken back: version {} can be exported by its number':
    'alle Runden sind fertig, also gibt es nichts zurückzusetzen: Version {1} lässt sich über ihre Nummer herunterladen',
  'the run comes to its end: version {} can be exported by its number':
    'der Lauf geht zu Ende: Version {1} lässt sich über ihre Nummer herunterladen',
  'version {} is not out yet: the newest is version {}':
    'Version {1} ist noch nicht da: Die neueste ist Version {2}',
  'the run was taken back to version {}': 'der Lauf wurde auf Version {1} zurückgesetzt',
  'version {} was swept: the run keeps those of {} rounds, the best one, version 0 and the last that were judged':
    'Version {1} wurde weggeräumt: Der Lauf behält die von {2} Runden, die beste, Version 0 und die letzten geprüften',
  'there is no version {}: the newest is version {}':
    'Version {1} gibt es nicht: Die neueste ist Version {2}',
  'nothing to export: {}': 'nichts herunterzuladen: {1}',
  '{} never trains {}: {}': '{1} trainiert {2} nie: {3}',
  'in version {} {} had not joined yet ({}): {}': 'in Version {1} fehlte noch {2} ({3}): {4}',
  'its accuracy is that of the earlier heads, and the untrained rest adds its first logits to theirs':
    'die Genauigkeit ist die der früheren Köpfe, und der untrainierte Rest addiert seine Anfangswerte dazu',
  'its accuracy is that of the earlier layers with their head, and the whole network guesses at random':
    'die Genauigkeit ist die der früheren Schichten mit ihrem Kopf, und das ganze Netz rät',
  'version {} has {}, version {} had {}': 'Version {1} hat {2}, Version {3} hatte {4}',

  // Updates and leases.
  'one update a volunteer, role and round': 'je Gerät, Rolle und Runde ein Beitrag',
  'the rounds that it could count in are full': 'die Runden, in denen er zählen könnte, sind voll',
  'no round is left that it could count in, up to {} after its own':
    'keine Runde ist übrig, in der er zählen könnte, bis zu {1} nach seiner eigenen',
  'the envelope is of another lease': 'der Beitrag gehört zu einer anderen Aufgabe',
  '{} of {} bytes': '{1} von {2} Bytes',
  '{} changes by {}, at most {} is accepted': '{1} ändert sich um {2}, höchstens {3} wird angenommen',
  'downloads of more than {} bytes': 'mehr als {1} Bytes empfangen',
  'the deadline passed': 'die Frist ist vorbei',
  'the round closed': 'die Runde wurde geschlossen',
  'the version is judged': 'die Version ist geprüft',
  'asked for another': 'um eine andere gebeten',
  'it took too long': 'es dauerte zu lange',
  'the volunteer has gone': 'wer sie hatte, ist gegangen',
  'the host removed the volunteer': 'der Host hat das Gerät entfernt',
  'only referees check versions': 'nur Schiedsrichter prüfen Versionen vorab',
  'this check is over': 'diese Prüfung ist vorbei',
  'version {} was worse with it: no new training before round {}':
    'Version {1} war mit ihm schlechter: kein neues Training vor Runde {2}',
  'the moving {} of layer {}': 'die gleitende Statistik ({1}) der Schicht {2}',
  'is not a finite number: the values that come into the layer are too large':
    'ist keine endliche Zahl: Die Werte, die in die Schicht kommen, sind zu groß',
  'is {}: no variance is below zero': 'ist {1}: Keine Varianz ist kleiner als null',
  'is {}, at most {} is possible: the values that come into the layer are too large':
    'ist {1}, höchstens {2} ist möglich: Die Werte, die in die Schicht kommen, sind zu groß',
  'it sends changes of statistics, as older releases do: {}':
    'er enthält Änderungen von Statistiken wie ältere Fassungen: {1}',
  'reload the page, or update the command': 'die Seite neu laden oder den Befehl aktualisieren',
};
