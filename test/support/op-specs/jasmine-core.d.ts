/** What is used here of jasmine-core, which brings no types. */
declare module 'jasmine-core' {
  export interface SpecResult {
    readonly fullName: string;
    readonly status: 'passed' | 'failed' | 'pending' | 'excluded';
    readonly failedExpectations: readonly { readonly message: string }[];
  }

  interface Env {
    configure(settings: { readonly random: boolean }): void;
    addReporter(reporter: { specDone(result: SpecResult): void }): void;
    /** Runs all specs that were described until now. */
    execute(): Promise<unknown>;
  }

  interface Jasmine {
    DEFAULT_TIMEOUT_INTERVAL: number;
    getEnv(): Env;
  }

  /** `describe`, `it`, `expect` and so on. */
  export type JasmineGlobals = Readonly<Record<string, unknown>> & {
    readonly jasmine: Jasmine;
    describe(name: string, describeSpecs: () => void): unknown;
  };

  const jasmineCore: { noGlobals(): JasmineGlobals };
  export default jasmineCore;
}
