import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RunHost } from '../../client/platform/run-host.ts';
import { hostPage, runPage } from '../../shared/protocol/paths.ts';
import { runHomeroom } from '../support/run-homeroom.ts';
import { usePlatform } from '../support/test-platform.ts';
import { createTinyRun, joinRun } from '../support/tiny-run.ts';

const platform = usePlatform();

/** A run, and the commands that its host gives with the key in the variable. */
async function hostedRun(joinCode?: string) {
  const { client } = platform;
  const tiny = await createTinyRun(client, { isOpen: false, ...(joinCode !== undefined && { joinCode }) });
  const link = client.origin + runPage(tiny.run);
  const order = (command: string, ...more: string[]) =>
    runHomeroom([command, link, ...more], { variables: { HOMEROOM_KEY: tiny.hostKey } });
  const phase = async () => (await client.run(tiny.run)).view.phase;
  return { ...tiny, link, order, phase };
}

describe('a host’s commands', () => {
  it('open, pause, resume and finish a run, and say why if that cannot be', async () => {
    const { order, phase } = await hostedRun();
    const phases: string[] = [];
    for (const command of ['open', 'pause', 'resume', 'finish']) {
      expect((await order(command)).status).toBe(0);
      phases.push(await phase());
    }
    expect(phases).toEqual(['open', 'paused', 'open', 'finished']);
    const again = await order('open');
    expect(again.status).toBe(2);
    expect(again.stderr).toContain('cannot open a run that is finished');
  });

  it('tell the next command with the link of the run, to copy', async () => {
    const { link, order } = await hostedRun();
    expect((await order('archive')).stdout).toContain(`npx homeroom archive "${link}" --back\n`);
    await order('archive', '--back');
    await order('open');
    expect((await order('pause')).stdout).toContain(`npx homeroom resume "${link}"\n`);
    expect((await order('finish')).stdout).toContain(`npx homeroom export "${link}"\n`);
  });

  it('say what to do about a run, a volunteer and a key that are not there', async () => {
    const { link, order } = await hostedRun();
    const noRun = await runHomeroom(['status', `${platform.client.origin}/#/runs/aaaaaaaaaa`]);
    expect([noRun.status, noRun.stderr]).toEqual([
      ...[2, 'homeroom: it is not here, or not any more: check the link or the name (run aaaaaaaaaa)\n'],
    ]);
    expect((await order('remove', 'nobody-here')).stderr).toContain('LINK --json` lists all volunteers');
    expect((await order('remove', 'No body')).stderr).toContain('LINK --json` lists all volunteers');
    const revoked = await runHomeroom(['key', 'revoke', link, 'nope', '--folder', platform.folder]);
    expect([revoked.status, revoked.stderr]).toEqual([
      ...[
        2,
        `homeroom: no key of this run has the id 'nope'. To list the keys: npx homeroom key list "${link}"\n`,
      ],
    ]);
  });

  it('are refused with a wrong key, in one line', async () => {
    const { link } = await hostedRun();
    const { status, stderr } = await runHomeroom(['open', link], { variables: { HOMEROOM_KEY: 'wrong' } });
    expect([status, stderr]).toEqual([
      2,
      'homeroom: this key does not allow it (this is not the host key of the run)\n',
    ]);
  });

  it('take a link with the host key in the place of the key', async () => {
    const { run, hostKey, phase } = await hostedRun();
    expect((await runHomeroom(['open', platform.client.origin + hostPage(run, hostKey)])).status).toBe(0);
    expect(await phase()).toBe('open');
  });

  it('show the join code and the link for another browser', async () => {
    const { run, hostKey, order } = await hostedRun('Open-Sesame');
    const { stdout } = await order('host', '--json');
    expect(JSON.parse(stdout)).toEqual({
      ...{ caller: 'host', joinCode: 'Open-Sesame', archived: false, visibility: 'public' },
      link: platform.client.origin + hostPage(run, hostKey),
    });
    expect((await order('host')).stdout).toContain('Join code  Open-Sesame');
  });

  it('give a volunteer another name, and tell of one that nobody has', async () => {
    const { run, order } = await hostedRun();
    const { volunteer } = await joinRun(platform.client, run, { name: 'Rude' });
    expect((await order('rename', 'Rude', 'Kind')).stdout).toBe('Rude is called Kind now.\n');
    expect((await platform.client.run(run)).view.volunteers[volunteer]?.name).toBe('Kind');
    const nobody = await order('rename', 'No body', 'Kind');
    expect([nobody.status, nobody.stderr]).toEqual([
      2,
      'homeroom: no volunteer of this run is called No body: `npx homeroom status LINK --json` lists all volunteers\n',
    ]);
  });

  it('archive a run and take it out again, and the list shows it if it is asked for', async () => {
    const { run, order } = await hostedRun();
    const runs = async (...more: string[]) =>
      JSON.parse((await runHomeroom(['list', platform.client.origin, '--json', ...more])).stdout).map(
        (listing: { run: string }) => listing.run,
      );
    await order('archive');
    expect(await runs()).not.toContain(run);
    expect(await runs('--archived')).toContain(run);
    await order('archive', '--back');
    expect(await runs()).toContain(run);
    const { stdout } = await runHomeroom(['list', platform.client.origin]);
    expect(stdout).toContain(run);
    expect(stdout.split('\n')[0]).toMatch(/^run +name +state +rounds +accuracy +here +created +finished$/);
  });

  it('find a run that is not public by the deployment key, which is this user’s on this machine', async () => {
    const { client, folder } = platform;
    const { run, hostKey } = await hostedRun();
    await new RunHost(client, run, hostKey).setVisibility('unlisted');
    const listed = async (...more: string[]) => (await runHomeroom(['list', client.origin, ...more])).stdout;
    expect(await listed()).not.toContain(run);
    expect(await listed('--folder', folder)).toMatch(new RegExp(`${run} .*draft, unlisted`));
    expect(await listed('--key', readFileSync(join(folder, 'deployment-key'), 'utf8'))).toContain(run);
  });

  it('delete a run only with --yes, and whoever joins then hears that it is gone', async () => {
    const { run, link, order } = await hostedRun();
    const asked = await order('delete');
    expect(asked.status).toBe(2);
    expect(asked.stderr).toContain(
      `this deletes tiny (${run}) for good, with its versions up to 0 and its ledger: say --yes`,
    );
    expect((await order('delete', '--yes')).stdout).toBe('The run is deleted.\n');
    expect((await order('delete', '--yes')).stdout).toBe('The run was deleted before.\n');
    const joined = await runHomeroom(['join', link]);
    expect([joined.status, joined.stdout, joined.stderr]).toEqual([
      ...[2, '', 'homeroom: the host has deleted this run\n'],
    ]);
  });
});

