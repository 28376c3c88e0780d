import { spawn } from 'node:child_process';

export interface ToolsEnd {
  /** 0 if every tool ended well. */
  readonly status: number;
  /** Everything that the tools said, in the order in which it came. */
  readonly output: string;
}

/** The exit status that a shell reports for a process that Ctrl-C ended. */
const INTERRUPTED = 130;

/** The tools write to a pipe and would leave out their colours, although a terminal shows their output in the end. */
const wantsColor = process.stderr.isTTY && process.env.NO_COLOR === undefined;

/**
 * Wrangler says only what is wrong and reports its use to nobody. Whatever NODE_ENV the caller has, the output is for
 * use: Vite would build other pages for a test, and the stamp would call them up to date.
 */
const environment = {
  NODE_ENV: 'production',
  WRANGLER_LOG: 'warn',
  WRANGLER_SEND_METRICS: 'false',
  ...(wantsColor ? { FORCE_COLOR: '1' } : {}),
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
