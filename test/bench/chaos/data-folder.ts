import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { cp, mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A scenario's disk. It must hold all that a scenario writes, and be quick to fill. */
const DISK_MB = 96;

/** What a scenario that is broken off leaves behind goes with its process, the disk in memory above all. */
const inUse = new Set<DataFolder>();
process.on('exit', () => {
  for (const folder of inUse) folder.remove();
});

/** Where the platform of a scenario keeps its data: a small disk of its own if this machine lets us make one. */
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
    return new DataFolder(path, mountDisk(path));
  }

  /** The platform's own folder in it. */
  get platform(): string {
    return join(this.path, 'platform');
  }

  /** @returns false if there is no disk of our own that we may fill */
  async fill(): Promise<boolean> {
    if (!this.isDisk) return false;
    const { bavail, bsize } = await statfs(this.path);
    await writeFile(this.filler, Buffer.alloc(Math.max(0, bavail * bsize))).catch(() => {});
    return true;
  }

  async makeRoom(): Promise<void> {
    await rm(this.filler, { force: true });
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

  private get filler(): string {
    return join(this.path, 'filler');
  }
}

/** Whoever may not mount is left with an ordinary folder. */
function mountDisk(path: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MB}m`, 'tmpfs', path], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
