import { hostname } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { HomeroomClient } from '../../platform/homeroom-client.ts';
import type { BackendChoice } from '../../trainer/trainer-api.ts';
import type { VolunteerStatus } from '../../volunteer/volunteer-status.ts';
import { startHeadlessVolunteer } from '../demo/headless-volunteer.ts';
import { packageRoot } from '../package-root.ts';
import { interruptSignal } from '../terminal/interrupt.ts';
import { clearStatus, formatBytes, printLine, printStatus, progressBar } from '../terminal/terminal.ts';
import { backendFlag, threadsFlag } from './flags.ts';
import { requireRunLink } from './run-link.ts';

interface JoinOptions {
  readonly name: string;
  readonly backend: BackendChoice;
  readonly threads: number;
  readonly code?: string;
}

export const joinCommand = (): Command =>
  new Command('join')
    .description('volunteer in a run from this terminal')
    .argument('<link>', 'the join link, as the run page shows it')
    .option('--name <name>', 'what others see', hostname())
    .option('--code <code>', 'the join code, where the run has one')
    .addOption(backendFlag('auto'))
    .addOption(threadsFlag())
    .action(joinRun);

async function joinRun(link: string, { name, backend, threads, code }: JoinOptions): Promise<void> {
  const { origin, run } = requireRunLink(link);
  const signal = interruptSignal();
  let [device, fallback]: (string | null)[] = [null, null];
  const volunteer = startHeadlessVolunteer({
    client: new HomeroomClient(origin),
    run,
    name: name.slice(0, 40),
    backend,
    threads,
    cacheFolder: join(packageRoot, '.homeroom', 'cache'),
    onStatus: status => {
      // Said once, and for good: the status below it is rewritten.
      if (status.backend !== null && describeDevice(status) !== device)
        printLine(`Training on ${describeDevice(status)}.`);
      if (status.fallback !== null && status.fallback !== fallback) printLine(status.fallback);
      [device, fallback] = [describeDevice(status), status.fallback];
      printStatus(describe(status));
    },
    ...(code === undefined ? {} : { code }),
  });
  signal.addEventListener('abort', () => volunteer.control.stop());
  const end = await volunteer.done;
  clearStatus();
  console.log(
    `${end.contributions} contributions, ${end.refused} refused, ${formatBytes(end.bytesUp)} up, ${formatBytes(end.bytesDown)} down`,
  );
  if (signal.aborted) process.exitCode = 130;
}

const describeDevice = ({ backend, threads }: VolunteerStatus): string =>
  threads > 1 ? `${backend}, ${threads} threads` : `${backend}`;

const describe = ({ activity, role, round, progress, note, samplesPerSecond }: VolunteerStatus): string => {
  const speed = samplesPerSecond === null ? '' : ` · ${samplesPerSecond.toFixed(0)} samples/s`;
  if (role === null) return `${activity}${note ? `: ${note}` : ''}${speed}`;
  return `${progressBar(progress)} ${activity} as ${role}, round ${round}${speed}`;
};
