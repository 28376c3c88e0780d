import { createServer } from 'node:http';
import { describe, it } from 'vitest';
import { expectRefusal } from '../../support/expect-refusal.ts';

describe('a wrong link, platform or key is refused in one line with what to do', () => {
  it.each([
    [
      'a backend that is none',
      ['join', 'http://localhost:1/r/x', '--backend', 'cuda'],
      /'--backend <name>' argument 'cuda' is invalid.*auto, webgpu, wasm, cpu/,
    ],
    [
      'threads that are no number',
      ['join', 'http://localhost:1/r/x', '--threads', 'all'],
      /'--threads <n>' argument 'all' is invalid.*whole number from 1 to 64/,
    ],
    [
      'a name of a volunteer that hides',
      ['join', 'http://localhost:1/#/runs/abc123defg', '--name', 'a\u200bb'],
      /'--name <name>' argument .* is invalid.*one line of characters that can be seen, at least 1/,
    ],
    [
      'a volunteer without a name',
      ['join', 'http://localhost:1/#/runs/abc123defg', '--name', ''],
      /'--name <name>' argument '' is invalid/,
    ],
    ['no memory at all', ['join', 'http://localhost:1/#/run/x', '--memory', '0'], /--memory.*from 1/],
    ['a link that is none', ['join', 'http://localhost/'], /is not a join link/],
    ['no link at all', ['export', ''], /'' is not a join link/],
    [
      'a link in the quotes of another shell',
      ['open', "'http://localhost:1/#/runs/abc123defg'"],
      /needs the host key of the run/,
    ],
    [
      'a host’s command with the link to the page that tries the network',
      ['host', 'http://localhost:1/try/abc123defg'],
      /needs the host key of the run/,
    ],
    [
      'a list by the link of a run',
      ['list', 'http://localhost:9/#/runs/abc123defg'],
      /nobody replies at http:\/\/localhost:9 as/,
    ],
    ['a platform that is not there', ['status', 'http://localhost:9'], /nobody replies/],
    ['what is no address', ['status', 'somewhere'], /'somewhere' is not an address of a platform/],
    ['a list of what is no address', ['list', 'somewhere'], /'somewhere' is not an address of a platform/],
    ['a list of a platform that is not there', ['list', 'http://localhost:9'], /nobody replies/],
    ['an order to what is no link', ['open', 'http://localhost:1/'], /is not a join link/],
    [
      'a link with a host key that is none, which is printed nowhere',
      ['open', 'http://localhost:1/#/run/x?host=abcd'],
      /\?host=…' is not a join link/,
    ],
    [
      'a name for a volunteer that is none',
      ['rename', 'http://localhost:1/#/runs/abc123defg', 'Eve', ' '],
      /' ' is no name.*1 to 40 characters/,
    ],
    [
      'a link that is none, whose key is printed nowhere',
      ['remove', 'http://localhost:1/#/run/x?key=abcd', 'Eve'],
      /\?key=…' is not a join link/,
    ],
    [
      'a link whose referee’s key is cut off',
      ['join', 'http://localhost:1/#/runs/abc123defg?key=abcd'],
      /the key in the link is cut off or mistyped.*Copy the link whole/,
    ],
    [
      'a link whose host key is mistyped',
      ['status', `http://localhost:1/#/runs/abc123defg?host=${'z'.repeat(64)}`],
      /the key in the link is cut off or mistyped/,
    ],
    [
      'a host’s command without a key',
      ['key', 'list', 'http://localhost:1/#/runs/abc123defg'],
      /needs the host key of the run: set HOMEROOM_KEY/,
    ],
    [
      'a key that never ends',
      ['key', 'make', 'http://localhost:1/#/runs/abc123defg', '--expires', '90d'],
      /'--expires <time>' argument '90d' is invalid.*90m, 12h or 7d, up to 30d/,
    ],
    ...(['open', 'pause', 'resume', 'finish', 'archive', 'delete', 'host'] as const).map(
      command =>
        [
          `an order without a key: ${command}`,
          [command, 'http://localhost:1/#/runs/abc123defg'],
          /needs the host key of the run: set HOMEROOM_KEY/,
        ] as [string, string[], RegExp],
    ),
  ])('%s', (_, args, words) => expectRefusal(args, words));

  it('a server that has other pages', async () => {
    const server = createServer((_, response) => response.writeHead(404).end('<html>')).listen(0);
    const address = server.address();
    const url = `http://localhost:${typeof address === 'object' ? address?.port : 0}`;
    await expectRefusal(['list', url], /replied with status 404: check the address/);
    server.close();
  });

  it('a server that is no platform', async () => {
    const server = createServer((_, response) => response.end('<html>')).listen(0);
    const address = server.address();
    const url = `http://localhost:${typeof address === 'object' ? address?.port : 0}`;
    await expectRefusal(['status', url], /nobody replies.*as a Homeroom platform does/);
    server.close();
  });
});
