/** A tool has failed. Its output says why and has been shown already. */
export class BuildFailure extends Error {
  override readonly name = 'BuildFailure';
  /** The tool's exit status. */
  readonly status: number;

  constructor(makes: string, status: number) {
    super(`the ${makes} could not be built`);
    this.status = status;
  }
}
