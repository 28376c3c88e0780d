import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** A process that listens on a port. */
interface PortHolder {
  readonly pid: number;
  readonly name: string;
}

/**
 * Who listens on a TCP port of this machine. Null if nobody does, or if it cannot be known: another user's process, for
 * instance, may not be looked at.
 */
export function portHolder(port: number): PortHolder | null {
  try {
    return process.platform === 'linux' ? holderInProc(port) : holderByLsof(port);
  } catch {
    return null;
  }
}

/** State of a listening socket in /proc/net/tcp. */
const LISTENS = '0A';

function holderInProc(port: number): PortHolder | null {
  const wanted = new Set(['tcp', 'tcp6'].flatMap(table => inodesIn(`/proc/net/${table}`, port)));
  if (wanted.size === 0) return null;
  const pid = readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .find(id => socketsOf(id).some(inode => wanted.has(inode)));
  if (pid === undefined) return null;
  return { pid: Number(pid), name: readFileSync(`/proc/${pid}/comm`, 'utf8').trim() };
}

/** `sl local_address rem_address st … inode`; an address ends with its port in hexadecimal. */
function inodesIn(table: string, port: number): string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return linesOf(table).flatMap(line => {
    const fields = line.trim().split(/\s+/);
    return fields[3] === LISTENS && fields[1]?.endsWith(suffix) ? (fields[9] ?? []) : [];
  });
}

function linesOf(table: string): string[] {
  try {
    return readFileSync(table, 'utf8').split('\n');
  } catch {
    // A machine without IPv6 has one table.
    return [];
  }
}

/** Inodes of the sockets that a process has open. None if it is another user's, or has ended meanwhile. */
function socketsOf(pid: string): string[] {
  try {
    const folder = `/proc/${pid}/fd`;
    return readdirSync(folder).flatMap(fd => /^socket:\[(\d+)\]$/.exec(linkOf(`${folder}/${fd}`))?.[1] ?? []);
  } catch {
    return [];
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

/** `-Fpc` prints `p123` and `cname`, a line each. */
function holderByLsof(port: number): PortHolder | null {
  const flags = ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'];
  const shown = execFileSync('lsof', flags, { encoding: 'utf8', stdio: 'pipe' });
  const [, pid] = /^p(\d+)$/m.exec(shown) ?? [];
  const [, name] = /^c(.+)$/m.exec(shown) ?? [];
  return pid && name ? { pid: Number(pid), name } : null;
}
