/** What a network is taken away as: everything in a zip, or its weights alone. */
export type DownloadKind = 'zip' | 'safetensors';

export interface MadeDownload {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** What is wrong with this version as a whole network, in words for its owner; null if nothing is. */
  readonly warning: string | null;
}

/** A thread that fetches a version and packs it, so that the page goes on. */
export interface DownloadApi {
  /**
   * @param onProgress told how many files are here, and of how many
   * @throws ExportRefusal, as `exportRun` does; RefusedError, `not-found`, if the version is not kept. Both cross as errors
   *   of that name
   */
  make(
    run: string,
    version: number,
    kind: DownloadKind,
    onProgress: (done: number, total: number) => void,
  ): Promise<MadeDownload>;
}
