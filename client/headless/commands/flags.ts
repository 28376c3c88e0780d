import { InvalidArgumentError, Option } from 'commander';

/** A whole number within bounds, for commander. */
export const integerFlag =
  (least: number, most: number) =>
  (text: string): number => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It takes a whole number from ${least} to ${most}.`);
  };

export const choiceFlag = (
  flags: string,
  description: string,
  choices: readonly string[],
  standard: string,
): Option => new Option(flags, description).choices([...choices]).default(standard);

/** A signal that Ctrl-C aborts; a second Ctrl-C ends the process the hard way. */
export function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => controller.abort());
  return controller.signal;
}
