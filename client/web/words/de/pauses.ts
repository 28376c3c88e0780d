import { type SelfPause, selfPauseSchema } from '../../../../shared/protocol/pause.ts';
import type { EventWords } from '../en/events.ts';

const halved = 'Setzt der Host den Lauf fort, geht es mit halbierten Lernraten weiter.';

const texts: Readonly<Record<SelfPause, { readonly what: string; readonly advice: string }>> = {
  diverged: {
    what: 'Das Training läuft auf jedem Gerät aus dem Ruder',
    advice: `${halved} Ein neuer Lauf braucht eine kleinere Rate.`,
  },
  'too-large': {
    what: 'Die Gewichte ändern sich auf jedem Gerät zu stark',
    advice: `${halved} Ein neuer Lauf braucht eine kleinere Rate oder eine Schicht, die verkleinert, was in die Schicht hineingeht.`,
  },
  'bad-statistics': {
    what: 'Eine Statistik der Batch-Normalisierung verlässt auf jedem Gerät ihren Bereich',
    advice: `${halved} Hilft das nicht, sind die Werte vor der Schicht an sich zu groß: Ein neuer Lauf braucht eine Schicht, die sie verkleinert, etwa Rescaling.`,
  },
  'fold-failed': {
    what: 'Aus den Beiträgen der Runde lässt sich keine Version machen',
    advice:
      'Alle sind aufgehoben. Setzt der Host den Lauf fort, versucht die Plattform es noch einmal, von da an, wo sie war. Misslingt auch das, braucht ein neuer Lauf weniger Beiträge je Runde oder kleinere Segmente.',
  },
  'keeps-falling': {
    what: 'Die Genauigkeit fiel jedes Mal wieder, nachdem er auf die beste Version zurückgegangen war',
    advice:
      'Diese Version hat er wieder. Vielleicht schickt jemand schädliche Beiträge: nachsehen, wer trainiert, und den Link nur Bekannten geben. Auch der Tab des Hosts prüft Versionen. Setzt der Host den Lauf fort, geht es von da aus weiter.',
  },
};

export const pause: EventWords['pause'] = (why, detail) => {
  const known = selfPauseSchema.safeParse(why).data;
  if (!known) return null;
  return `Der Lauf hat sich selbst angehalten. ${texts[known].what}${detail === undefined ? '' : ` (${detail})`}`;
};

export const explainPause: EventWords['explainPause'] = ({ phase, why, whyDetail }) => {
  const known = selfPauseSchema.safeParse(why).data;
  return phase === 'paused' && known ? `${pause(known, whyDetail)}. ${texts[known].advice}` : null;
};
