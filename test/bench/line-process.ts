import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import * as z from 'zod';

/** What a child replies to a request: an object, which has `error` if the request failed. */
const replySchema = z.union([z.object({ error: z.string() }), z.record(z.string(), z.unknown())]);
type Reply = z.infer<typeof replySchema>;

/** How many of the last lines on standard error are kept, to say why a child ended. */
const KEPT_ERROR_LINES = 20;

interface Waiting {
  resolve(reply: Readonly<Record<string, unknown>>): void;
  reject(error: Error): void;
}

/**
 * A child process that replies to one JSON line with one JSON line, one request at a time. It ends at the end of its
 * input, so it does not outlive this process.
 */
export class LineProcess {
  private readonly child: ChildProcess;
  private readonly errors: string[] = [];
  private waiting: Waiting | null = null;
  private ended: string | null = null;

  constructor(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    this.child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
    this.child.on('error', error => this.end(error.message));
    this.child.on('close', (code, signal) => this.end(`it ended (${signal ?? `exit ${code}`})`));
    // A request to a child that has just died; 'close' reports it.
    this.child.stdin?.on('error', () => {});
    if (this.child.stdout) createInterface(this.child.stdout).on('line', line => this.receive(line));
    if (this.child.stderr) createInterface(this.child.stderr).on('line', line => this.keepError(line));
  }

  /** @throws with the child's reason; if it ended, with its last line of standard error */
  request(message: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, unknown>>> {
    if (this.waiting) throw new Error('a child takes one request at a time');
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      if (this.ended !== null) this.end(this.ended);
      else this.child.stdin?.write(`${JSON.stringify(message)}\n`);
    });
  }

  close(): void {
    this.child.kill();
  }

  private receive(line: string): void {
    const reply = parseReply(line);
    const waiting = this.waiting;
    // Libraries print what they like to standard output.
    if (!reply || !waiting) {
      this.keepError(line);
      return;
    }
    this.waiting = null;
    if (typeof reply.error === 'string') waiting.reject(new Error(reply.error));
    else waiting.resolve(reply);
  }

  private keepError(line: string): void {
    if (line.trim() === '') return;
    this.errors.push(line.trim());
    if (this.errors.length > KEPT_ERROR_LINES) this.errors.shift();
  }

  private end(how: string): void {
    const said = this.errors.findLast(line => /error/i.test(line)) ?? this.errors.at(-1);
    this.ended ??= said === undefined ? how : `${how}: ${said}`;
    this.waiting?.reject(new Error(this.ended));
    this.waiting = null;
  }
}

function parseReply(line: string): Reply | null {
  if (!line.startsWith('{')) return null;
  try {
    return replySchema.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}
