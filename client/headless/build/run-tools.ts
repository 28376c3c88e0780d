import { spawn } from 'node:child_process';

export interface ToolsEnd {
  /** 0 if every tool ended well. */
  readonly status: number;
  /** Everything that the tools said, in the order in which it came. */
  readonly output: string;
}

/** What a shell reports of a process that Ctrl-C ended. */
const INTERRUPTED = 130;

/** Tools say only what is amiss, tell nobody that they are used, and ask for nothing. */
const environment = {
  WRANGLER_LOG: 'warn',
  WRANGLER_SEND_METRICS: 'false',
  FORCE_COLOR: process.stderr.isTTY ? '1' : '0',
};

/** Runs scripts in Node, all at the same time, and waits for the last. */
export async function runTools(root: string, tools: readonly (readonly string[])[]): Promise<ToolsEnd> {
  let output = '';
  const hear = (chunk: Buffer): void => {
    output += chunk;
  };
  const ends = await Promise.all(tools.map(tool => runTool(root, tool, hear)));
  return { status: ends.find(status => status !== 0) ?? 0, output };
}

function runTool(root: string, tool: readonly string[], hear: (chunk: Buffer) => void): Promise<number> {
  const child = spawn(process.execPath, tool, {
    cwd: root,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  return new Promise((resolve, reject) => {
    child.on('error', reject).on('close', status => resolve(status ?? INTERRUPTED));
  });
}
