import type { ControlAction } from '../../../shared/protocol/messages.ts';
import type { HostKeyFlags } from '../commands/host-key-flags.ts';
import { requireHost } from './require-host.ts';

const done: Readonly<Record<ControlAction, string>> = {
  open: 'The run is open.',
  pause: 'The run is paused. `homeroom resume` goes on with it.',
  resume: 'The run goes on.',
  finish: 'The run is finished. `homeroom export` writes its model.',
};

/** Opens, pauses, resumes or finishes a run. */
export async function order(link: string, action: ControlAction, flags: HostKeyFlags): Promise<void> {
  const { client, run, key } = requireHost(link, flags);
  await client.control(run, action, key);
  console.log(done[action]);
}
