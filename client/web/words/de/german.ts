import type { Translation } from '../translation.ts';
import { charts } from './charts.ts';
import { claim } from './claim.ts';
import { copy } from './copy.ts';
import { events } from './events.ts';
import type { germanFirst } from './german-first.ts';
import type { germanForm } from './german-form.ts';
import type { germanTry } from './german-try.ts';
import { host } from './host.tsx';
import { invite } from './invite.tsx';
import { run } from './run.ts';
import { volunteer } from './volunteer.tsx';

/** Everything else in German: what neither the first page says, nor the form, nor the parts of the page of a run that come after it. */
export const german: Omit<
  Translation,
  keyof typeof germanFirst | keyof typeof germanForm | keyof typeof germanTry
> = {
  charts,
  claim,
  copy,
  events,
  host,
  invite,
  run,
  volunteer,
};
