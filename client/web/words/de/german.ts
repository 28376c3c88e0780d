import type { Translation } from '../translation.ts';
import { charts } from './charts.ts';
import { copy } from './copy.ts';
import { data } from './data.ts';
import { download } from './download.ts';
import { events } from './events.ts';
import type { germanFirst } from './german-first.ts';
import { host } from './host.ts';
import { invite } from './invite.tsx';
import { networks } from './networks.ts';
import { newRun } from './new-run.ts';
import { person } from './person.tsx';
import { plans } from './plans.ts';
import { run } from './run.ts';
import { settings } from './settings.ts';
import { testHere } from './test.ts';
import { tryIt } from './try.ts';
import { volunteer } from './volunteer.tsx';

/** Everything else in German: what no first page says. */
export const german: Omit<Translation, keyof typeof germanFirst> = {
  charts,
  copy,
  data,
  events,
  host,
  invite,
  networks,
  newRun,
  person,
  plans,
  run,
  settings,
  tryIt,
  testHere,
  download,
  networks,
  plans,
  volunteer,
};
