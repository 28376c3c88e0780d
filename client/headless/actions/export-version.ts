import { toOneLine } from '../../../shared/protocol/one-line.ts';
import { exportRun } from '../../host/export-run.ts';
import { HomeroomClient } from '../../platform/homeroom-client.ts';
import { requireRunLink } from '../commands/require-run-link.ts';
import { writeExport } from '../files/write-export.ts';
import { printLine } from '../terminal/terminal.ts';

export interface ExportOptions {
  readonly out: string;
  /** The newest if left out. */
  readonly version?: number;
}

/** Writes a version of a run's model to a folder. */
export async function exportVersion(link: string, { out, version }: ExportOptions): Promise<void> {
  const { origin, run } = requireRunLink(link);
  const client = new HomeroomClient(origin);
  const info = await client.run(run);
  const number = version ?? info.view.version;
  const exported = await exportRun(client, info, number);
  const written = await writeExport(out, exported);
  if (exported.warning !== null) console.error(toOneLine(`homeroom: WARNING: ${exported.warning}`));
  printLine(`version ${number} written to ${out}: ${written}`);
}
