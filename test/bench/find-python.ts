import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Loading PyTorch from a cold disk takes seconds. */
const TIMEOUT_MS = 60_000;

/** The first Python that has PyTorch: $PYTHON, the one in the path, Debian's. Null if none has it. */
export async function findPython(): Promise<string | null> {
  const candidates = [process.env.PYTHON, 'python3', '/usr/bin/python3'];
  for (const python of candidates) if (python && (await hasPyTorch(python))) return python;
  return null;
}

const hasPyTorch = (python: string): Promise<boolean> =>
  promisify(execFile)(python, ['-c', 'import torch'], { timeout: TIMEOUT_MS }).then(
    () => true,
    () => false,
  );
