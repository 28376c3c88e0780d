import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * When a process was started, as the system writes it: with the id it names a process for good. The id alone is given
 * again, to another process, after a restart of the machine and in another container.
 * @returns null if there is no such process, or if it cannot be looked at
 */
export function processMark(pid: number): string | null {
  return process.platform === 'linux' ? markInProc(pid) : markByPs(pid);
}

/** In ticks since the machine has started, so the start itself is named too. Container by container, ids differ. */
function markInProc(pid: number): string | null {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // A name may hold blanks and brackets, so the fields are counted from its end: the state is the first.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state, started] = [fields[0], fields[19]];
    // Of a process that has ended, its number stays until its parent has asked for its status.
    return state === 'Z' || state === 'X' ? null : `${boot} ${started}`;
  } catch {
    return null;
  }
}

/** Two terminals may have another language or time zone, and must read the same. */
function markByPs(pid: number): string | null {
  try {
    const shown = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      stdio: 'pipe',
      env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
    });
    return shown.trim() || null;
  } catch {
    return null;
  }
}
