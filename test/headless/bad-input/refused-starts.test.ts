import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { expectRefusal } from '../../support/expect-refusal.ts';

describe('what cannot be started is refused in one line with what to do', () => {
  it.each([
    [
      'a host that is no name',
      ['start', '--host', 'my class'],
      /'--host <name>' argument 'my class' is invalid.*class\.example/,
    ],
    [
      'a folder that cannot be',
      ['start', '--folder', '/dev/null/x', '--port', '0'],
      /cannot keep data in \/dev\/null\/x/,
    ],
    [
      'a folder without a name, as of a variable that is not set',
      ['start', '--folder', ''],
      /'--folder <dir>' argument '' is invalid.*path of a file or a folder/,
    ],
    ['a path without a name', ['dataset', 'import', ''], /'' is no path.*path of a file or a folder/],
    ['a port that is none', ['doctor', '--port', '0'], /'--port <n>' argument '0' is invalid/],
    ['an unknown command', ['dance'], /unknown command 'dance'/],
    ['help for an unknown command', ['help', 'dance'], /^homeroom: unknown command 'dance'/],
    [
      'help for a command with a slip',
      ['help', 'creat'],
      /unknown command 'creat' \(Did you mean create\?\)/,
    ],
    ['help for an unknown command of another', ['help', 'dataset', 'dance'], /unknown command 'dance'/],
    ['help in the middle for one', ['dataset', 'help', 'dance'], /unknown command 'dance'/],
    ['a target of nothing', ['demo', '--target', '0'], /'--target <share>' argument '0' is invalid.*above 0/],
  ])('%s', (_, args, words) => expectRefusal(args, words));

  it('a port in use, with the process that uses it', async () => {
    const holder = createServer();
    await new Promise<void>(resolve => holder.listen(0, '127.0.0.1', resolve));
    const address = holder.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const folder = await mkdtemp(join(tmpdir(), 'homeroom-'));
    const used = new RegExp(`port ${port} is in use by .+ \\(process ${process.pid}\\).*--port`);
    await expectRefusal(['start', '--port', String(port), '--folder', folder], used);
    holder.close();
    await rm(folder, { recursive: true });
  });
});
