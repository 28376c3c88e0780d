import type { Translation } from '../translation.ts';
import { charts } from './charts.ts';
import { copy } from './copy.ts';
import { data } from './data.ts';
import { events } from './events.ts';
import type { germanFirst } from './german-first.ts';
import type { germanForm } from './german-form.ts';
import type { germanTry } from './german-try.ts';
import { host } from './host.ts';
import { invite } from './invite.tsx';
import { person } from './person.tsx';
import { run } from './run.ts';
import { settings } from './settings.ts';
import { volunteer } from './volunteer.tsx';

/** Everything else in German: what neither the first page says, nor the form, nor the parts in which a network is tried. */
export const german: Omit<
  Translation,
  keyof typeof germanFirst | keyof typeof germanForm | keyof typeof germanTry
> = {
  charts,
  copy,
  data,
  events,
  host,
  invite,
  person,
  run,
  settings,
  volunteer,
};
