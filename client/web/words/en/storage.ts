export const storage = {
  inObjects: (space: string, rows: string, bytes: string, rounds: string) =>
    `The account of this platform has no R2, so all data lie in Durable Objects. On Cloudflare’s free plan these hold ${space} in all, and take ${rows} rows a day: about ${bytes} that come and go, or ${rounds} rounds of a small network. Nothing expires by itself, so delete the runs that are over.`,
};
export type StorageWords = Readonly<typeof storage>;
