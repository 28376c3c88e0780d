/** What `plan-spec.ts` says of the settings. */
const texts: Readonly<Record<string, string>> = {
  'Passes over a task’s examples': 'Durchgänge durch die Beispiele einer Aufgabe',
  'Passes of a student': 'Durchgänge der frühen Schichten',
  'Passes of a teacher': 'Durchgänge der späten Schichten',
  'First segment frozen from': 'Erster Teil eingefroren ab',
  'Whole network until': 'Ganzes Netz bis',
  'Last segment joins at': 'Letzter Teil kommt dazu bei',
  'Exits learn from each other from': 'Ausgänge lernen voneinander ab',
  'A share of the run, from 0 to 1.': 'Ein Anteil des Laufs, von 0 bis 1.',
  'λ, weight of early exits': 'λ, Gewicht früher Ausgänge',
  'β, learning from others': 'β, Lernen von anderen',
  'α, learning from later exits': 'α, Lernen von späteren Ausgängen',
  'α, learning from the teacher': 'α, Lernen von den späten Schichten',
  'When an exit learns from another': 'Wann ein Ausgang von einem anderen lernt',
  'on examples on which the other is better': 'bei Beispielen, bei denen der andere besser ist',
  'on all examples': 'bei allen Beispielen',
  'Learning rate of the early layers': 'Lernrate der frühen Schichten',
  'Times the rate of the others.': 'Mal die Rate der übrigen.',
  'Which exits decide': 'Welche Ausgänge entscheiden',
  'the last one alone': 'der letzte allein',
  'all of them, logits added up; heads stay': 'alle, Logits addiert; die Köpfe bleiben',
  'all of them, probabilities averaged; heads stay':
    'alle, Wahrscheinlichkeiten gemittelt; die Köpfe bleiben',
  'τ, softness of what is learnt from others': 'τ, Weichheit dessen, was von anderen gelernt wird',
  'Who trains what in a round': 'Wer in einer Runde was trainiert',
  'volunteers share the segments': 'die Geräte teilen sich die Teile',
  'all the same segment, one after the other': 'alle denselben Teil, einen nach dem anderen',
  'everyone all segments, each by itself': 'alle jeden Teil, jeden für sich',
  'Which segments decide': 'Welche Teile entscheiden',
  'all of them, added up; heads stay': 'alle, addiert; die Köpfe bleiben',
  'μ, correction of drift': 'μ, Korrektur des Auseinanderlaufens',
  '0: none. For volunteers whose data differ.': '0: keine. Für Geräte mit verschiedenen Daten.',
  'Which channels a device has': 'Welche Kanäle ein Gerät hat',
  'the first ones, as many as fit the device': 'die ersten, so viele auf das Gerät passen',
  'a share that nobody else has, drawn anew each round':
    'einen Anteil, den sonst niemand hat, in jeder Runde neu gelost',
  'Number of widths, or of shares': 'Anzahl der Breiten oder der Anteile',
  'Width of each narrower copy': 'Breite jeder schmaleren Kopie',
  'A share of the next wider one. Disjoint shares do not use it.':
    'Ein Anteil der nächstbreiteren. Geloste Anteile brauchen es nicht.',
};

/** A text of `plan-spec.ts` in German, as the form and the page of a run show it. */
export const planText = (english: string): string => texts[english] ?? english;
