import type { AggregationName } from '../../../../shared/protocol/aggregation-spec.ts';

/** What each rule does, for whoever chooses one and for whoever reads the settings of a run. */
export const ruleTexts: Readonly<Record<AggregationName, string>> = {
  mean: 'Der Durchschnitt aller Beiträge. Ein einziges feindliches Gerät kann ihn verderben.',
  'clipped-mean':
    'Der Durchschnitt, wobei jeder Beitrag auf die Länge gekürzt wird, die in den Runden davor die meisten hatten.',
  'trimmed-mean':
    'Bei jedem Gewicht bleiben die größten und kleinsten Änderungen weg, dann der Durchschnitt. Braucht 3 Beiträge.',
  median: 'Bei jedem Gewicht die mittlere Änderung. Braucht 3 Beiträge.',
  'geometric-median': 'Der Punkt, der allen Beiträgen zusammen am nächsten ist. Braucht 3 Beiträge.',
  'multi-krum': 'Der Durchschnitt der Beiträge, die am engsten beieinander liegen. Braucht 5 Beiträge.',
  fltrust:
    'Jeder Beitrag zählt so weit, wie er in die Richtung eines Schiedsrichters zeigt. Braucht zurückbehaltene Bilder und einen Schiedsrichter, der mitmacht.',
};
