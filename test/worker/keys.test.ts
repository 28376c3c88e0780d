import { describe, expect, test } from 'vitest';
import { createNonce } from '../../client/platform/create-nonce.ts';
import { RunHost } from '../../client/platform/run-host.ts';
import { decodeToken } from '../support/decode-token.ts';
import { editStorage } from '../support/edit-storage.ts';
import { entriesOf, publishedVersion } from '../support/poll.ts';
import { usePlatform } from '../support/test-platform.ts';
import { createTinyRun, joinRun, refusalOf, takeLease, train, updateOf } from '../support/tiny-run.ts';

const platform = usePlatform();
const HOUR_MS = 3_600_000;

const hostOf = ({ run, hostKey }: { run: string; hostKey: string }): RunHost =>
  new RunHost(platform.client, run, hostKey);

const isReferee = async (run: string, volunteer: string): Promise<boolean | undefined> =>
  (await platform.client.run(run)).view.volunteers[volunteer]?.referee;

const keyIsNone = {
  reason: 'forbidden',
  detail: expect.stringContaining('none of this run’s referees’ keys'),
};

describe('a referee’s key', () => {
  test('[KEY1] makes referees of its run and nothing else, and is listed without its text', async () => {
    const [tiny, other] = [await createTinyRun(platform.client), await createTinyRun(platform.client)];
    const made = await hostOf(tiny).makeKey({ label: 'Ann', lastsMs: HOUR_MS });
    const { key, ...listing } = made;
    expect(await hostOf(tiny).listKeys()).toEqual([listing]);
    expect(await isReferee(tiny.run, (await joinRun(platform.client, tiny.run, {}, key)).volunteer)).toBe(
      true,
    );
    expect(await refusalOf(joinRun(platform.client, other.run, {}, key))).toMatchObject(keyIsNone);
    expect(await refusalOf(platform.client.control(tiny.run, 'pause', key))).toMatchObject({
      reason: 'forbidden',
    });
    expect(await refusalOf(new RunHost(platform.client, tiny.run, key).listKeys())).toMatchObject({
      status: 403,
    });
  });

  test('[KEY3] the token of who joined with it ends with the key', async () => {
    const tiny = await createTinyRun(platform.client);
    const { key, endsAt } = await hostOf(tiny).makeKey({ label: 'Ann', lastsMs: HOUR_MS });
    const { token } = await joinRun(platform.client, tiny.run, {}, key);
    expect(decodeToken(token)).toMatchObject({ exp: Math.floor(endsAt / 1_000) });
  });

  test('[KEY3] that has ended makes nobody a referee, is not listed, and lets nobody in without the code', async () => {
    const tiny = await createTinyRun(platform.client, { joinCode: 'sesame' });
    const { key, id } = await hostOf(tiny).makeKey({ label: 'Ann', lastsMs: HOUR_MS });
    const { key: lasting } = await hostOf(tiny).makeKey({ label: 'Bob', lastsMs: HOUR_MS });
    await platform.stop();
    editStorage(platform.folder, 'coordinators', database =>
      database.exec(`UPDATE item SET json = json_set(json, '$.keys[0].endsAt', 1)
        WHERE kind = 'keys' AND json LIKE '%${id}%'`),
    );
    await platform.start();
    expect(await hostOf(tiny).listKeys()).toMatchObject([{ label: 'Bob' }]);
    for (const code of [undefined, 'sesame'])
      expect(await refusalOf(joinRun(platform.client, tiny.run, code ? { code } : {}, key))).toMatchObject(
        keyIsNone,
      );
    const { volunteer } = await joinRun(platform.client, tiny.run, { code: 'sesame' });
    expect(await isReferee(tiny.run, volunteer)).toBe(false);
    await joinRun(platform.client, tiny.run, {}, lasting);
  });

  test('[KEY3] that is revoked makes nobody a referee, and puts out those who joined with it', async () => {
    const tiny = await createTinyRun(platform.client);
    const { key, id } = await hostOf(tiny).makeKey({ label: 'Ann', lastsMs: HOUR_MS });
    const referee = await joinRun(platform.client, tiny.run, {}, key);
    const other = await joinRun(platform.client, tiny.run);
    await hostOf(tiny).revokeKey(id);
    expect(await hostOf(tiny).listKeys()).toEqual([]);
    expect(await refusalOf(platform.client.lease(tiny.run, referee.token))).toMatchObject({
      reason: 'removed',
    });
    await takeLease(platform.client, tiny.run, other);
    expect(await refusalOf(joinRun(platform.client, tiny.run, {}, key))).toMatchObject(keyIsNone);
    expect(Object.keys((await platform.client.run(tiny.run)).view.volunteers)).toHaveLength(2);
    // To repeat it does no harm, and one that never was is told.
    await hostOf(tiny).revokeKey(id);
    expect(await refusalOf(hostOf(tiny).revokeKey('nosuchkey'))).toMatchObject({ reason: 'not-found' });
  });

  test('is refused if there are too many, and lasts a month at most', async () => {
    const tiny = await createTinyRun(platform.client);
    for (let i = 0; i < 50; i++) await hostOf(tiny).makeKey({ label: `${i}`, lastsMs: HOUR_MS });
    expect(await refusalOf(hostOf(tiny).makeKey({ label: '51', lastsMs: HOUR_MS }))).toMatchObject({
      detail: '50 keys: revoke one of them first',
    });
    for (const lastsMs of [0, 31 * 24 * HOUR_MS])
      expect(await refusalOf(hostOf(tiny).makeKey({ label: 'x', lastsMs }))).toMatchObject({
        reason: 'malformed',
      });
  });
});

