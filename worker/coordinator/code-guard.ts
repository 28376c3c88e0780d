/** A class mistypes a few; a code of four characters would be guessed in minutes without a limit. */
const WRONG_A_MINUTE = 20;
const MINUTE_MS = 60_000;

/**
 * Counts wrong join codes. In memory: a write for every guess would cost more than the guess, and who waits for the
 * object to sleep and forget has twenty guesses for each ten seconds in which nobody else may call.
 */
export class CodeGuard {
  private wrong = 0;
  private endsAt = 0;

  /** Whether nobody's code is looked at any more until the minute is over, the right one no more than others. */
  isClosed(now: number): boolean {
    return now < this.endsAt && this.wrong >= WRONG_A_MINUTE;
  }

  /** The minute begins with the first wrong code. */
  countWrong(now: number): void {
    if (now >= this.endsAt) {
      this.wrong = 0;
      this.endsAt = now + MINUTE_MS;
    }
    this.wrong += 1;
  }
}
