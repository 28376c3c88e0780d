/** A tool refused what it was given. Its own output says why and has been shown. */
export class BuildFailure extends Error {
  override readonly name = 'BuildFailure';
  /** The tool's exit status. */
  readonly status: number;

  constructor(makes: string, status: number) {
    super(`the ${makes} could not be built`);
    this.status = status;
  }
}
