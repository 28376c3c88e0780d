import type { DefenceFact, DefenceGap } from './defence.ts';

/** What defends a run, in a sentence for people. */
export function describeDefence(fact: DefenceFact): string {
  switch (fact.is) {
    case 'no-check':
      return 'Nobody checks a version before it is out: this run was made without that.';
    case 'nothing-held-back':
      return 'Nobody checks a version before it is out: no data are held back to measure it on.';
    case 'checked':
      return 'A referee measures each version on held-out data before it is out. One that is much worse is not published.';
    case 'waits-for-referee':
      return 'Each version waits until a referee has measured it, and none is here. The host’s own tab can be one: take part in it.';
    case 'no-referee':
      return 'No referee is here, so nobody checks a version before it is out. The host’s own tab can be one: take part in it.';
    case 'harmful':
      return fact.count === 1
        ? '1 update was refused since a version was worse with it.'
        : `${fact.count} updates were refused since a version was worse with them.`;
    case 'lost':
      return `Nothing was taken of ${fact.count} round${fact.count === 1 ? '' : 's'}: the version was worse.`;
  }
}

/** What the run's rule cannot do and nobody makes up for. */
export const describeGap = ({ least, enough, rule }: DefenceGap): string =>
  `A round has ${least} update${least === 1 ? '' : 's'} of a role. With fewer than ${enough} no rule can tell a hostile one from an honest one, ${rule} included. So a single volunteer can make the network worse.`;
