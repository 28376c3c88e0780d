import type { ExampleKind } from '../../../../shared/protocol/dataset.ts';
import { examples } from './examples.ts';
import { many } from './many.ts';
export const testHere = {
  title: 'Test it yourself',
  intro: (bytes: string | null, kind: ExampleKind) =>
    `Your own check: this device runs the newest version on the test ${examples[kind].more}, which nobody trains on. It believes nobody’s figures, and tells them to nobody.${bytes === null ? '' : ` The test ${examples[kind].more} are ${bytes} to download, once.`}`,
  start: (version: number) => `Test version ${version} on this device`,
  stop: 'Stop the test',
  progress: (share: string, kind: ExampleKind) => `${share} of the test ${examples[kind].more}`,
  soFar: (version: number, count: number, kind: ExampleKind) =>
    `right so far: version ${version}, ${many(count, examples[kind].one)}`,
  testedAt: (version: number, time: string, count: number, kind: ExampleKind) =>
    `right. Tested on this device at ${time}, of version ${version}, on ${many(count, examples[kind].one)}.`,
  gone: (version: number) =>
    `The platform does not keep version ${version} any more. Test the newest one instead.`,
  failed: (why: string) => `The test ended: ${why}. Start it again.`,
  byClass: 'By class',
  class: 'Class',
  right: 'Right',
  examples: (kind: ExampleKind) => examples[kind].title,
  mistakenFor: 'Mostly mistaken for',
  confusion: 'What is taken for what',
  confusionMore: 'Each row is a class, each column what the network said. The diagonal is right.',
  isAndSaid: 'Is / said',
  noneWrong: (kind: ExampleKind) => `No test ${examples[kind].one} was wrongly answered.`,
  wrongTitle: 'Wrongly answered, the most confident first',
  isSaid: (truth: string, said: string, share: string) => `${truth} → ${said}, ${share}`,
};
export type TestHereWords = Readonly<typeof testHere>;
