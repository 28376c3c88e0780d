import { keyPage } from '../../../shared/protocol/paths.ts';
import { createNonce } from '../../platform/create-nonce.ts';
import type { HostKeyFlags } from '../commands/host-key-flags.ts';
import { commandLineFor } from '../terminal/command-line-for.ts';
import { formatMoment } from '../terminal/format-moment.ts';
import { formatTable } from '../terminal/format-table.ts';
import { toJsonLine } from '../terminal/terminal.ts';
import { UsageError } from '../terminal/usage-error.ts';
import { requireHost } from './require-host.ts';

export interface MakeKeyFlags extends HostKeyFlags {
  readonly label: string;
  readonly expires: number;
  readonly json: boolean;
}

export async function makeKey(link: string, { label, expires, json, ...flags }: MakeKeyFlags): Promise<void> {
  const { client, run, host } = requireHost(link, flags);
  const made = await host.makeKey({ label, lastsMs: expires });
  const page = client.origin + keyPage(run, made.key);
  if (json) return console.log(toJsonLine({ ...made, link: page }));
  console.log(`Link       ${page}\nKey        ${made.key}`);
  console.log(
    `Whoever has either is a referee of this run until ${formatMoment(made.endsAt)}. It is not shown again.`,
  );
  console.log(`To revoke  ${commandLineFor('key revoke', client, run, made.id)}`);
}

export async function listKeys(
  link: string,
  { json, ...flags }: HostKeyFlags & { readonly json: boolean },
): Promise<void> {
  const keys = await requireHost(link, flags).host.listKeys();
  if (json) return console.log(toJsonLine(keys));
  if (keys.length === 0) return console.log('no keys were given away, or all have ended');
  const rows = keys.map(({ id, caller, label, endsAt }) => [id, caller, formatMoment(endsAt), label]);
  console.log(formatTable(COLUMNS, rows));
}

export async function revokeKey(link: string, id: string, flags: HostKeyFlags): Promise<void> {
  const { client, run, host } = requireHost(link, flags);
  const keys = await host.listKeys();
  if (!keys.some(key => key.id === id))
    throw new UsageError(
      `no key of this run has the id '${id}'. To list the keys: ${commandLineFor('key list', client, run)}`,
    );
  await host.revokeKey(id);
  console.log('Revoked. Referees who joined with it were removed.');
}

export async function renewHostKey(link: string, flags: HostKeyFlags): Promise<void> {
  const hostKey = await requireHost(link, flags).host.renewHostKey(createNonce());
  console.log(`Host key   ${hostKey}`);
  console.log(
    'The one before opens nothing any more. Referees who joined with it stay: remove whom you do not know.',
  );
}

const COLUMNS = ['id', 'for', 'until', 'label'].map(title => ({ title, isText: true }));
