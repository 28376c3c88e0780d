import { hostname } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { HomeroomClient } from '../../platform/homeroom-client.ts';
import type { BackendChoice } from '../../trainer/trainer-api.ts';
import type { VolunteerState } from '../../volunteer/volunteer-state.ts';
import { startHeadlessVolunteer } from '../demo/headless-volunteer.ts';
import { packageRoot } from '../local-platform/local-platform.ts';
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
    onState: state => {
      // Said once, and for good: the status below it is rewritten.
      if (state.backend !== null && describeDevice(state) !== device)
        printLine(`Training on ${describeDevice(state)}.`);
      if (state.fallback !== null && state.fallback !== fallback) printLine(state.fallback);
      [device, fallback] = [describeDevice(state), state.fallback];
      printStatus(describe(state));
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

const describeDevice = ({ backend, threads }: VolunteerState): string =>
  threads > 1 ? `${backend}, ${threads} threads` : `${backend}`;

const describe = ({ activity, role, round, progress, note, samplesPerSecond }: VolunteerState): string => {
  const speed = samplesPerSecond === null ? '' : ` · ${samplesPerSecond.toFixed(0)} samples/s`;
  if (role === null) return `${activity}${note ? `: ${note}` : ''}${speed}`;
  return `${progressBar(progress)} ${activity} as ${role}, round ${round}${speed}`;
};
