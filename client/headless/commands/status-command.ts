import { Command } from 'commander';
import { runPage } from '../../../shared/protocol/paths.ts';
import { HomeroomClient } from '../../platform/homeroom-client.ts';
import { RoundTable } from '../demo/round-table.ts';
import { formatPercent } from '../terminal/terminal.ts';
import { requireRunLink } from './run-link.ts';

export const statusCommand = (): Command =>
  new Command('status')
    .description('the runs of a platform, or how one run stands')
    .argument('<url>', 'a platform, or a join link')
    .option('--json', 'print JSON for a script', false)
    .action(async (url: string, { json }: { json: boolean }) => {
      await (url.includes('#') ? tellRun(url, json) : tellRuns(url, json));
    });

async function tellRuns(origin: string, json: boolean): Promise<void> {
  const client = new HomeroomClient(origin);
  const runs = await client.listRuns();
  if (json) return console.log(JSON.stringify(runs));
  if (runs.length === 0) console.log('no runs yet');
  for (const { run, name, phase, round, rounds, accuracy } of runs)
    console.log(
      `${client.origin}${runPage(run)}  ${phase}, round ${round} of ${rounds}, ${formatPercent(accuracy)}  ${name}`,
    );
}

async function tellRun(link: string, json: boolean): Promise<void> {
  const { origin, run } = requireRunLink(link);
  const info = await new HomeroomClient(origin).run(run);
  if (json) return console.log(JSON.stringify(info.view));
  const { spec, view } = info;
  console.log(
    `${spec.name}: ${view.phase}, round ${view.round} of ${spec.rounds}, ${Object.keys(view.volunteers).length} volunteers`,
  );
  const table = new RoundTable(info);
  table.start();
  table.update(view, true);
}
