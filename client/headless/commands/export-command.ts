import { Command } from 'commander';
import { exportRun } from '../../host/export-run.ts';
import { HomeroomClient } from '../../platform/homeroom-client.ts';
import { writeExport } from '../files/write-export.ts';
import { integerFlag } from './flags.ts';
import { requireRunLink } from './run-link.ts';

export const exportCommand = (): Command =>
  new Command('export')
    .description('write a run’s model as tfjs model.json with weights, and as safetensors')
    .argument('<link>', 'the join link of the run')
    .option('--out <dir>', 'folder to write to', 'export')
    .option('--version <n>', 'a version (default: the newest)', integerFlag(0, 1_000_000))
    .action(async (link: string, { out, version }: { out: string; version?: number }) => {
      const { origin, run } = requireRunLink(link);
      const client = new HomeroomClient(origin);
      const info = await client.run(run);
      const number = version ?? info.view.version;
      const exported = await exportRun(client, info, number);
      const written = await writeExport(out, exported);
      if (exported.warning !== null) console.error(`homeroom: WARNING: ${exported.warning}`);
      console.log(`version ${number} written to ${out}: ${written}`);
    });
