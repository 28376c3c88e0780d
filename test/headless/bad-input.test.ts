import { cp, mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runHomeroom } from '../support/run-homeroom.ts';
import { writeSmallIdx } from '../support/small-idx.ts';

let folder: string;
let holder: Server;
let heldPort: number;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'homeroom-'));
  holder = createServer();
  await new Promise<void>(resolve => holder.listen(0, '127.0.0.1', resolve));
  const address = holder.address();
  heldPort = typeof address === 'object' && address ? address.port : 0;
  await writeSmallIdx(join(folder, 'good'));
});

afterAll(async () => {
  holder.close();
  await rm(folder, { recursive: true });
});

/** A folder like the good one, with one file spoilt. */
async function spoilt(file: string, spoil: (path: string) => Promise<void>): Promise<string> {
  const copy = await mkdtemp(join(folder, 'spoilt-'));
  await cp(join(folder, 'good'), copy, { recursive: true });
  await spoil(join(copy, file));
  return copy;
}

/** One clear line, exit status 2, no stack trace. */
async function expectRefusal(args: readonly string[], words: RegExp): Promise<void> {
  const { status, stdout, stderr } = await runHomeroom(args);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(stderr).toMatch(words);
}

describe('wrong input is refused in one line with what to do', () => {
  it.each([
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
    [
      'a link that is none, whose key is printed nowhere',
      ['remove', 'http://localhost:1/#/run/x?key=abcd', 'Eve'],
      /\?key=… is not a join link/,
    ],
    [
      'a host that is no name',
      ['start', '--host', 'my class'],
      /'--host <name>' argument 'my class' is invalid.*class\.example/,
    ],
    [
      'a join code that is empty, as of a variable that is not set',
      ['create', '--to', 'http://localhost:1', '--code', ''],
      /'--code <code>' argument '' is invalid.*6 to 40 characters/,
    ],
    ['an unknown flag', ['demo', '--foo'], /unknown option '--foo'.*--help/],
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
      'a count that is none',
      ['demo', '--rounds', 'many'],
      /'--rounds <n>' argument 'many' is invalid.*whole number from 1 to 1000/,
    ],
    [
      'an unknown data set',
      ['demo', '--dataset', 'imagenet'],
      /imagenet.*Allowed choices are glyphs, digits, penguins, mnist/,
    ],
    [
      'more weak volunteers than there are',
      ['demo', '--weak', '5'],
      /--weak 5: there are 4 volunteers \(--volunteers\)/,
    ],
    ['a share of weak volunteers', ['demo', '--weak', '0.5'], /--weak.*whole number from 0 to 64/],
    [
      'a name of a run that moves the cursor',
      ['create', '--name', 'a\u001b[2Jb'],
      /'--name <name>' argument 'a\\u\{1b\}\[2Jb' is invalid.*one line of 1 to 80 characters/,
    ],
    [
      'a name of a run that turns what follows',
      ['create', '--name', 'a\u202eb'],
      /'a\\u\{202e\}b' is invalid/,
    ],
    ['a run without a name', ['create', '--name', ' '], /'--name <name>' argument ' ' is invalid/],
    ['a name of a run that is a book', ['create', '--name', 'x'.repeat(81)], /x' is invalid.*80 characters/],
    [
      'a name of a volunteer that hides',
      ['join', 'http://localhost:1/#/runs/abc123defg', '--name', 'a\u200bb'],
      /'--name <name>' argument .* is invalid.*one line of characters, none of them a control/,
    ],
    [
      'a volunteer without a name',
      ['join', 'http://localhost:1/#/runs/abc123defg', '--name', ''],
      /'--name <name>' argument '' is invalid/,
    ],
    [
      'an option that is nearly one',
      ['create', '--names', 'x'],
      /unknown option '--names'.*Did you mean --name\?/,
    ],
    ['no memory at all', ['join', 'http://localhost:1/#/run/x', '--memory', '0'], /--memory.*from 1/],
    ['an unknown plan', ['demo', '--plan', 'osmosis'], /osmosis.*layer-to-layer/],
    ['an unknown model', ['demo', '--model', 'gpt'], /gpt.*cnn.*model\.json/],
    [
      'a network that is not there',
      ['demo', '--model', './no-net'],
      /no-net cannot be read: it is not there/,
    ],
    ['a folder without a network', ['demo', '--model', '/etc'], /\/etc has no model\.json/],
    ['a folder in a network’s place', ['create', '--model', '/etc/'], /\/etc\/ has no model\.json/],
    ['a network that is not in the zoo', ['plan', 'gpt'], /'gpt' is invalid.*cnn.*model\.json/],
    [
      'a network’s file that is not there',
      ['plan', '/nowhere/model.json'],
      /nowhere\/model.json cannot be read/,
    ],
    [
      'a cut that no layer has, with some that there are',
      ['plan', 'cnn-5', '--cut', 'pool9'],
      /cnn-5 cannot be cut after pool9: it has no such layer.*can be cut after conv1-1.* and \d+ other layers/,
    ],
    [
      'cuts against the network’s order',
      ['plan', 'cnn-5', '--cut', 'pool2,pool1'],
      /cut after pool2, then after pool1, which comes before it/,
    ],
    ['more segments than there are cuts', ['plan', 'cnn', '--segments', '9'], /cnn.*at most 3 segments/],
    [
      'one segment for a plan that wants two',
      ['plan', 'cnn', '--segments', '1'],
      /layer-to-layer wants a model of two segments or more/,
    ],
    [
      'segments and cuts that contradict each other',
      ['plan', 'cnn', '--segments', '2', '--cut', 'pool1'],
      /'--segments <k>' cannot be used with option '--cut <layers>'/,
    ],
    ['a plan that there is not', ['plan', 'cnn', '--plan', 'osmosis'], /osmosis.*layer-to-layer/],
    ['a shape that is none', ['plan', 'cnn', '--input', '32x32'], /'32x32' is invalid.*as 32x32x3/],
    ['a picture without pixels', ['plan', 'cnn', '--input', '0x32x3'], /'0x32x3' is invalid.*as 32x32x3/],
    [
      'a setting that the plan has not, with those it has',
      ['plan', 'cnn', '--plan', 'growing', '--set', 'growAt=0.4'],
      /--set growAt=0\.4: growing has no such setting: it has epochs/,
    ],
    [
      'a setting outside its bounds',
      ['demo', '--set', 'freezeAt=1.5'],
      /--set freezeAt=1\.5: It takes a number from 0 to 1/,
    ],
    [
      'settings that are none',
      ['create', '--set', 'beta'],
      /'--set <settings>' argument 'beta' is invalid.*as growAt=0\.4,beta=0\.5/,
    ],
    [
      'settings by which a part would never be trained',
      ['plan', 'cnn', '--plan', 'growing-together', '--set', 'growAt=1'],
      /growing-together.* never trains segment-2|growing-together.*growAt/,
    ],
    ['a data set without its files', ['demo', '--dataset', 'mnist'], /mnist is not built in.*--data DIR/],
    [
      'a folder that is not there',
      ['demo', '--dataset', 'mnist', '--data', '/nowhere'],
      /there is no folder or file \/nowhere/,
    ],
    [
      'a folder of something else',
      ['dataset', 'import', '/etc'],
      /neither folders of pictures.*nor CIFAR-10/,
    ],
    ['a link that is none', ['join', 'http://localhost/'], /is not a join link/],
    ['a platform that is not there', ['status', 'http://localhost:9'], /nobody replies/],
    ['what is no address', ['status', 'somewhere'], /somewhere is not an address of a platform/],
    [
      'a report that cannot be written',
      ['demo', '--json', '/nowhere/x.json'],
      /cannot write \/nowhere\/x.json/,
    ],
    ['a folder in a report’s place', ['demo', '--json', '/tmp'], /cannot write \/tmp: it is a folder/],
    [
      'a folder that cannot be',
      ['start', '--folder', '/dev/null/x', '--port', '0'],
      /cannot keep data in \/dev\/null\/x/,
    ],
    ['an unknown command', ['dance'], /unknown command 'dance'/],
    ['help for an unknown command', ['help', 'dance'], /unknown command 'dance'/],
    [
      'a run on a platform that is not there, before its network is built',
      ['create', '--to', 'http://localhost:9'],
      /^homeroom: nobody replies at http:\/\/localhost:9 as .*check the address, and whether `homeroom start` runs/,
    ],
    ['a run with an empty name', ['create', '--name', ''], /'--name <name>' argument '' is invalid/],
    ['a demo with an empty name', ['demo', '--name', ''], /'--name <name>' argument '' is invalid/],
    [
      'a join code of hyphens',
      ['demo', '--code', '- - - a'],
      /'--code <code>' argument '- - - a' is invalid.*6 to 40 characters/,
    ],
    ['a list of what is no address', ['list', 'somewhere'], /somewhere is not an address of a platform/],
    ['a list of a platform that is not there', ['list', 'http://localhost:9'], /nobody replies/],
    ...(['open', 'pause', 'resume', 'finish', 'archive', 'delete', 'host'] as const).map(
      command =>
        [
          `an order without a key: ${command}`,
          [command, 'http://localhost:1/#/runs/abc123defg'],
          /needs the host key of the run: set HOMEROOM_KEY/,
        ] as [string, string[], RegExp],
    ),
    ['an order to what is no link', ['open', 'http://localhost:1/'], /is not a join link/],
    [
      'a name for a volunteer that is none',
      ['rename', 'http://localhost:1/#/runs/abc123defg', 'Eve', ' '],
      /argument value ' ' is invalid.*1 to 40 characters/,
    ],
    [
      'a link with a host key that is none, which is printed nowhere',
      ['open', 'http://localhost:1/#/run/x?host=abcd'],
      /\?host=… is not a join link/,
    ],
    ['a port that is none', ['doctor', '--port', '0'], /'--port <n>' argument '0' is invalid/],
  ])('%s', (_, args, words) => expectRefusal(args, words));

  it('a server that is no platform', async () => {
    const server = createHttpServer((_, response) => response.end('<html>')).listen(0);
    const address = server.address();
    const url = `http://localhost:${typeof address === 'object' ? address?.port : 0}`;
    await expectRefusal(['status', url], /nobody replies.*as a Homeroom platform does/);
    server.close();
  });

  it('names of strangers, which older releases let in, are shown harmlessly', async () => {
    const steering = '\u001b]0;title\u0007',
      hidden = 'Ada\u200b\u202egnp',
      line = 'two\nlines\u009b2J';
    const run = {
      run: 'abcdef',
      model: 'cnn',
      plan: 'whole',
      dataset: 'glyphs',
      phase: 'open',
      round: 1,
      rounds: 2,
      accuracy: null,
      createdAt: 1,
    };
    const server = createHttpServer((_, response) =>
      response.end(JSON.stringify({ runs: [steering, hidden, line].map(name => ({ ...run, name })) })),
    );
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const url = `http://localhost:${typeof address === 'object' ? address?.port : 0}`;
    const shown = await runHomeroom(['status', url]);
    expect(shown.status).toBe(0);
    expect(shown.stdout.trim().split('\n')).toHaveLength(3);
    expect(shown.stdout).toContain('\\u{1b}]0;title\\u{7}');
    expect(shown.stdout).toContain('Ada\\u{200b}\\u{202e}gnp');
    expect(shown.stdout).toContain('two\\u{a}lines\\u{9b}2J');
    const { stdout } = await runHomeroom(['status', url, '--json']);
    expect(stdout.trim()).toMatch(/^[\x20-\x7e]*$/);
    expect(JSON.parse(stdout).map(({ name }: { name: string }) => name)).toEqual([steering, hidden, line]);
    server.close();
  });

  it('a port in use, with the process that uses it', () => {
    const used = new RegExp(`port ${heldPort} is in use by .+ \\(process ${process.pid}\\).*--port`);
    return expectRefusal(['start', '--port', String(heldPort), '--folder', join(folder, 'platform')], used);
  });

  it('a truncated IDX file, with what is missing', async () => {
    const bad = await spoilt('train-images-idx3-ubyte', path => truncate(path, 20));
    await expectRefusal(
      ['demo', '--dataset', 'mnist', '--data', bad],
      /train-images-idx3-ubyte.*28.*20|train-images-idx3-ubyte.*20.*28/,
    );
  });

  it('a corrupt IDX file, with where', async () => {
    const bad = await spoilt('t10k-labels-idx1-ubyte', path => writeFile(path, 'not a label file'));
    await expectRefusal(['demo', '--dataset', 'mnist', '--data', bad], /t10k-labels-idx1-ubyte/);
  });

  it('a folder in a file’s place', async () => {
    const bad = await spoilt('train-labels-idx1-ubyte', async path => {
      await rm(path);
      await mkdir(path);
    });
    await expectRefusal(['dataset', 'import', bad], /train-labels-idx1-ubyte cannot be read: it is a folder/);
  });

  it('data that are not what they are asked for as', () =>
    expectRefusal(
      ['demo', '--dataset', 'cifar-10', '--data', join(folder, 'good')],
      /good holds pictures of 2 × 2 × 1 in 3 classes, which is not cifar-10/,
    ));

  it('a name of several lines that moves the cursor', () =>
    expectRefusal(
      ['dataset', 'import', join(folder, 'good'), '--name', 'a\n\x1b[2Jb'],
      /name is one line.*'a\\u\{a\}\\u\{1b\}\[2Jb' is not/,
    ));

  it('Fashion-MNIST’s like under a known name that is spelt otherwise', async () => {
    const named = join(folder, 'CIFAR_10');
    await cp(join(folder, 'good'), named, { recursive: true });
    await expectRefusal(
      ['dataset', 'import', named],
      /CIFAR_10 holds pictures of 2 × 2 × 1 in 3 classes, which is not cifar-10/,
    );
  });

  it('a corrupt gzip file', async () => {
    const bad = await spoilt('train-labels-idx1-ubyte', async path => {
      await rm(path);
      await writeFile(`${path}.gz`, Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3]));
    });
    await expectRefusal(['demo', '--dataset', 'mnist', '--data', bad], /train-labels-idx1-ubyte/);
  });
});
