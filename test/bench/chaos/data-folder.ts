import { execFileSync } from 'node:child_process';
import { rmSync, statfsSync } from 'node:fs';
import { cp, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A scenario's disk. It lies in memory, and takes only as much of that as is written. On a busy machine a scenario's
 * restarts take a minute, in which volunteers send 100 MB and more.
 */
const DISK_BYTES = 1_000_000_000;

/** What is written just now may need room before the disk has shrunk. So each try leaves so much more. */
const SLACK_BYTES = 65_536;
const TRIES = 50;

/** What a scenario that is broken off leaves behind goes with its process, the disk in memory above all. */
const inUse = new Set<DataFolder>();
process.on('exit', () => {
  for (const folder of inUse) folder.remove();
});

/** Where the platform of a scenario keeps its data: a disk of its own if this machine lets us make one. */
export class DataFolder {
  readonly path: string;
  private readonly isDisk: boolean;

  private constructor(path: string, isDisk: boolean) {
    this.path = path;
    this.isDisk = isDisk;
    inUse.add(this);
  }

  static async make(seed: number): Promise<DataFolder> {
    const path = await mkdtemp(join(tmpdir(), `homeroom-chaos-${seed}-`));
    return new DataFolder(path, mountDisk(path, DISK_BYTES));
  }

  /** The platform's own folder in it. */
  get platform(): string {
    return join(this.path, 'platform');
  }

  /**
   * From here on the disk is as large as what is on it.
   * @returns false if there is no disk of our own that we may fill
   */
  fill(): boolean {
    if (!this.isDisk) return false;
    for (let i = 0; i < TRIES; i++) {
      const { blocks, bfree, bsize } = statfsSync(this.path);
      if (mountDisk(this.path, (blocks - bfree) * bsize + i * SLACK_BYTES, 'remount')) return true;
    }
    return false;
  }

  makeRoom(): void {
    if (this.isDisk && !mountDisk(this.path, DISK_BYTES, 'remount'))
      throw new Error(`the disk at ${this.path} does not grow again`);
  }

  /** Copies what is in it to where it can be looked at. Returns that place. */
  async keep(): Promise<string> {
    const kept = `${this.path}-kept`;
    await cp(this.platform, kept, { recursive: true });
    return kept;
  }

  remove(): void {
    inUse.delete(this);
    if (this.isDisk) execFileSync('umount', ['-l', this.path], { stdio: 'ignore' });
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** Whoever may not mount is left with an ordinary folder. */
function mountDisk(path: string, bytes: number, ...options: readonly 'remount'[]): boolean {
  const how = [...options, `size=${bytes}`].join();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', how, 'tmpfs', path], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
