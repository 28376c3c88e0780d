export const storage = {
  inObjects: (space: string, rows: string, bytes: string, rounds: string) =>
    `The account of this platform has no R2, so all data lie in Durable Objects. On Cloudflare’s free plan these hold ${space} in all, and take ${rows} rows a day: about ${bytes} that come and go, or ${rounds} rounds of a small network. Nothing expires by itself, so delete the runs that are over.`,
  whatIsThere: 'What is stored',
  stored: (bytes: string, objects: string, at: string) => `${bytes} in ${objects} files, counted ${at}.`,
  counting: 'It is being counted…',
  countAgain: 'Count again',
  ofWhom: 'Whose',
  whatIsStored: 'What',
  size: 'Size',
  dataSet: (name: string) => `data set ${name}`,
  nobody: 'nobody’s',
  kinds: {
    shards: 'weights that it made',
    uploads: 'what was uploaded for it',
    archives: 'updates of its rounds',
    orphans: 'uploads that nobody names: they go within two days',
    others: 'what several have, or an older release kept',
  },
  updatesGone: 'The updates of its rounds are deleted.',
  updatesUntil: (day: string) =>
    `The updates of its rounds are kept until ${day}, so that anyone can recompute them.`,
  keepUpdates: 'Keep them for longer',
  endUpdates: 'Delete them now…',
  endUpdatesYes: 'Yes, delete the updates',
};
export type StorageWords = Readonly<typeof storage>;
