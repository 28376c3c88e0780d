import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { paths } from '../../shared/protocol/paths.ts';
import { refusalBodySchema } from '../../shared/protocol/refusal-body.ts';
import * as samples from '../fuzz/decoders/message-samples.ts';
import { mutatedBytes } from '../fuzz/mutate-bytes.ts';
import { mutatedJson } from '../fuzz/mutate-json.ts';
import { propertyRuns } from '../support/extent.ts';
import { FrameSocket } from '../support/frame-socket.ts';
import { usePlatform } from '../support/test-platform.ts';
import { createTinyRun, joinRun, type TinyRun, takeLease, updateOf } from '../support/tiny-run.ts';

const platform = usePlatform();

/** The same in every run. */
const SEED = 3;
const numRuns = propertyRuns(25);

interface Called {
  readonly method: 'POST' | 'PUT';
  readonly path: string;
  readonly token: string;
}

/** The platform's reply is a success or a refusal in its own form, and never that it failed. */
async function call({ method, path, token }: Called, body: Uint8Array<ArrayBuffer>): Promise<void> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const response = await fetch(platform.client.origin + path, { method, body, headers });
  const text = await response.text();
  expect(response.status, `${path}: ${text.slice(0, 200)}`).toBeLessThan(500);
  if (!response.ok) expect(refusalBodySchema.safeParse(JSON.parse(text)).success, text).toBe(true);
}

const tried = (inputs: fc.Arbitrary<Uint8Array>, called: Called): Promise<void> =>
  fc.assert(
    fc.asyncProperty(inputs, input => call(called, Uint8Array.from(input))),
    { seed: SEED, numRuns },
  );

const expectAlive = async ({ run }: TinyRun): Promise<void> => {
  expect((await platform.client.run(run)).view.phase).not.toBe('draft');
};

describe('whatever body comes, a route replies with a success or a refusal', () => {
  const volunteered = async () => {
    const tiny = await createTinyRun(platform.client);
    return { tiny, volunteer: await joinRun(platform.client, tiny.run) };
  };

  test('to create a run, and to register a data set', async () => {
    const { tiny } = await volunteered();
    await tried(mutatedJson(samples.createRequests), { method: 'POST', path: paths.runs, token: '' });
    await tried(mutatedJson([samples.hosted]), { method: 'POST', path: paths.datasets, token: '' });
    await expectAlive(tiny);
  });

  test('to control a run, to join it, to ask for a lease and to give one back', async () => {
    const { tiny, volunteer } = await volunteered();
    const { run, hostKey } = tiny;
    const post = (path: string, token: string): Called => ({ method: 'POST', path, token });
    await tried(mutatedJson([samples.joinRequest]), post(paths.join(run), ''));
    await tried(
      mutatedJson([{ beside: 'lease1', macsPerSecond: 1e9 }]),
      post(paths.leases(run), volunteer.token),
    );
    const release = mutatedJson([{ reason: 'stopped', diverged: false }]);
    await tried(release, post(paths.release(run, 'lease1'), volunteer.token));
    await tried(mutatedJson([{ action: 'pause' }, { action: 'resume' }]), post(paths.control(run), hostKey));
    await expectAlive(tiny);
  });

  test('one that is longer than such a body ever is, it does not read', async () => {
    const { tiny, volunteer } = await volunteered();
    const body = JSON.stringify({ reason: 'x'.repeat(20_000) });
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${volunteer.token}` };
    for (const path of [paths.join(tiny.run), paths.leases(tiny.run), paths.release(tiny.run, 'lease1')]) {
      const response = await fetch(platform.client.origin + path, { method: 'POST', body, headers });
      expect(response.status).toBe(413);
    }
  });

  test('to take an update', async () => {
    const { tiny, volunteer } = await volunteered();
    const lease = await takeLease(platform.client, tiny.run, volunteer);
    const honest = updateOf(tiny.model, lease, () => 0.25);
    const path = paths.update(tiny.run, lease.id);
    await tried(mutatedBytes([honest]), { method: 'PUT', path, token: lease.token });
    await expectAlive(tiny);
  });

  test('whatever a socket sends, others hear on', async () => {
    const { tiny, volunteer } = await volunteered();
    const socket = FrameSocket.ofVolunteer(platform.client, tiny.run, volunteer.token);
    const onlooker = FrameSocket.ofView(platform.client, tiny.run);
    await Promise.all([socket.open(), onlooker.open()]);
    const said = mutatedJson([{ type: 'ack', token: 'abc' }, ...samples.frames]);
    for (const message of fc.sample(said, { seed: SEED, numRuns })) {
      const text = Buffer.from(message).toString();
      socket.socket.send(text.length % 2 === 0 ? text : Uint8Array.from(message));
    }
    const another = await joinRun(platform.client, tiny.run, { name: 'Grace' });
    await onlooker.viewWhen(view => view.volunteers[another.volunteer] !== undefined, 'the next volunteer');
    socket.close();
    onlooker.close();
  });
});
