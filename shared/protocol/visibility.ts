/**
 * Who finds a run in the list of runs. `public`: everybody. `unlisted`: its host, the owner of the platform, and who knows its
 * id already. Whoever has the link of a run can look at it, whichever it is.
 */
export const visibilities = ['unlisted', 'public'] as const;
export type Visibility = (typeof visibilities)[number];

/**
 * What a run is if its host does not say. A platform where everybody may create runs is a laptop's: those in its network are
 * one class, and find the run of the day on the first page. One that is closed stands in the internet.
 */
export const usualVisibility = (creation: 'open' | 'closed'): Visibility =>
  creation === 'open' ? 'public' : 'unlisted';
