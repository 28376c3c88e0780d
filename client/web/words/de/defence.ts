import type { EventWords } from '../en/events.ts';
import { many } from './many.ts';

export const defence: EventWords['defence'] = fact => {
  switch (fact.is) {
    case 'no-check':
      return 'Niemand prüft eine Version, bevor sie erscheint: Dieser Lauf wurde ohne das angelegt.';
    case 'nothing-held-back':
      return 'Niemand prüft eine Version, bevor sie erscheint: Es sind keine Daten dafür zurückbehalten.';
    case 'checked':
      return 'Ein Schiedsrichter misst jede Version auf zurückbehaltenen Daten, bevor sie erscheint. Eine viel schlechtere erscheint nicht.';
    case 'waits-for-referee':
      return 'Jede Version wartet, bis ein Schiedsrichter sie gemessen hat, und es ist keiner da. Der Tab des Hosts kann einer sein: dort mitmachen.';
    case 'no-referee':
      return 'Es ist kein Schiedsrichter da, also prüft niemand eine Version, bevor sie erscheint. Der Tab des Hosts kann einer sein: dort mitmachen.';
    case 'harmful':
      return `${many(fact.count, 'Beitrag wurde', 'Beiträge wurden')} abgelehnt, weil eine Version damit schlechter war.`;
    case 'lost':
      return `Von ${many(fact.count, 'Runde', 'Runden')} wurde nichts übernommen: Die Version war schlechter.`;
  }
};

export const defenceGap: EventWords['defenceGap'] = ({ least, enough, rule }) =>
  `Eine Runde hat ${many(least, 'Beitrag', 'Beiträge')} einer Rolle. Bei weniger als ${enough} kann keine Regel einen feindlichen von einem ehrlichen unterscheiden, auch ${rule} nicht. Ein einzelnes Gerät kann das Netz also verschlechtern.`;
