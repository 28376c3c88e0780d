export const shell = {
  skip: 'Skip to the content',
  pages: 'Pages',
  newRun: 'New run',
  paused: 'Paused',
  training: 'Training',
  about: 'Homeroom trains one neural network together, layer by layer, in everyone’s browser.',
  check: 'What you can check yourself',
  trust: 'Whom you trust',
  language: 'Language',
  noSuchPage: 'There is no such page.',
  allRuns: 'All runs',
  loading: 'Loading the page…',
  notLoaded: 'This page could not be loaded. Load it again.',
};
export type ShellWords = Readonly<typeof shell>;
