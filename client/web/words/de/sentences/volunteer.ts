import type { Sentences } from './sentences.ts';

/** What a device says of its work, or of why it does not work. */
export const volunteerSentences: Sentences = {
  '{}; trying again': '{1}; es wird wieder versucht',
  'joining the run': 'tritt dem Lauf bei',
  'preparing what is fastest here': 'bereitet vor, was hier am schnellsten ist',
  'preparing the graphics card': 'bereitet die Grafikkarte vor',
  'preparing the processor': 'bereitet den Prozessor vor',
  'loading the trainer': 'lädt das Programm zum Trainieren',
  'waiting for the check of people': 'wartet auf die Prüfung auf Menschen',
  'compiling for the graphics card, {} of {}': 'übersetzt für die Grafikkarte, {1} von {2}',
  'a download failed': 'ein Download ist misslungen',
  'the training diverged': 'das Training lief aus dem Ruder',
  'the trainer failed': 'das Programm zum Trainieren ist gescheitert',
  '{}: {}': '{1}: {2}',
  'a task was given back: {}. Waiting for a lighter one; you can allow more':
    'eine Aufgabe wurde zurückgegeben: {1}. Wartet auf eine leichtere; es lässt sich mehr erlauben',
  'round {} closed before this task was done; taking a new one':
    'Runde {1} wurde geschlossen, bevor diese Aufgabe fertig war; nimmt eine neue',
  'the run went back to an older version; taking a new task':
    'der Lauf ging auf eine ältere Version zurück; nimmt eine neue Aufgabe',
  'the run comes to its end; testing its last version': 'der Lauf geht zu Ende; prüft seine letzte Version',
  '{} of {} files': '{1} von {2} Dateien',
  'the update did not get through': 'der Beitrag kam nicht durch',
  'the lease is over': 'die Aufgabe ist vorbei',
  'the training before it diverged': 'das Training davor lief aus dem Ruder',
  'the download took longer than the lease': 'der Download dauerte länger, als die Aufgabe gilt',
  'the update can count in no round any more': 'der Beitrag kann in keiner Runde mehr zählen',
  'the volunteer stopped': 'das Gerät hat aufgehört',
  'the volunteer paused': 'das Gerät hat angehalten',
  'the page was closed': 'die Seite wurde geschlossen',
  'the trainer did not stop in time': 'das Programm zum Trainieren hielt nicht rechtzeitig an',
  'the trainer was stopped': 'das Programm zum Trainieren wurde angehalten',
  'the trainer did not start: {}': 'das Programm zum Trainieren startete nicht: {1}',
  'its script could not be loaded': 'sein Programm konnte nicht geladen werden',
  'the task has {} MB of weights and data to download, and this device agreed to {} MB':
    'die Aufgabe hat {1} MB Gewichte und Daten zum Herunterladen, und dieses Gerät erlaubt {2} MB',
  'the task would take about {} minutes here, and this device agreed to {}':
    'die Aufgabe würde hier etwa {1} Minuten dauern, und dieses Gerät erlaubt {2}',
  'the task would take about {} minutes here, {} times as long as the run says':
    'die Aufgabe würde hier etwa {1} Minuten dauern, {2} Mal so lange, wie der Lauf sagt',
  'the check failed: {}': 'die Prüfung ist misslungen: {1}',
  'it is too large': 'er ist zu groß',
  'too many updates wait already': 'es warten schon zu viele Beiträge',
  '{} kept updates were given up, the oldest ones, to make room':
    '{1} aufgehobene Beiträge wurden aufgegeben, die ältesten, um Platz zu machen',
  'the platform does not answer': 'die Plattform antwortet nicht',
  'the platform is too busy': 'die Plattform hat zu viel zu tun',
  'something on the way replies in the place of the platform (status {})':
    'unterwegs antwortet etwas anderes für die Plattform (Status {1})',
  'the update': 'der Beitrag',
  '{} updates': '{1} Beiträge',
  '{}; {} {} kept and will be sent': '{1}; aufgehoben und später geschickt: {2}',
  '{}; {} cannot be kept on this device{} and will be sent only while this goes on':
    '{1}; {2} lässt sich auf diesem Gerät nicht aufheben{3} und wird nur geschickt, solange es weitergeht',
  '{}; {} kept and will be sent the next time this starts':
    '{1}; aufgehoben und beim nächsten Start geschickt: {2}',
  'the update is': 'ein Beitrag',
  '{} updates are': '{1} Beiträge',
  'its storage is full': 'sein Speicher ist voll',
  'this window keeps nothing': 'dieses Fenster behält nichts',
  'nothing is kept here': 'hier wird nichts aufgehoben',
  'the database {} does not open': 'die Datenbank {1} lässt sich nicht öffnen',
  'this browser draws no pictures': 'dieser Browser zeichnet keine Bilder',

  // Why there is no task just now.
  'this device is too slow for the rest of this run: its quickest task would take about {} s, and a lease leaves at most {} s':
    'dieses Gerät ist zu langsam für den Rest des Laufs: Seine schnellste Aufgabe würde etwa {1} s dauern, und erlaubt sind höchstens {2} s',
  'this device has too little memory for the rest of this run: the lightest task needs about {} MB, and it has {} MB':
    'dieses Gerät hat zu wenig Speicher für den Rest des Laufs: Die leichteste Aufgabe braucht etwa {1} MB, und es hat {2} MB',
  'this device returned no update for its last leases':
    'dieses Gerät brachte von seinen letzten Aufgaben keinen Beitrag',
  'the first update of this device comes first': 'erst kommt der erste Beitrag dieses Geräts',
  'the last lease of this device brought no update, so others come first for a while':
    'die letzte Aufgabe dieses Geräts brachte keinen Beitrag, also sind eine Weile andere dran',
  'waiting for volunteers: {} of {}': 'wartet auf Mitmachende: {1} von {2}',
  'a version is being published': 'eine Version wird gerade gemacht',
  'a referee checks the next version': 'ein Schiedsrichter prüft die nächste Version',
  'the run is being taken back to version {}': 'der Lauf wird auf Version {1} zurückgesetzt',
  'a version was worse with an update of this device, so it trains again from round {} on':
    'eine Version war mit einem Beitrag dieses Geräts schlechter, also trainiert es ab Runde {1} wieder',
  'this device has no training task, so that it can test the next version':
    'dieses Gerät bekommt gerade keine Trainingsaufgabe, damit es die nächste Version prüfen kann',
  'a referee has to test the last version': 'ein Schiedsrichter muss die letzte Version prüfen',
  'the last version is being tested': 'die letzte Version wird geprüft',
  'no task that is left in this round fits this device':
    'keine Aufgabe, die in dieser Runde übrig ist, passt zu diesem Gerät',
  'this device is new here: it gets a first task as soon as one of those for new devices is free':
    'dieses Gerät ist neu hier: Es bekommt eine Aufgabe, sobald eine für neue Geräte frei ist',
  'others are finishing this round': 'andere machen diese Runde fertig',

  // Standing.
  'The last update of this device pointed elsewhere than those of the others. That is usual late in a run, and if its pictures differ from theirs. It costs nothing, and there is nothing to be done about it':
    'Der letzte Beitrag dieses Geräts zeigte in eine andere Richtung als die der anderen. Das ist spät im Lauf üblich, und wenn seine Bilder andere sind. Es kostet nichts, und zu tun ist nichts',
  'The platform distrusts this device{}. Others come first, and its updates weigh less. Updates that help bring its standing back, and so does time':
    'Die Plattform misstraut diesem Gerät{1}. Andere kommen zuerst, und seine Beiträge wiegen weniger. Beiträge, die helfen, bringen sein Ansehen zurück, und die Zeit auch',
  ', since it lost standing before, and {}': ', denn es hat schon Ansehen verloren, und {1}',
  'This device lost standing: {}. Updates that help bring it back, and so does time':
    'Dieses Gerät hat Ansehen verloren: {1}. Beiträge, die helfen, bringen es zurück, und die Zeit auch',
  'This device earned no standing: {}. The next update that helps earns it':
    'Dieses Gerät hat kein Ansehen gewonnen: {1}. Der nächste Beitrag, der hilft, bringt welches',
};
