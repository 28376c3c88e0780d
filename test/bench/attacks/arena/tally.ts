/** How many answers of one kind of volunteers were sent, and how many of them were refused. */
export class Tally {
  private sent = 0;
  private refused = 0;

  count(isTaken: boolean): void {
    this.sent += 1;
    if (!isTaken) this.refused += 1;
  }

  /** One that was taken is refused after all. */
  refuse(): void {
    this.refused += 1;
  }

  /** Null if none was sent. */
  get refusedShare(): number | null {
    return this.sent === 0 ? null : this.refused / this.sent;
  }
}