describe('the host key', () => {
  test('[KEY4] is renewed: the one before opens nothing, the new one all, and a repeated call gives the same', async () => {
    const tiny = await createTinyRun(platform.client, { isOpen: false });
    const nonce = createNonce();
    const hostKey = await hostOf(tiny).renewHostKey(nonce);
    expect(hostKey).not.toBe(tiny.hostKey);
    expect(await refusalOf(platform.client.control(tiny.run, 'open', tiny.hostKey))).toMatchObject({
      reason: 'forbidden',
    });
    expect(await hostOf(tiny).renewHostKey(nonce)).toBe(hostKey);
    expect(await refusalOf(hostOf(tiny).renewHostKey(createNonce()))).toMatchObject({ reason: 'forbidden' });
    await platform.client.control(tiny.run, 'open', hostKey);
  });

  test('[KEY4] renewed, and the keys that were given away, are there after a restart', async () => {
    const tiny = await createTinyRun(platform.client);
    const hostKey = await hostOf(tiny).renewHostKey(createNonce());
    const { key, id } = await hostOf({ ...tiny, hostKey }).makeKey({ label: 'Ann', lastsMs: HOUR_MS });
    await platform.restart();
    expect(await hostOf({ ...tiny, hostKey }).listKeys()).toMatchObject([{ id }]);
    expect(await isReferee(tiny.run, (await joinRun(platform.client, tiny.run, {}, key)).volunteer)).toBe(
      true,
    );
    await platform.client.control(tiny.run, 'pause', hostKey);
  });
});

describe('[KEY2] a volunteer whom the host removes', () => {
  test('gets no lease, and cannot join again by the same wish', async () => {
    const tiny = await createTinyRun(platform.client);
    const nonce = createNonce();
    const { volunteer, token } = await joinRun(platform.client, tiny.run, { nonce });
    await takeLease(platform.client, tiny.run, { volunteer, token });
    await hostOf(tiny).removeVolunteer(volunteer);
    await hostOf(tiny).removeVolunteer(volunteer);
    for (const call of [
      platform.client.lease(tiny.run, token),
      joinRun(platform.client, tiny.run, { nonce }),
    ])
      expect(await refusalOf(call)).toMatchObject({ reason: 'removed', status: 403 });
    const told = (await entriesOf(platform.client, tiny.run, 'volunteer-removed')).length;
    expect(told).toBe(1);
    expect((await platform.client.run(tiny.run)).view.volunteers[volunteer]).toMatchObject({
      removed: true,
      lease: null,
    });
    expect(await refusalOf(hostOf(tiny).removeVolunteer('nobodyhere'))).toMatchObject({
      reason: 'not-found',
    });
  });

  test('returns no update for a lease that it still holds, also after a restart, and what it returned before counts', async () => {
    const tiny = await createTinyRun(platform.client, {
      spec: { policy: { updatesPerRound: 2, evaluators: 'referees' } },
    });
    const bad = await joinRun(platform.client, tiny.run);
    const good = await joinRun(platform.client, tiny.run);
    await train(platform.client, tiny, bad, () => 0.25);
    const held = await takeLease(platform.client, tiny.run, bad);
    await hostOf(tiny).removeVolunteer(bad.volunteer);
    const send = () =>
      platform.client.putUpdate(
        tiny.run,
        held.id,
        held.token,
        updateOf(tiny.model, held, () => 1),
      );
    expect(await refusalOf(send())).toMatchObject({ reason: 'removed' });
    await platform.restart();
    expect(await refusalOf(send())).toMatchObject({ reason: 'removed' });
    await train(platform.client, tiny, good, () => 0.25);
    await publishedVersion(platform.client, tiny.run, 1);
    const [published] = await entriesOf(platform.client, tiny.run, 'version-published');
    expect(published?.updates).toEqual({ student: 1, teacher: 1 });
  });
});
