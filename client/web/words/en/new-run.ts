import { type AggregationName, aggregationTexts } from '../../../../shared/protocol/aggregation-spec.ts';
import type { ExampleKind } from '../../../../shared/protocol/dataset.ts';
import { examples } from './examples.ts';

export const newRun = {
  title: 'New run',
  intro: 'Everything has a default, so you can press the button at the end at once.',
  /** A name for a run whose host gives none. `again` counts the runs of that name. */
  suggestedName: (pictures: string, day: string) => `${pictures}, ${day}`,
  suggestedAgain: (name: string, again: string) => `${name} (${again})`,
  glyphsName: 'Digits',

  theRun: 'The run',
  name: 'Name',
  nameHint: 'If this is empty, the run gets the name that is shown.',
  nameTaken: (day: string, id: string) => `There is a run of this name already, of ${day} (${id}).`,
  takeName: (name: string) => `Call this one “${name}”`,
  data: 'Data',
  dataOption: (name: string, count: string, kind: ExampleKind, classes: string) =>
    `${name}: ${count} ${examples[kind].more}, ${classes} classes`,
  glyphsHint: 'Glyphs are digits that each device draws on the spot.',
  ownData: 'Add your own data',
  noSuchDataset: (name: string) => `This platform has no data set ${name}. Choose one of these.`,
  target: 'Target accuracy, %',
  stopAtTarget:
    'Stop when the target is reached: a referee must confirm it, or two volunteers who have helped',
  rounds: 'Rounds',
  minVolunteers: 'Volunteers to wait for',
  minVolunteersHint: 'Training starts when this many have joined.',
  updates: 'Updates a round',
  updatesHint: 'A round waits for fewer if fewer volunteers are here.',

  network: 'The network',
  change: 'Choose another network, your own, or another plan',
  plan: 'How it learns',
  segments: 'Segments it is cut into',
  segmentsHint:
    'Each segment is trained by itself. The network is cut so that training takes the least memory.',
  segmentsFew: (most: string) => `This network has places for at most ${most}.`,
  settingsOf: (plan: string) => `Settings of ${plan}`,

  visibility: 'Who finds the run in the list',
  visibilities: {
    unlisted: 'only you and those who have its link',
    public: 'everybody, on the first page',
  },
  visibilityHint: 'Its link opens the run for everybody who has it, either way.',

  more: 'More settings',
  seed: 'Seed',
  seedHint: 'Runs with the same seed begin with the same network and the same data.',
  batch: 'Batch size',
  rate: 'Learning rate',
  rateEmpty: 'what suits the network',
  rateHint: 'This is the rate of the first round. It falls to zero over the rounds.',
  joinCode: 'Join code',
  joinCodeHint: (least: string) =>
    `At least ${least} characters. If this is empty, the link is enough to join.`,
  late: 'Updates that come late',
  lateBuffered: 'count in the next round, a little less',
  lateSynchronous: 'are refused: each round is of its own updates',
  evaluators: 'Who tests new versions',
  anyVolunteer: 'any volunteer',
  onlyReferees: 'only referees, who hold the host key',
  aggregation: 'How updates are combined',
  safest: 'the safest that this run can go by',
  safestHint:
    'If training data are held back, each update counts as far as it points where a referee’s own points (fltrust). Otherwise the point counts that is nearest to all updates, or the clipped mean if they are few.',
  aggregationText: (name: AggregationName) => aggregationTexts[name],
  bucket: 'Updates averaged before',
  bucketHint: 'Rules that compare updates see so many as one. It helps if volunteers have unlike data.',
  holdsBack: 'Hold back some training data, by which a referee tells harmful updates',
  check: 'Check before publication',
  checkIfPresent: 'if a referee is there',
  checkAlways: 'always: each round waits for a referee',
  checkNever: 'never',
  checkHint:
    'A referee measures each version on the held-back data before it is out, and one that is much worse is not published.',
  maxDrop: 'Largest fall, in points',
  maxDropHint:
    'If a confirmed accuracy falls by more percentage points, the run returns to its best version by itself. 0: it never does.',
  keepRounds: 'Rounds for which updates are kept',
  keepRoundsHint: 'So many of the newest versions can be recomputed by anyone. 0: all of them, for good.',
  deploymentKey: 'Deployment key',
  deploymentKeyHint:
    'The person who set up this deployment knows it. It is sent with this request and not kept.',

  /** Errors at fields. */
  atLeast: (bound: string) => `At least ${bound}.`,
  moreThan: (bound: string) => `More than ${bound}.`,
  atMost: (bound: string) => `At most ${bound}.`,
  mostCharacters: (most: string) => `At most ${most} characters.`,
  betweenCharacters: (least: string, most: string) =>
    `Between ${least} and ${most} characters, without counting spaces and hyphens.`,
  oneLine: 'One line, without control characters.',
  number: 'A number, please, without a mark for thousands.',
  wholeNumber: 'A whole number, please, without a point or a comma.',
  moreThanChance: (chance: string) => `More than ${chance}: guessing alone reaches that.`,
  checkNeedsHeldBack: 'This needs held-back data: tick that, or choose another.',
  ruleNeedsHeldBack: 'This rule needs held-back data: tick that, or choose another rule.',
  mostSegments: (network: string, most: string) => `${network} can be cut into at most ${most}.`,
  tooFewRounds: 'Too few for this plan: some layers would never be trained.',
  notWithBatchNorm:
    'Sub-networks need a network without batch norm: choose one whose name does not end in -bn.',
  wrongFields: (count: number) =>
    count === 1 ? 'One field is not right yet:' : `${count} fields are not right yet:`,

  /** A network of one's own. */
  own: {
    title: 'Or bring a network of your own',
    pick: 'Files of your network',
    hint: 'A model.json of TensorFlow.js with its weights, an export of Teachable Machine (TensorFlow.js, zip or folder), or a .keras file. Pick the files, or drop them or a folder here.',
    drop: 'Drop it here',
    reading: 'Looking at it…',
    chosen: (name: string) => `Your network: ${name}`,
    fits: (parameters: string, size: string) => `${parameters} parameters, ${size}. It can be trained here.`,
    remove: 'Take it away',
    again: 'Choose the files of your network again: a page cannot keep them.',
    name: 'own-network',
    labels: (labels: string) =>
      `Its classes were ${labels}. They must be those of the data, in the same order.`,
    kerasFresh:
      'The layers of a .keras file can be read here, its weights cannot: training begins with fresh ones. To bring the weights too: tensorflowjs_converter --input_format=keras_keras FILE.keras FOLDER, and drop the FOLDER.',
    tooLarge: (path: string) =>
      `${path} holds more than 512 MB: a network as large as this cannot be trained in a browser.`,
    noZip: (path: string) =>
      `${path} is no zip: its bytes are of another format, or the download was cut short.`,
    damagedZip: (path: string) => `${path} cannot be unpacked: it is damaged. Export or download it again.`,
    badEntry: (path: string, name: string, problem: string) =>
      `${name} in ${path} cannot be read: ${problem}.`,
    twoWeights: (name: string) => `model.json names two files of weights called ${name}: rename one of them.`,
    weightsMissing: (name: string) => `model.json names the file of weights ${name}: choose it too.`,
    severalModels: 'There are several networks among these files. Choose one model.json with its weights.',
    hdf5: 'An .h5 file cannot be read here. Convert it: tensorflowjs_converter --input_format=keras FILE.h5 FOLDER, and drop the FOLDER.',
    savedModel:
      'A SavedModel has no layers any more. Save the network in Keras (model.save("FILE.keras")), convert it (tensorflowjs_converter --input_format=keras_keras FILE.keras FOLDER), and drop the FOLDER.',
    tflite:
      'A TensorFlow Lite file cannot be trained. In Teachable Machine choose Export Model, then TensorFlow.js, then Download.',
    otherLibrary:
      'Networks of PyTorch and ONNX cannot be read here. Bring a model.json of TensorFlow.js, or a .keras file.',
    noModel: 'There is no model.json among these files. Choose it, and with it the files of its weights.',
  },

  /** What it will take. */
  estimate: {
    title: 'What it takes',
    length: (time: string) => `About ${time} with one device like this one, and less with more devices.`,
    notMeasured: 'How long it takes depends on the device.',
    measure: 'Measure this device',
    measuring: 'Measuring…',
    notMeasurable: (why: string) => `This device could not be measured: ${why}`,
    round: (time: string) => `${time} a round on this device`,
    traffic: (down: string, up: string) => `A volunteer downloads at most ${down} and sends ${up} a round.`,
    memory: (most: string) => `Training takes up to ${most} of memory.`,
    unknown: 'The costs of this network are known once it is built.',
    seconds: (count: string) => `${count} s`,
    minutes: (count: string) => `${count} min`,
    hours: (count: string) => `${count} h`,
    days: (count: string) => `${count} days`,
  },

  /** A draft, or a clone. */
  draft: 'What you typed here before is here again.',
  startAnew: 'Start anew',
  cloned: (name: string) => `These are the settings of “${name}”.`,
  clonedOwn: 'Its network was its host’s own: choose its files again.',
  clonedCode:
    'Whoever joins it needs its join code. A code is not taken over: write one under “More settings”, or everyone with the link can join.',
  cloning: 'Reading the settings of the run…',
  cloneFailed: (why: string) => `The settings of the run could not be read: ${why}.`,

  /** While a run is made. */
  create: 'Create the run',
  cancel: 'Cancel',
  cancelled: 'Nothing was created.',
  keyKept: 'This browser will keep the host key. You need it to pause, resume and finish the run.',
  creating: 'The run is being made',
  startingTrainer: 'Starting the trainer…',
  building: 'Building the network…',
  measuring: 'Training a little, to know how long updates are…',
  uploading: (done: string, total: string) => `Uploading it: ${done} of ${total} pieces`,
  failed: (why: string) =>
    `The run was not made: ${why}. What you typed is still here: correct it, or press the button again.`,
  isOpen: 'The run is open',
  changedNetwork: 'Your network trains with these changes:',
  toRun: 'Go to the run',

  /** The short way. */
  quick: 'Only want to see it work?',
  quickStart: 'Train digits with me',
};
export type NewRunWords = Readonly<typeof newRun>;
