export const shell = {
  unowned:
    'Nobody owns this platform yet. Whoever has deployed it opens the link at the end of the log of the deploy, and gets the key.',
  description: 'Train one neural network together, layer by layer, in everyone’s browser.',
  skip: 'Skip to the content',
  pages: 'Pages',
  runs: 'Runs',
  data: 'Data',
  newRun: 'New run',
  paused: 'Paused',
  waiting: 'Waiting',
  offline: 'Offline',
  training: 'Training',
  /** What the link to this tab's work says of it, for screen readers. */
  thisTab: (state: string) => `This tab: ${state}`,
  morePages: 'More pages',
  about: 'About',
  how: 'How it works',
  privacy: 'Privacy',
  check: 'What you can check yourself',
  trust: 'Whom you trust',
  phases: { draft: 'not open yet', open: 'open', paused: 'paused', finished: 'finished' },
  archived: 'archived',
  language: 'Language',
  noSuchPage: 'There is no such page',
  noSuchPageMore: 'The address may be cut off, or the page may have moved.',
  allRuns: 'All runs',
  loading: 'Loading the page…',
  broke: 'This page broke',
  brokeMore: (why: string) =>
    `An error of its own stopped it: ${why}. Load it again. What the platform has is not lost. If it happens again, another browser or a newer one may help.`,
  notLoaded: 'This page could not be loaded. Load it again.',
};
export type ShellWords = Readonly<typeof shell>;
