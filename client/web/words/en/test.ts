export const testHere = {
  title: 'Test it yourself',
  intro: (bytes: string | null) =>
    `Your own check: this device runs the newest version on the test pictures, which nobody trains on. It believes nobody’s figures, and tells them to nobody.${bytes === null ? '' : ` The test pictures are ${bytes} to download, once.`}`,
  start: (version: number) => `Test version ${version} on this device`,
  stop: 'Stop the test',
  progress: (share: string) => `${share} of the test pictures`,
  soFar: (version: number, count: number) => `right so far: version ${version}, ${count} pictures`,
  testedAt: (version: number, time: string, count: number) =>
    `right. Tested on this device at ${time}, of version ${version}, on ${count} pictures.`,
  gone: (version: number) =>
    `The platform does not keep version ${version} any more. Test the newest one instead.`,
  failed: (why: string) => `The test ended: ${why}. Start it again.`,
  byClass: 'By class',
  class: 'Class',
  right: 'Right',
  pictures: 'Pictures',
  mistakenFor: 'Mostly mistaken for',
  confusion: 'What is taken for what',
  confusionMore: 'Each row is a class, each column what the network said. The diagonal is right.',
  isAndSaid: 'Is / said',
  noneWrong: 'No test picture was wrongly answered.',
  wrongTitle: 'Wrongly answered, the most confident first',
  isSaid: (truth: string, said: string, share: string) => `${truth} → ${said}, ${share}`,
};
export type TestHereWords = Readonly<typeof testHere>;
