import type { ComponentChildren } from 'preact';

export const host = {
  title: 'Host',
  open: 'Open',
  pause: 'Pause the run',
  resume: 'Resume the run',
  finish: 'Finish…',
  finishYes: 'Finish for good',
  /** Its last version is being tested. */
  finishNow: 'Do not wait for the test…',
  finishNowYes: 'Finish untested',
  notYet: 'Not yet',

  /** The way back to an older version. */
  takeBack: 'Return to an older version…',
  takeBackTo: 'Return to',
  takeBackNote:
    'All that was trained after that version is lost, and so is the round at hand. Everybody gets new tasks.',
  takeBackYes: (version: number) => `Return to version ${version}`,
  stayHere: 'Stay here',
  version: (version: number) => `version ${version}`,
  versionWith: (version: number, accuracy: string, isConfirmed: boolean) =>
    `version ${version}: ${accuracy}${isConfirmed ? '' : ', not confirmed'}`,

  /** Referees. */
  referees: 'Referees',
  refereesNote:
    'Whoever opens a referee’s link and starts is a referee of this run. Its browser trains like everybody else’s and also tests versions. What it finds is believed without a second opinion: it confirms the accuracy, and it can keep a version from coming out. It needs no join code, and has no other right of yours. So give the link to somebody you trust.',
  forWhom: 'For whom',
  endsAfter: 'Ends after',
  lasts: { hour: 'an hour', day: 'a day', week: 'a week', month: '30 days' },
  makeLink: 'Make a link',
  refereeLink: 'Link for a referee. It is not shown again',
  refereeKeys: 'Keys of referees',
  keyUntil: (label: string, until: string) => `${label}, until ${until}`,
  revoke: 'Revoke',

  /** Volunteers. */
  remove: 'Remove…',
  removeOf: (name: string) => `Remove ${name}…`,
  removeYes: (name: string) => `Remove ${name} for good`,
  rename: 'Rename…',
  renameOf: (name: string) => `Rename ${name}…`,
  newName: (name: string) => `New name of ${name}`,
  save: 'Save',
  cancel: 'Cancel',

  /** Another browser. */
  otherBrowser: 'Be the host in another browser too',
  otherBrowserNote:
    'Open this link in the other browser, for example on your phone. Whoever has it is the host, so show it to nobody else.',
  otherBrowserShow: 'Show the link and its QR code',
  hostLink: 'Link with the rights of the host',
  linkChecking: 'Checking the host key in the link…',
  linkWrong:
    'This link does not make you the host of this run: its key is cut off, or was renewed. It is not kept. Copy the link whole, or ask the host for a new one. You can look on and take part all the same.',
  linkUnreached:
    'The link’s host key could not be checked, because nobody replies. It is tried again when you reload.',
  linkTaken: 'This browser is the host now.',
  dismiss: 'All right',

  /** The key. */
  notKept:
    'This browser keeps nothing for this page. Copy the host key below before you leave: without it nobody is the host any more.',
  holdsKey: 'This browser holds the host key',
  holdsKeyNote:
    'Anyone who has this key is the host. Copy it to a safe place: it is not shown anywhere else. If somebody else may have it, renew it: the one before then opens nothing any more.',
  key: 'Host key',
  renew: 'Renew it',
  forget: 'Forget it in this browser',
  iAmHost: 'I am the host',
  keyIsWhereMade:
    'If you made this run in a browser, the key is kept there, at the address at which you made it. The link “Be the host in another browser too” brings it here.',
  keyAtOtherName: (address: ComponentChildren) => (
    <>
      Did you make this run on this computer at another address? A browser keeps the host key by the name in
      the address. Open {address}: if the key is kept there, it comes along and you are the host.
    </>
  ),
  useKey: 'Use it in this browser',
  keyWrong: 'This key does not open this run. A host key has 64 letters and digits; copy it whole.',
  keyEmpty: 'Enter the host key.',
  keyChecking: 'Checking…',

  /** The end of a run. */
  keepOrDelete: 'List, archive or delete',
  isPublic: 'Everybody finds this run in the list on the first page.',
  isUnlisted:
    'Only those who have its link find this run. In the list it stands for you and for those who took part.',
  publish: 'Show it in the list to everybody',
  unlist: 'Take it out of the list',
  archiveNote:
    'An archived run is in the list only for those who tick “Show archived runs too”. Its link shows it still, and nothing in it can change.',
  archive: 'Archive the run',
  unarchive: 'Take it out of the archive',
  archiveFirst: 'Pause or finish the run first, then it can be archived.',
  isArchived: 'This run is archived: nothing in it changes.',
  deleteNote:
    'Deleting removes the run with all that it left: its versions, its updates and its ledger. Nobody can bring it back. Download the network first if you want to keep it.',
  delete: 'Delete the run…',
  deleteYes: 'Delete it for good',
  deleted: 'This run is deleted, with all that it left.',
  toRuns: 'To the list of runs',

  /** What it costs. */
  costs: 'What it costs on Cloudflare',
  costsNote: (date: string) =>
    `For all rounds of this run, by the prices of ${date} and the counts that this project measured. On your own computer it costs nothing.`,
  costsVolunteers: 'Volunteers',
  costsRun: 'The whole run',
  costsKept: 'Kept, and a month of it',
  costsPlan: (price: string) =>
    `The paid plan costs ${price} a month and includes much of this. The free plan does for small runs.`,
};
export type HostWords = Readonly<typeof host>;
