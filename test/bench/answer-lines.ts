import { createInterface } from 'node:readline';
import { errorText } from '../../shared/protocol/error-text.ts';

/**
 * The child's part of `LineProcess`: replies to each JSON line with one, until the parent says no more. Then the process
 * ends. What is thrown is the reply's `error`.
 */
export async function answerLines(replyTo: (request: unknown) => Promise<object>): Promise<never> {
  const reply = async (line: string): Promise<object> => {
    try {
      return await replyTo(JSON.parse(line));
    } catch (error) {
      return { error: errorText(error) };
    }
  };
  for await (const line of createInterface(process.stdin))
    process.stdout.write(`${JSON.stringify(await reply(line))}\n`);
  // Threads of the WASM backend would keep the process alive.
  process.exit(0);
}
