import type { RefusalReason } from '../../../../shared/protocol/refusals.ts';
import type { StandingReason } from '../../../../shared/protocol/standing.ts';

/** Why something was refused. */
export const refusalTexts: Readonly<Record<RefusalReason, string>> = {
  malformed: 'die Nachricht hat nicht die vereinbarte Form',
  'bad-spec': 'so kann der Lauf nicht angelegt werden',
  unauthorised: 'der Ausweis fehlt, ist gefälscht, abgelaufen oder für etwas anderes gemacht',
  'other-site': 'die Plattform nimmt das nur von ihren eigenen Seiten und von Programmen',
  forbidden: 'dieser Schlüssel erlaubt das nicht',
  'creation-closed': 'um hier Läufe anzulegen, braucht man den Schlüssel dieser Plattform',
  claimed:
    'dieser Anspruch wurde schon benutzt: Wer die Plattform aufsetzt, bekommt mit dem nächsten Aufsetzen einen neuen',
  'wrong-claim':
    'das ist nicht der Anspruch, den das letzte Aufsetzen ausgegeben hat, oder er ist abgelaufen: den neuesten Link aus dem Protokoll des Aufsetzens öffnen oder neu aufsetzen',
  'newer-release':
    'was hier gespeichert ist, hat eine neuere Fassung dieser Plattform geschrieben, und diese lässt es, wie es ist: wem sie gehört, muss die neuere wieder veröffentlichen',
  misconfigured: 'wem diese Plattform gehört, muss sie erst einrichten',
  'wrong-code': 'der Beitrittscode stimmt nicht',
  'not-checked':
    'wer hier mitmacht, muss eine Prüfung bestehen, die nur eine Seite zeigen kann: den Link im Browser öffnen oder mit einem Schlüssel beitreten',
  removed: 'der Host hat dieses Gerät aus dem Lauf entfernt',
  'not-found': 'das gibt es hier nicht oder nicht mehr: bitte den Link oder den Namen prüfen',
  'run-not-open': 'der Lauf ist in einer Phase, die das nicht erlaubt',
  'unknown-lease': 'eine solche Aufgabe hat dieses Gerät nicht',
  duplicate: 'zu dieser Aufgabe ist schon ein Beitrag da',
  late: 'die Frist dieser Aufgabe ist vorbei',
  stale: 'die Runde dieser Aufgabe ist geschlossen: eine neue Aufgabe nehmen',
  'taken-back':
    'der Lauf ging auf eine ältere Version zurück, daher zählt nicht mehr, was seither trainiert wurde: eine neue Aufgabe nehmen',
  'name-taken':
    'diesen Namen gibt es schon, und nur wem die Plattform gehört, darf ihn ersetzen: einen anderen wählen',
  'in-use': 'Läufe brauchen diese Daten noch: erst diese Läufe löschen oder die Daten behalten',
  harmful:
    'mit diesem Beitrag war die Version schlechter, wie der Schiedsrichter auf zurückbehaltenen Daten gemessen hat, daher zählt er nicht mehr',
  deleted: 'der Host hat diesen Lauf gelöscht',
  archived:
    'der Lauf ist archiviert, also kann sich darin nichts ändern: Der Host kann ihn aus dem Archiv holen',
  'too-large': 'das ist größer, als dieser Aufruf erlaubt',
  'wrong-type': 'das wurde nicht als application/json geschickt',
  'other-name': 'die Plattform antwortet nicht auf diesen Namen',
  'wrong-hash': 'die Daten haben nicht den SHA-256, der mit ihnen kam',
  'wrong-table': 'die Tensoren sind nicht die der Segmente, die diese Aufgabe trainiert',
  'wrong-codec': 'der Beitrag ist nicht so verpackt, wie die Aufgabe verlangt',
  'bad-payload': 'die Werte eines Tensors sind nicht lesbar',
  'not-finite': 'der Beitrag enthält einen Wert, der keine endliche Zahl ist',
  'out-of-range': 'ein Gewicht ändert sich stärker, als ein Beitrag enthalten darf',
  'bad-statistics': 'eine Statistik der Batch-Normalisierung hat einen unmöglichen Wert',
  'bad-metrics': 'diese Messwerte sind für diese Aufgabe nicht möglich',
  damaged: 'was hier gespeichert ist, ist beschädigt',
  busy: 'zu viel auf einmal: später noch einmal versuchen',
};

/** Why somebody earned no standing lately, or lost it. */
export const standingTexts: Readonly<Record<StandingReason, string>> = {
  zero: 'der letzte Beitrag hat fast nichts geändert',
  copied: 'der letzte Beitrag war derselbe wie der von jemand anderem',
  unlike:
    'der letzte Beitrag zeigte in eine andere Richtung als die der anderen; das ist spät im Lauf üblich und kostet nichts',
  refused: 'ein Beitrag wurde abgelehnt, wie ihn kein ehrliches Programm schickt',
  contradicted: 'hat anders gezählt als andere, die dieselbe Version geprüft haben',
  harmful: 'eine Version war mit diesem Beitrag schlechter als ohne ihn',
};
