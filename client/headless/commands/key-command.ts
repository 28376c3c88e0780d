import { Command, InvalidArgumentError } from 'commander';
import type { MakeKeyFlags } from '../actions/keys.ts';
import { nameFlag } from './flags.ts';
import { addHostKeyFlags, type HostKeyFlags } from './host-key-flags.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

const actions = () => import('../actions/keys.ts');

export const keyCommand = (command: Command): Command =>
  command
    .addCommand(makeCommand())
    .addCommand(listCommand())
    .addCommand(revokeCommand())
    .addCommand(renewCommand());

const ofRun = (name: string, description: string): Command =>
  addHostKeyFlags(new Command(name).description(description).argument('<link>', 'the join link of the run'));

const makeCommand = (): Command =>
  ofRun('make', 'make a key that makes a referee, and print it with a link that has it')
    .option('--label <text>', 'for whom it is, as the list will say', nameFlag(40), 'a referee')
    .option('--expires <time>', 'when it ends: so many minutes, hours or days from now', readTime, 7 * DAY_MS)
    .option('--json', 'print JSON for a script', false)
    .action(async (link: string, flags: MakeKeyFlags) => (await actions()).makeKey(link, flags));

const listCommand = (): Command =>
  ofRun('list', 'list the keys that were given away and have not ended')
    .option('--json', 'print JSON for a script', false)
    .action(async (link: string, flags: HostKeyFlags & { json: boolean }) =>
      (await actions()).listKeys(link, flags),
    );

const revokeCommand = (): Command =>
  ofRun('revoke', 'revoke a key, and remove the referees who joined with it')
    .argument('<id>', 'its id, as `key list` prints it')
    .action(async (link: string, id: string, flags: HostKeyFlags) =>
      (await actions()).revokeKey(link, id, flags),
    );

const renewCommand = (): Command =>
  ofRun('renew', 'make a new host key and print it; the one before opens nothing any more').action(
    async (link: string, flags: HostKeyFlags) => (await actions()).renewHostKey(link, flags),
  );

const units: Readonly<Record<string, number>> = { m: MINUTE_MS, h: 60 * MINUTE_MS, d: DAY_MS };

/** As the platform has it (`keys.ts`), whose file would load the schemas for help too. */
const MOST_DAYS = 30;

/** Reads `90m`, `12h` or `7d`. */
function readTime(text: string): number {
  const [, count = '', unit = ''] = /^(\d{1,5})([mhd])$/.exec(text.trim()) ?? [];
  const ms = Number(count) * (units[unit] ?? 0);
  if (ms >= MINUTE_MS && ms <= MOST_DAYS * DAY_MS) return ms;
  throw new InvalidArgumentError(`It takes a time such as 90m, 12h or 7d, up to ${MOST_DAYS}d.`);
}
