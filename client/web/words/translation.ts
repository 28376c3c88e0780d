import type { AbilityWords } from './en/abilities.ts';
import type { ChartWords } from './en/charts.ts';
import type { ClaimWords } from './en/claim.ts';
import type { CopyWords } from './en/copy.ts';
import type { DataWords } from './en/data.ts';
import type { DownloadWords } from './en/download.ts';
import type { EventWords } from './en/events.ts';
import type { HomeWords } from './en/home.ts';
import type { HostWords } from './en/host.tsx';
import type { InviteWords } from './en/invite.tsx';
import type { NetworksWords } from './en/networks.ts';
import type { NewRunWords } from './en/new-run.ts';
import type { PersonWords } from './en/person.tsx';
import type { PlansWords } from './en/plans.ts';
import type { RunWords } from './en/run.ts';
import type { SettingsWords } from './en/settings.ts';
import type { ShellWords } from './en/shell.ts';
import type { StorageWords } from './en/storage.ts';
import type { TestHereWords } from './en/test.ts';
import type { TryItWords } from './en/try.ts';
import type { VolunteerWords } from './en/volunteer.tsx';

/** All that the pages say. An area is what one page, or one panel of many pages, says; English defines its shape. */
export interface Translation {
  readonly abilities: AbilityWords;
  readonly charts: ChartWords;
  readonly claim: ClaimWords;
  readonly copy: CopyWords;
  readonly data: DataWords;
  readonly events: EventWords;
  readonly download: DownloadWords;
  readonly home: HomeWords;
  readonly host: HostWords;
  readonly invite: InviteWords;
  readonly networks: NetworksWords;
  readonly newRun: NewRunWords;
  readonly person: PersonWords;
  readonly plans: PlansWords;
  readonly run: RunWords;
  readonly settings: SettingsWords;
  readonly shell: ShellWords;
  readonly storage: StorageWords;
  readonly testHere: TestHereWords;
  readonly tryIt: TryItWords;
  readonly volunteer: VolunteerWords;
}