it('who joins a finished run hears so before anything is started for it', async () => {
  const { link, order } = await hostedRun();
  await order('finish');
  const { status, stdout, stderr } = await runHomeroom(['join', link]);
  expect([status, stdout, stderr]).toEqual([
    ...[2, ''],
    `homeroom: the run is finished, so nothing is left to train. To write its network to a folder: npx homeroom export "${link}"\n`,
  ]);
});

it('who has no code for a run that needs one hears so before anything is started for it', async () => {
  const { link } = await hostedRun('Blue House 7');
  const { status, stdout, stderr } = await runHomeroom(['join', link, '--name', 'Nobody yet']);
  expect([status, stdout, stderr]).toEqual([
    ...[2, ''],
    'homeroom: this run needs its join code: ask its host for it, and give it with --code\n',
  ]);
});

it('the doctor finds that data cannot be kept in a file', async () => {
  const { status, stdout } = await runHomeroom(['doctor', '--folder', 'package.json', '--port', '1']);
  expect([status, stdout]).toEqual([
    1,
    expect.stringContaining('data cannot be kept in package.json: package.json is a file'),
  ]);
});

it('the doctor says what there is, and the version is that of the package', async () => {
  const { status, stdout } = await runHomeroom(['doctor', '--json', '--folder', platform.folder]);
  expect(status).toBe(0);
  const texts = JSON.parse(stdout).map(({ text }: { text: string }) => text);
  expect(texts.join('\n')).toContain(`a platform is up at ${platform.client.origin}`);
  expect((await runHomeroom(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

it('the version that a command is given is no question for that of the program', async () => {
  const { link } = await hostedRun();
  const { status, stdout } = await runHomeroom(['export', link, '--version', '99']);
  expect([status, stdout]).toEqual([2, '']);
});
