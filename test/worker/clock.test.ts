import { expect, test } from 'vitest';
import { useFaultyPlatform } from '../support/faulty-platform.ts';
import { FrameSocket } from '../support/frame-socket.ts';
import { entriesOf, until } from '../support/poll.ts';
import { createTinyRun, joinMany, joinRun, takeLease } from '../support/tiny-run.ts';

const { platform, setFaults } = useFaultyPlatform();

test('[EVENT1] [EVENT6] a clock that is set back by an hour holds up no event, and nobody who leaves', async () => {
  const { client } = platform();
  const { run } = await createTinyRun(client);
  const [volunteer] = await joinMany(client, run, 1);
  if (!volunteer) throw new Error('one volunteer');
  const watching = FrameSocket.ofView(client, run);
  const waiting = FrameSocket.ofVolunteer(client, run, volunteer.token);
  await Promise.all([watching.open(), waiting.open()]);
  const lease = await takeLease(client, run, volunteer);
  await watching.viewWhen(({ atWork }) => atWork[lease.task.role] === 1, 'the lease');
  await setFaults({ clockMs: -3_600_000 });
  await joinRun(client, run);
  await watching.viewWhen(({ joined }) => joined === 2, 'the join');
  waiting.close();
  const freed = await until(
    async () => (await entriesOf(client, run, 'place-freed')).at(0),
    'its place to be free',
  );
  expect(freed).toMatchObject({ lease: lease.id, why: 'gone' });
  watching.close();
}, 60_000);
