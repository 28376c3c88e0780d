export const newRun = {
  /** A name for a run whose host gives none. `again` counts the runs of that name. */
  suggestedName: (pictures: string, day: string) => `${pictures}, ${day}`,
  suggestedAgain: (name: string, again: string) => `${name} (${again})`,
  glyphsName: 'Digits',
  /** While a run is made. */
  startingTrainer: 'Starting the trainer…',
  building: 'Building the network…',
  measuring: 'Training a little, to know how long updates are…',
  uploading: (done: string, total: string) => `Uploading it: ${done} of ${total} pieces`,
};
export type NewRunWords = Readonly<typeof newRun>;
