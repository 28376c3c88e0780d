import type { ExampleKind } from '../../../../shared/protocol/dataset.ts';
import { examples } from './examples.ts';

type WhyNoCamera = 'insecure' | 'refused' | 'none' | 'busy' | 'other';

const noCamera: Readonly<Record<WhyNoCamera, string>> = {
  insecure:
    'Browsers give the camera only to pages that came over https, or from this device. Choose a picture instead.',
  refused:
    'This page may not use the camera. Allow it in the browser’s address bar and start it again, or choose a picture.',
  none: 'This device has no camera that the browser knows of. Choose a picture instead.',
  busy: 'Another program uses the camera. Close that, and start it again.',
  other: 'The camera did not start',
};

export const tryIt = {
  title: 'Try it',
  intro: 'Show the network something. It answers in this tab, and what you show it stays here.',
  introEmbedded: 'A network that many browsers trained together. What you show it stays in this tab.',
  ownPage: 'Open on a page of its own',
  embed: 'Put this on your own page',
  embedCode: 'Code for your page',
  embedMore: 'Paste this into the HTML of any page. It always answers with the newest version of this run.',
  howToAsk: 'How to show it something',
  ways: {
    draw: 'Draw',
    picture: 'Picture',
    camera: 'Camera',
    numbers: 'Numbers',
  },
  drawHere: 'A board to draw on with a mouse, a finger or a pen. By keyboard, choose a test picture instead.',
  drawHint: 'Draw here',
  clear: 'Clear',
  choosePicture: 'Choose a picture',
  dropOrPaste: 'You can also drop a picture here, or paste one.',
  badPicture: (name: string, why: string) =>
    `The file ${name} ${why}. Choose another picture: PNG, JPEG or WebP.`,
  startCamera: 'Start the camera',
  stopCamera: 'Stop the camera',
  cameraShows: 'What the camera sees',
  cameraStaysHere: 'What the camera sees stays in this tab.',
  noCamera: (why: WhyNoCamera, detail: string) =>
    why === 'other' ? `${noCamera.other}: ${detail}` : noCamera[why],
  samples: (kind: ExampleKind) => `Test ${examples[kind].more}`,
  loadingSamples: (kind: ExampleKind) => `Loading test ${examples[kind].more}…`,
  noSamples: (why: string, kind: ExampleKind) =>
    `The test ${examples[kind].more} could not be loaded: ${why}. Try again later.`,
  sample: (place: number, name: string, kind: ExampleKind) => `Test ${examples[kind].one} ${place}: ${name}`,
  otherSamples: 'Show others',
  notANumber: 'This is not a number. Write it without a mark for thousands.',
  between: (least: string, most: string) => `Trained on ${least} to ${most}`,
  ask: 'Ask the network',
  asking: 'The network is asked…',
  nothingYet: 'The answer appears here.',
  noAnswer: 'The network says no number at all: this version is broken. Try another one.',
  networkSees: 'What the network sees',
  says: (name: string, share: string) => `It says ${name}, ${share}.`,
  isRight: (name: string) => `That is right: it is ${name}.`,
  isWrong: (name: string) => `That is wrong: it is ${name}.`,
  versionSays: (version: number) =>
    version === 0 ? 'Version 0 says so. It has learnt nothing yet.' : `Version ${version} says so.`,
  away: (why: string) => `${why}. Check the connection; this page goes on by itself.`,
  wholePage: {
    notFound: 'There is no run with this id, or it was deleted. Check the link.',
    loading: 'Loading the network…',
    run: (name: string) => `This is the run “${name}”.`,
    toRun: 'See how it is trained, or help',
    home: 'Homeroom: all runs',
    wayHome: 'More of Homeroom',
    drop: 'Drop an exported network here: the zip, or its files.',
    choose: 'Choose the zip or its files',
    chooseMore:
      'A run’s page has it under “Take it away”. Networks of Teachable Machine and of tf.layers work too. Nothing is uploaded.',
    from: (place: string) => `This network comes from ${place}.`,
    another: 'Open another network',
    opening: 'Opening the network…',
    failed: (why: string) => `This network cannot be opened: ${why}`,
    notReached: (url: string) =>
      `${url} could not be loaded. Its server must be there, use https if this page does, and allow other pages to read it (CORS).`,
    noModelJson: 'no model.json is among the files',
    standsAlone:
      'The network is in this file. It needs no server and no Internet: it computes in plain JavaScript on this device, so a large network takes its time.',
    lacksFile: (path: string) => `model.json names ${path}, which is not among the files`,
    noShape: 'model.json does not say how large its pictures are',
    noAddress:
      'its address is none of the web. It begins with https:// and leads to a model.json or its folder',
    tooLarge: (most: string) => `its files have more than ${most}, which is too much for this page`,
    tooManyFiles: (most: number) =>
      `model.json names more than ${most} files of weights. Export the network anew in fewer`,
    outside: (path: string) =>
      `model.json names ${path}, which is not in its folder and so is not loaded. Put all files in one folder`,
    silent: (url: string) => `${url} sent nothing for half a minute. Try again later`,
    noJson: 'its model.json is not JSON. If the address is that of a page, give that of the file',
    graphModel:
      'its layers are gone, because it was exported as a graph model. Export it as a layers model (tfjs_layers_model)',
    stop: 'Stop',
    openingBytes: (bytes: string) => `Opening the network, ${bytes} so far…`,
  },
};
export type TryItWords = Readonly<typeof tryIt>;
