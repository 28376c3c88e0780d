import type { ControlAction } from '../../../shared/protocol/messages.ts';
import { isClosing } from '../../../shared/view/run-progress.ts';
import type { HostKeyFlags } from '../commands/host-key-flags.ts';
import { commandLineFor } from '../terminal/command-line-for.ts';
import { requireHost } from './require-host.ts';

/** A command for the run at hand. */
type LineOf = (words: string, rest?: string) => string;

const finished = (lineOf: LineOf): string =>
  `The run is finished. To write its network to a folder: ${lineOf('export')}`;

/** What is said of a run once it has been done, with the command that may come next. */
const done: Readonly<Record<ControlAction, (lineOf: LineOf) => string>> = {
  open: () => 'The run is open.',
  pause: lineOf => `The run is paused. To go on with it: ${lineOf('resume')}`,
  resume: () => 'The run goes on.',
  finish: finished,
  'finish-now': finished,
};

const closing = (lineOf: LineOf): string =>
  `The run trains no more. Its last version is tested, and then it is finished. To finish it without that test: ${lineOf('finish', '--now')}`;

/** Opens, pauses, resumes or finishes a run. */
export async function order(link: string, action: ControlAction, flags: HostKeyFlags): Promise<void> {
  const { client, run, key } = requireHost(link, flags);
  await client.control(run, action, key);
  const lineOf: LineOf = (words, rest) => commandLineFor(words, client, run, rest);
  // [CLOSE1] A run that is to finish may have its last version tested first.
  const isTested = action === 'finish' && isClosing((await client.run(run)).view);
  console.log(isTested ? closing(lineOf) : done[action](lineOf));
}
