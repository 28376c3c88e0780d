import { execFileSync } from 'node:child_process';

/** One field of a process, as `ps` shows it. Empty if it cannot be known. */
function fieldOf(pid: number, field: 'ppid' | 'args'): string {
  try {
    return execFileSync('ps', ['-o', `${field}=`, '-p', String(pid)], {
      encoding: 'utf8',
      stdio: 'pipe',
    }).trim();
  } catch {
    return '';
  }
}

/** Null if it cannot be known. */
export const parentOf = (pid: number): number | null => Number(fieldOf(pid, 'ppid')) || null;

/** With its arguments. */
export const commandOf = (pid: number): string => fieldOf(pid, 'args');
