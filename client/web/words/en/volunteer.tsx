import type { ComponentChildren } from 'preact';
import type { ExampleKind } from '../../../../shared/protocol/dataset.ts';
import { examples } from './examples.ts';

/** A count, with how it is written. */
type Counted = (count: number, written: string) => string;

const counted =
  (one: string, many: string): Counted =>
  (count, written) =>
    `${written} ${count === 1 ? one : many}`;

const updatesWait: Counted = counted('update waits to be sent', 'updates wait to be sent');

export const volunteer = {
  title: 'This browser',
  over: 'The run is finished: there is nothing left to train.',
  archived: 'The run is archived: nobody trains it.',

  /** The form. */
  name: 'Your name, as others see it',
  code: 'Join code, from the host',
  codeOptional: 'Join code, from the host: a referee needs none',
  codeWrong:
    'This is not the join code of this run. Compare it with what the host gave you; capital and small letters are the same.',
  codeMissing: 'This run needs its join code: ask the host for it.',
  invited: (run: string, dataset: string, isTable: boolean) =>
    `If you press the button below, this device helps to train the network of “${run}”: it computes with the ${isTable ? 'table' : 'pictures'} that the host chose (${dataset}), and no picture or file of yours is looked at or sent.`,
  start: 'Start training',
  goOnAs: (name: string) => `Go on as ${name}`,
  youWere: (name: ComponentChildren) => <>You were {name} here.</>,
  someoneElse: 'I am someone else',
  youStopped: 'You stopped this browser the last time.',
  linkAsks: 'The link asks this browser to train. It begins if you agree.',
  wasRemoved: (name: string) =>
    `The host has removed ${name} from this run, so this browser does not go on under that name.`,
  comeBack: 'What it had added counts still. You may look on, or take part again as somebody new.',
  comeBackWithCode:
    'What it had added counts still. You may look on, or take part again as somebody new if the host gives you the join code.',
  hostKeyGone:
    'The host key in this browser does not open this run any more, so it makes nobody a referee. Perhaps it was renewed in another browser: forget it here, then enter the new one under “I am the host”.',
  personAhead: 'A window will open then, in which Cloudflare checks that you are a person.',
  consent:
    'Training runs beside the page. You can pause or stop it at any moment. Two things leave this device: changes of the network, and how fast the device is. Everyone with the link sees your name and what you contributed.',

  /** What this device can do, before it begins. */
  preflight: 'What this device can do',
  preflightLooks: 'Looking at this device…',
  hasGpu: 'It has a graphics card that trains in the browser, which is fastest.',
  hasNoGpu:
    'The browser offers no graphics card here, so the processor trains. That is slower and works as well.',
  hasNoSimd: 'This browser is too old for fast training. Another one may be twenty times as fast.',
  threadsHere: (most: number) =>
    most > 1
      ? `Up to ${most} threads can train on the processor.`
      : 'One thread can train on the processor. More would need a page over https.',
  traffic: (down: string, up: string) => `One task downloads about ${down} and sends about ${up}.`,
  keepsNothing:
    'This browser keeps nothing between visits here, perhaps because the window is private. A reload begins anew.',
  isInsecure:
    'The page came without https. So it cannot use the graphics card, and it copies nothing for you.',

  /** How the device helps. */
  manners: 'How this device helps',
  effort: 'Effort',
  effortNow: (share: string) => `It works ${share} of the time and rests in between.`,
  effortFull: 'It works all the time. The page stays quick.',
  onBattery: 'Train on battery too',
  onMetered: 'Train on a mobile or metered connection too',
  whenHidden: 'Go on while the tab is hidden',
  untold: 'This browser does not tell the page, so the page cannot know.',
  hours: 'Train at certain hours only',
  hoursFrom: 'From',
  hoursTo: 'until',
  hour: (hour: number) => `${String(hour).padStart(2, '0')}:00`,
  trainOn: 'Train on',
  backends: {
    auto: 'Whatever is fastest here',
    webgpu: 'Graphics card (WebGPU)',
    wasm: 'Processor (WebAssembly)',
  },
  threads: 'Threads on the processor, at most',
  taskMinutes: 'One task takes at most, in minutes',
  taskMegabytes: 'It downloads at most, in MB',

  /** Why it rests. */
  resting: {
    battery: 'It rests, because the device is on battery.',
    metered: 'It rests, because the connection is a mobile or metered one.',
    hidden: 'It rests, because the tab is hidden.',
    hours: 'It rests until the hours that you have chosen.',
  },
  trainAnyway: 'Train nevertheless',
  trainAnywayHint: 'This counts until the reason is gone. The setting stays.',

  /** At work. */
  activities: {
    starting: 'Starting',
    waiting: 'Waiting',
    downloading: 'Downloading',
    training: 'Training',
    uploading: 'Uploading',
    paused: 'Paused',
    stopped: 'Stopped',
    failed: 'Stopped by an error',
  },
  /** The run is over. */
  done: 'Done',
  restingNow: 'Resting',
  pausing: 'Pausing…',
  testing: 'Testing the newest version',
  task: 'Task in hand',
  noTask: 'no task in hand',
  checked: (count: number) =>
    count === 1 ? 'As referee it has checked 1 version.' : `As referee it has checked ${count} versions.`,
  checks: (version: number) => `As referee it checks version ${version} before it is out.`,
  lastTask: 'This is the last task. After it this browser stops.',
  refused: (count: number) =>
    count === 1 ? '1 of its updates was refused.' : `${count} of its updates were refused.`,
  contributions: 'Contributions',
  loss: 'Loss',
  perSecond: (kind: ExampleKind) => `${examples[kind].title}/s`,
  backend: 'Backend',
  backendThreads: (backend: string, threads: number) => `${backend}, ${threads} threads`,
  sent: 'Sent',
  received: 'Received',
  pause: 'Pause',
  resume: 'Resume',
  stop: 'Stop',
  finishThenStop: 'Finish this task, then stop',

  /** What it added, to show others. */
  card: 'Show what you added',
  cardTitle: (run: string) => `I helped to train “${run}”`,
  cardContributions: counted('contribution', 'contributions'),
  cardSent: (bytes: string) => `${bytes} of updates sent`,
  cardAccuracy: (version: number, accuracy: string) =>
    `Version ${version} of the network is right in ${accuracy} of the tests`,
  cardAbout: 'Trained together, layer by layer, in everyone’s browser',
  cardShare: 'Share the card',
  cardSave: 'Save the card',
  cardFailed: 'The card could not be made in this browser.',

  /** What is kept. */
  kept: (bytes: ComponentChildren) => (
    <>Kept on this device: {bytes} of networks and data, so that nothing is downloaded twice.</>
  ),
  updatesKept: (count: number, written: string, bytes: string) =>
    `${updatesWait(count, written)} (${bytes}).`,
  clear: 'Clear',
  clearAll: 'Clear all and lose the updates',
  keepUpdates: 'Keep the updates',

  /** A referee’s key in the link. */
  offeredKey:
    'This browser has a referee’s key of this run, and the link that you opened brings another one. Take it if the host sent it to you and the key of before has ended.',
  refereeRights:
    'You opened a referee’s link. If you start, this browser is a referee of this run: it trains like everybody else, and it also tests versions of the network. What a referee finds is believed without a second opinion, and it needs no join code.',
  refereeAfterStop:
    'You opened a referee’s link while this browser was at work as an ordinary volunteer. Stop it and start it again, then it is a referee.',
  noReferee: 'Take part without it',
  refereeKeyWrong:
    'The key of the referee’s link is none of this run’s: it is mistyped, or was revoked, or has ended. It is forgotten here. Ask the host for a new link, or take part as an ordinary volunteer.',
  takeKey: 'Take the link’s key',
  keepKey: 'Keep mine',

  /** The check of people. */
  personFirst: 'One thing before you join.',
  personWhy:
    'This platform lets in people only. Cloudflare checks that in a window of its own, mostly by itself.',
  personOpen: 'Show that you are a person',
  personElse:
    'You would rather not, or it does not load? You can watch the run without it. Or ask its host for a referee’s link, with which nobody is checked.',
};
export type VolunteerWords = Readonly<typeof volunteer>;
