import { toOneLine } from '../../../shared/protocol/one-line.ts';
import type { RunListing } from '../../../shared/protocol/run-list.ts';
import { runProgress } from '../../../shared/view/run-progress.ts';
import { HomeroomClient } from '../../platform/homeroom-client.ts';
import { requireOrigin } from '../commands/require-origin.ts';
import { ownDeploymentKey } from '../local-platform/own-deployment-key.ts';
import { describeAccuracy, describePhase } from '../terminal/describe-run.ts';
import { formatMoment } from '../terminal/format-moment.ts';
import { formatTable } from '../terminal/format-table.ts';
import { toJsonLine } from '../terminal/terminal.ts';

export interface ListFlags {
  readonly archived: boolean;
  readonly json: boolean;
  readonly key?: string;
  readonly folder: string;
}

/** The public runs of a platform, or all if its owner asks, the newest first. */
export async function listRuns(url: string, { archived, json, key, folder }: ListFlags): Promise<void> {
  const client = new HomeroomClient(requireOrigin(url));
  const shown = key ?? ownDeploymentKey(client.origin, folder);
  const runs = await client.listRuns({ archived, key: shown });
  if (json) return console.log(toJsonLine(runs));
  if (runs.length === 0) return console.log(shown === undefined ? 'no public runs yet' : 'no runs yet');
  console.log(formatTable(COLUMNS, runs.map(rowOf)));
  console.log(`The link to a run is ${client.origin}/#/runs/RUN`);
}

const TEXTS = ['run', 'name', 'state', 'accuracy', 'created', 'finished'];
const COLUMNS = ['run', 'name', 'state', 'rounds', 'accuracy', 'here', 'created', 'finished'].map(title => ({
  ...{ title, isText: TEXTS.includes(title) },
}));

const rowOf = (listing: RunListing): string[] => [
  listing.run,
  toOneLine(listing.name),
  [
    describePhase(listing),
    ...(listing.archived ? ['archived'] : []),
    ...(listing.unlisted ? ['unlisted'] : []),
  ].join(', '),
  `${runProgress(listing, listing.rounds).done}/${listing.rounds}`,
  describeAccuracy(listing),
  listing.here === null ? '' : String(listing.here),
  formatMoment(listing.createdAt),
  listing.finishedAt === null ? '' : formatMoment(listing.finishedAt),
];
