import type { Translation } from '../translation.ts';
import { charts } from './charts.ts';
import { copy } from './copy.ts';
import { data } from './data.ts';
import { download } from './download.ts';
import { events } from './events.ts';
import type { germanFirst } from './german-first.ts';
import type { germanForm } from './german-form.ts';
import { host } from './host.ts';
import { invite } from './invite.tsx';
import { person } from './person.tsx';
import { run } from './run.ts';
import { settings } from './settings.ts';
import { testHere } from './test.ts';
import { tryIt } from './try.ts';
import { volunteer } from './volunteer.tsx';

/** Everything else in German: neither the first page nor the form says it. */
export const german: Omit<Translation, keyof typeof germanFirst | keyof typeof germanForm> = {
  charts,
  copy,
  data,
  events,
  host,
  invite,
  person,
  run,
  settings,
  tryIt,
  testHere,
  download,
  volunteer,
};
