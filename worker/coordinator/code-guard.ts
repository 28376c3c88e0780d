/** A code of four characters is read out in class in seconds and would be guessed in minutes. */
const WRONG_A_MINUTE = 20;
const MINUTE_MS = 60_000;

/**
 * Counts wrong join codes. In memory: a write for every guess would cost more than the guess, and who lets the object
 * sleep to have the count forgotten waits ten seconds for each twenty guesses.
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
