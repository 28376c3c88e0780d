export const home = {
  title: 'Train together',
  lead: 'One neural network, trained by everyone’s browsers together',
  intro:
    'Its layers are shared out: each tab trains the part that fits its device. A link is all that it takes.',
  picture:
    'Drawing: a network of four layers. Around it are a laptop, a phone, a tablet and another laptop. Each takes a layer, trains it and gives it back, and the network grows better.',
  quickStart: 'Train digits with me',
  quickStartMore:
    'It makes a run that learns to read digits, and this tab trains at once. The digits are drawn on the spot. You can stop it at any time.',
  starting: 'Starting…',
  ownRun: 'Make your own run',
  wantsKey: 'This platform makes runs only for those who have its key.',
  wantsKeyMore: 'Enter the key in the form',
  runs: 'Runs',
  listed: 'Here are the runs that their hosts show to everybody, and those that this browser knows.',
  unlisted: 'only with its link',
  loading: 'Loading…',
  nothingYet: 'Nothing is being trained yet',
  nothingYetMore:
    'Press “Train digits with me”, or make a run of your own and send its link to a few people: their browsers then train the network together.',
  search: 'Search by name or id',
  found: (found: number, all: number) => `${found} of ${all} ${all === 1 ? 'run' : 'runs'}`,
  noneFound: 'No run has this in its name or id.',
  archivedToo: 'Show archived runs too',
  roundsOf: (done: string, rounds: number, allRounds: string) =>
    `${done} of ${allRounds} ${rounds === 1 ? 'round' : 'rounds'}`,
  accuracy: 'accuracy',
  ofVersion: (version: string) => `of version ${version}`,
  notConfirmed: 'not confirmed',
  versionReached: (version: string, accuracy: string) => `version ${version} reached ${accuracy}`,
  notTestedYet: 'not tested yet',
  notTested: 'not tested',
  made: (date: string) => `made ${date}`,
  finished: (date: string) => `finished ${date}`,
  here: (count: number, written: string) => `${written} ${count === 1 ? 'person' : 'people'} here`,
  nobodyHere: 'nobody here',
  openByLink: 'Open a run by its link or id',
  open: 'Open',
  noRunLink: 'This is neither a link to a run nor the id of a run.',
};
export type HomeWords = Readonly<typeof home>;
