import type { Activity, VolunteerStatus } from '../../volunteer/volunteer-status.ts';

/** The same words are told again after this. */
const REPEAT_MS = 600_000;

/** Somebody who reads a log sees so often that a long task goes on. */
const PROGRESS_MS = 60_000;

/** What these have to say is of the moment: which file comes, what is being prepared. */
const momentary: readonly Activity[] = ['starting', 'downloading', 'stopped', 'failed'];

/**
 * Tells a volunteer's status in a log, in lines that stay. A terminal has one line that is rewritten; a pipe would else
 * hear nothing of why a volunteer waits, gives tasks back, or is at one task for long.
 * @param now in ms
 */
export function statusLog(
  print: (line: string) => void,
  now: () => number = () => performance.now(),
): (status: VolunteerStatus) => void {
  const told = new Map<string, number>();
  let task = { lease: '', toldAt: 0 };
  let refusals = 0;
  const tellNote = (note: string): void => {
    const at = told.get(note);
    if (at !== undefined && now() - at < REPEAT_MS) return;
    for (const [old, since] of told) if (now() - since >= REPEAT_MS) told.delete(old);
    told.set(note, now());
    print(note);
  };
  const tellProgress = ({ lease, role, round, progress }: VolunteerStatus): void => {
    if (lease !== null && lease !== task.lease) task = { lease, toldAt: now() };
    if (now() - task.toldAt < PROGRESS_MS) return;
    task = { ...task, toldAt: now() };
    print(`At work as ${role}, round ${round}: ${(100 * progress).toFixed(0)} % of the task is done.`);
  };
  return status => {
    const { activity, note, refused } = status;
    const isRefused = refused > refusals;
    refusals = refused;
    if (activity === 'training') tellProgress(status);
    if (note !== null && (isRefused || !momentary.includes(activity))) tellNote(sentence(activity, note));
  };
}

const sentence = (activity: Activity, note: string): string =>
  activity === 'waiting' ? `Waiting: ${note}.` : `${note.charAt(0).toUpperCase()}${note.slice(1)}.`;
