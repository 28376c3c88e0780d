import { resolve } from 'node:path';
import { cutText } from '../../../shared/protocol/cut-text.ts';
import { MAX_VOLUNTEER_NAME } from '../../../shared/protocol/messages.ts';
import { toOneLine } from '../../../shared/protocol/one-line.ts';
import { HomeroomClient } from '../../platform/homeroom-client.ts';
import type { BackendChoice } from '../../trainer/trainer-api.ts';
import type { VolunteerStatus } from '../../volunteer/volunteer-status.ts';
import { buildUpTo } from '../build/build-up-to.ts';
import { requireRunLink } from '../commands/require-run-link.ts';
import { packageRoot } from '../package-root.ts';
import { interruptSignal } from '../terminal/interrupt.ts';
import { many } from '../terminal/many.ts';
import { statusLog } from '../terminal/status-log.ts';
import {
  clearStatus,
  formatBytes,
  isTerminal,
  printLine,
  printStatus,
  progressBar,
} from '../terminal/terminal.ts';
import { UsageError } from '../terminal/usage-error.ts';
import { startHeadlessVolunteer } from '../volunteer/headless-volunteer.ts';
import { findRun } from './find-run.ts';

export interface JoinOptions {
  readonly name: string;
  readonly backend: BackendChoice;
  readonly threads: number;
  readonly memory?: number;
  readonly mostMinutes: number;
  readonly mostDownload: number;
  readonly code?: string;
  readonly referee: boolean;
}

/** Volunteers until the run is over or Ctrl-C is pressed. */
export async function join(
  link: string,
  { name, backend, threads, memory, mostMinutes, mostDownload, code, referee }: JoinOptions,
): Promise<void> {
  const { origin, run, key: judging, hostKey } = requireRunLink(link);
  const linked = judging ?? hostKey;
  const key = referee ? (linked ?? requireKey()) : linked;
  const signal = interruptSignal();
  const client = new HomeroomClient(origin);
  const info = await findRun(client, run, signal);
  if (!info) return;
  await buildUpTo('kernels');
  const log = statusLog(line => printLine(line));
  let [device, fallback, unsent, setAside, standing]: (string | null)[] = [null, null, null, null, null];
  const volunteer = startHeadlessVolunteer({
    client,
    run,
    name: cutText(name, MAX_VOLUNTEER_NAME),
    backend,
    threads,
    memoryMB: memory,
    workLimits: { minutes: mostMinutes, downloadMB: mostDownload },
    cacheFolder: resolve(packageRoot, '.homeroom/cache'),
    isRemembered: true,
    needsCode: info.needsCode,
    onStatus: status => {
      // This is printed once and stays. The status line below it is rewritten.
      if (status.backend !== null && describeDevice(status) !== device)
        printLine(`Training on ${describeDevice(status)}.`);
      if (status.fallback !== null && status.fallback !== fallback) printLine(status.fallback);
      // Words that end a line stay in a log too; the platform's coming back is seen by their absence.
      if (status.unsent !== null && unsent === null) printLine(`${status.unsent}.`);
      if (status.setAside !== null && status.setAside !== setAside) printLine(`${status.setAside}.`);
      if (status.standing !== null && status.standing !== standing) printLine(`${status.standing}.`);
      [device, fallback, unsent] = [describeDevice(status), status.fallback, status.unsent];
      setAside = status.setAside;
      standing = status.standing;
      if (isTerminal) printStatus(describe(status));
      else log(status);
    },
    ...(code === undefined ? {} : { code }),
    ...(key === undefined ? {} : { hostKey: key }),
  });
  signal.addEventListener('abort', () => volunteer.control.stop());
  const end = await volunteer.done;
  clearStatus();
  console.log(
    `${many(end.contributions, 'contribution')}, ${end.refused} refused, ${formatBytes(end.bytesUp)} up, ${formatBytes(end.bytesDown)} down`,
  );
  if (signal.aborted) process.exitCode = 130;
}

/**
 * Read only if it is asked for: the variable may hold another run's key, or that of a deployment, and nobody wants to show
 * those to whatever platform a link leads to.
 */
function requireKey(): string {
  const key = process.env.HOMEROOM_KEY;
  if (key) return key;
  throw new UsageError(
    '--referee takes the key from HOMEROOM_KEY: set it to the host key of the run, or to a referee’s key',
  );
}

const describeDevice = ({ backend, threads }: VolunteerStatus): string =>
  threads > 1 ? `${backend}, ${threads} threads` : `${backend}`;

const describe = (status: VolunteerStatus): string => {
  const { activity, role, round, progress, note, unsent, samplesPerSecond, checking } = status;
  const speed = samplesPerSecond === null ? '' : ` · ${samplesPerSecond.toFixed(0)} examples/s`;
  if (role === null || unsent !== null) {
    const told = unsent ?? note;
    const check = checking === null ? '' : ` · checks version ${checking}`;
    return toOneLine(`${activity}${told ? `: ${told}` : ''}${check}${speed}`);
  }
  return `${progressBar(progress)} ${activity} as ${role}, round ${round}${speed}`;
};
