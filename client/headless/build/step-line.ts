/** The part of `process.stderr` that a line needs. */
export interface LineStream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

const CLEAR_LINE = '\r\x1b[2K';

/** Tells what a step does while it does it. */
export interface StepLine {
  done(): void;
  failed(): void;
}

/**
 * Tells that a step has begun. On a terminal this is one line, which counts the seconds and in the end says how long the
 * step took. In a log there are two lines, because a slow machine takes minutes and somebody waits.
 */
export function tellStep(makes: string, place: string, stream: LineStream): StepLine {
  const begun = Date.now();
  const seconds = (): number => (Date.now() - begun) / 1_000;
  const doing = `Building the ${makes} (${place})…`;
  const tick = (): void => void stream.write(`${CLEAR_LINE}${doing} ${seconds().toFixed(0)} s`);
  const timer = stream.isTTY ? setInterval(tick, 1_000) : undefined;
  stream.write(stream.isTTY ? doing : `${doing}\n`);
  const end = (text: string): void => {
    clearInterval(timer);
    stream.write(`${stream.isTTY ? CLEAR_LINE : ''}${text}\n`);
  };
  return {
    done: () => end(`Built the ${makes} in ${seconds().toFixed(1)} s`),
    failed: () => end(`The ${makes} could not be built:`),
  };
}
