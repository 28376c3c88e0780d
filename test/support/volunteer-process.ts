import { join } from 'node:path';
import { openFolderOutbox } from '../../client/headless/files/folder-outbox.ts';
import { claimPlace } from '../../client/headless/volunteer/volunteer-place.ts';
import { HomeroomClient } from '../../client/platform/homeroom-client.ts';
import { runVolunteer } from '../../client/volunteer/run-volunteer.ts';
import { VolunteerControl } from '../../client/volunteer/volunteer-control.ts';
import { keepsNothing } from './memory-store.ts';
import { ScriptedTrainer } from './scripted-trainer.ts';

/** A volunteer in a process of its own, so that a test can kill it: `volunteer-process.ts ORIGIN RUN FOLDER`. */
const [origin = '', run = '', folder = ''] = process.argv.slice(2);
const place = await claimPlace(join(folder, 'volunteers'), { origin, run, name: 'Ada', device: 'cpu' });

await runVolunteer({
  client: new HomeroomClient(origin),
  run,
  control: new VolunteerControl(),
  trainer: new ScriptedTrainer(50).api,
  trainerOptions: { backend: 'cpu' },
  cache: keepsNothing,
  residuals: keepsNothing,
  outbox: openFolderOutbox(join(folder, 'outbox')),
  identity: place.read(),
  onIdentity: place.write,
  name: 'Ada',
  memoryMB: 0,
});
