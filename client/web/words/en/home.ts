export const home = {
  title: 'Runs',
  intro: 'Each run is one network that many browsers train together. Open one to watch or to help.',
  loading: 'Loading…',
  nothingYet: 'Nothing is being trained yet',
  nothingYetMore:
    'Create a run, send its link to a few people, and their browsers train the network together. It takes a minute and needs none of your data: the pictures are drawn on the spot.',
  createFirst: 'Create the first run',
  roundOf: (round: string, rounds: string) => `Round ${round} of ${rounds}`,
  accuracy: 'accuracy',
  openByLink: 'Open a run by its link or id',
  open: 'Open',
  noRunLink: 'This is neither a link to a run nor the id of a run.',
};
export type HomeWords = Readonly<typeof home>;
