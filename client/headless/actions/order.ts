import type { ControlAction } from '../../../shared/protocol/messages.ts';
import { isClosing } from '../../../shared/view/run-progress.ts';
import type { HomeroomClient } from '../../platform/homeroom-client.ts';
import type { HostKeyFlags } from '../commands/host-key-flags.ts';
import { requireHost } from './require-host.ts';

const FINISHED = 'The run is finished. `homeroom export` writes its model.';

const done: Readonly<Record<ControlAction, string>> = {
  open: 'The run is open.',
  pause: 'The run is paused. `homeroom resume` goes on with it.',
  resume: 'The run goes on.',
  finish: FINISHED,
  'finish-now': FINISHED,
};

const CLOSING =
  'The run trains no more. Its last version is tested, and then it is finished. `homeroom finish --now` does not wait for that.';

/** Opens, pauses, resumes or finishes a run. */
export async function order(link: string, action: ControlAction, flags: HostKeyFlags): Promise<void> {
  const { client, run, key } = requireHost(link, flags);
  await client.control(run, action, key);
  console.log(await told(client, run, action));
}

/** [CLOSE1] A run that is to finish may have its last version tested first. */
const told = async (client: HomeroomClient, run: string, action: ControlAction): Promise<string> =>
  action === 'finish' && isClosing((await client.run(run)).view) ? CLOSING : done[action];
